#include "scripted_peer.hpp"

namespace motionspool::http {
namespace {

const std::string hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

asio::awaitable<void> answer_for_ever(tcp::socket& socket, int) {
    for (;;) {
        co_await hear_head(socket);
        co_await say(socket, hello);
    }
}

/// Sends `times` GETs, one after the other, a pause between.
asio::awaitable<std::vector<Exchange>> send_all(ScriptedPeer& peer, ClientOptions options, Request request, int times, std::chrono::milliseconds between) {
    const StopAtEnd<ScriptedPeer> stop{peer};
    const auto executor = co_await asio::this_coro::executor;
    const auto client = make_client(executor, options);
    const auto origin = peer.origin();
    const Limits limits;
    std::vector<Exchange> outcomes;
    for (int i = 0; i < times; i++) {
        auto outcome = co_await client->send(origin, request, limits);
        outcomes.push_back(std::move(outcome));
        if (between > 0ms) co_await pause(between);
    }
    co_return outcomes;
}

struct Seen {
    std::vector<Exchange> outcomes;
    int connections = 0;
    int answered() const {
        return static_cast<int>(std::ranges::count_if(outcomes, [](const Exchange& outcome) { return std::holds_alternative<Response>(outcome); }));
    }
};

Seen send_times(int times, ScriptedPeer::Script script, ClientOptions options = test_client(), std::chrono::milliseconds between = 0ms, Request request = {}) {
    asio::io_context io;
    ScriptedPeer peer{io, std::move(script)};
    auto outcomes = test::run(io, send_all(peer, std::move(options), std::move(request), times, between));
    return Seen{std::move(outcomes), peer.connections()};
}

TEST_CASE("a connection that is kept alive is used again") {
    const auto seen = send_times(5, answer_for_ever);
    CHECK(seen.answered() == 5);
    CHECK(seen.connections == 1);
}

TEST_CASE("a kept-alive request does not ask for a close") {
    std::string heard;
    const auto script = [&](tcp::socket& socket, int) -> asio::awaitable<void> {
        heard = co_await hear_head(socket);
        co_await say(socket, hello);
    };
    CHECK(send_times(1, script).answered() == 1);
    CHECK_FALSE(contains(heard, "Connection:"));
}

TEST_CASE("a connection is not used again after a close, an unfinished exchange, or too long a rest") {
    const auto closes = [](tcp::socket& socket, int) -> asio::awaitable<void> {
        co_await hear_head(socket);
        co_await say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
        co_await hear_all(socket);
    };
    CHECK(send_times(3, closes).connections == 3);
    const auto says_more = [](tcp::socket& socket, int) -> asio::awaitable<void> {
        co_await hear_head(socket);
        co_await say(socket, hello + "HTTP/1.1 200 OK\r\n");
        co_await hear_all(socket);
    };
    CHECK(send_times(3, says_more).connections == 3);
    ClientOptions restless = test_client();
    restless.keep_alive = 2ms;
    CHECK(send_times(3, answer_for_ever, restless, 5ms).connections == 3);
    ClientOptions without = test_client();
    without.idle_lines = 0;
    CHECK(send_times(3, answer_for_ever, without).connections == 3);
}

TEST_CASE("a connection the server closed while it rested is noticed before anything is sent") {
    const auto script = [](tcp::socket& socket, int) -> asio::awaitable<void> {
        co_await hear_head(socket);
        co_await say(socket, hello);
    };
    const auto seen = send_times(3, script, test_client(), 5ms);
    CHECK(seen.answered() == 3);
    CHECK(seen.connections == 3);
}

TEST_CASE("a connection that breaks just when it is used again is replaced once") {
    const auto script = [](tcp::socket& socket, int number) -> asio::awaitable<void> {
        co_await hear_head(socket);
        co_await say(socket, hello);
        co_await hear_head(socket);
        if (number > 1) co_await say(socket, hello);
    };
    const auto seen = send_times(2, script);
    CHECK(seen.answered() == 2);
    CHECK(seen.connections == 2);
}

TEST_CASE("a fresh connection that breaks is not replaced, nor one that broke within an answer") {
    const auto breaks = [](tcp::socket& socket, int) -> asio::awaitable<void> { co_await hear_head(socket); };
    CHECK(send_times(1, breaks).connections == 1);
    CHECK(send_times(1, breaks).answered() == 0);
    const auto breaks_within = [](tcp::socket& socket, int) -> asio::awaitable<void> {
        co_await hear_head(socket);
        co_await say(socket, hello);
        co_await hear_head(socket);
        co_await say(socket, "HTTP/1.1 2");
    };
    const auto seen = send_times(2, breaks_within);
    CHECK(seen.answered() == 1);
    CHECK(seen.connections == 1);
}

TEST_CASE("a file that was shown to somebody is not sent twice behind his back") {
    const auto script = [](tcp::socket& socket, int) -> asio::awaitable<void> {
        co_await hear_head(socket);
        co_await say(socket, hello);
        co_await hear_head(socket);
    };
    std::string shown;
    FileBody body{.before = "", .file = file_with("file"), .size = 4, .after = "", .seen = {}};
    body.seen = [&](std::span<const char> piece) { shown.append(piece.data(), piece.size()); };
    const auto seen = send_times(2, script, test_client(), 0ms, Request{.method = "POST", .body = body});
    CHECK(seen.answered() == 1);
    CHECK(seen.connections == 1);
    CHECK(shown == "filefile");
}

TEST_CASE("a kept-alive connection does not lead to where only public addresses may be reached") {
    asio::io_context io;
    ScriptedPeer peer{io, answer_for_ever};
    const auto twice = [&]() -> asio::awaitable<Exchange> {
        const StopAtEnd<ScriptedPeer> stop{peer};
        const auto client = make_client(io.get_executor(), test_client());
        const auto origin = peer.origin();
        const Request request;
        const Limits limits;
        co_await client->send(origin, request, limits);
        co_return co_await client->send(origin, request, limits, nullptr, Reach::global_only);
    };
    const auto outcome = test::run(io, twice());
    REQUIRE(std::holds_alternative<Failure>(outcome));
    CHECK(std::get<Failure>(outcome).step == Failure::Step::connect);
}

}  // namespace
}  // namespace motionspool::http
