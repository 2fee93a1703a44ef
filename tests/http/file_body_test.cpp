#include "scripted_peer.hpp"

namespace motionspool::http {
namespace {

const std::string hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

std::string noise(std::size_t length) {
    std::string text(length, '\0');
    unsigned state = 1;
    for (char& c : text) c = static_cast<char>((state = state * 1'103'515'245u + 12'345u) >> 16);
    return text;
}

TEST_CASE("a file is sent between its texts, and every piece is shown") {
    const std::string content = noise(300'001);
    std::string heard, seen;
    const auto script = [&](tcp::socket& socket, int) -> asio::awaitable<void> {
        heard = co_await hear_head(socket);
        heard.erase(0, heard.find("\r\n\r\n") + 4);
        std::string rest(content.size() + 10 - heard.size(), '\0');
        co_await asio::async_read(socket, asio::buffer(rest), asio::use_awaitable);
        heard += rest;
        co_await say(socket, hello);
    };
    FileBody body{.before = "before", .file = file_with(content), .size = content.size(), .after = "rear", .seen = {}};
    body.seen = [&](std::span<const char> piece) { seen.append(piece.data(), piece.size()); };
    const auto outcome = exchange_with(script, Request{.method = "POST", .body = body});
    CHECK(std::holds_alternative<Response>(outcome));
    CHECK(heard == "before" + content + "rear");
    CHECK(seen == content);
}

TEST_CASE("a file that ends too soon is a failure of the write") {
    const auto script = [](tcp::socket& socket, int) -> asio::awaitable<void> { co_await hear_all(socket); };
    const FileBody body{.before = "", .file = file_with("short"), .size = 100, .after = "", .seen = {}};
    const auto outcome = exchange_with(script, Request{.method = "POST", .body = body});
    REQUIRE(std::holds_alternative<Failure>(outcome));
    CHECK(std::get<Failure>(outcome).step == Failure::Step::write);
    CHECK(contains(std::get<Failure>(outcome).text, "ends after 5 of 100 bytes"));
    CHECK(std::get<Failure>(outcome).bytes_written > 5);
}

TEST_CASE("an answer that comes while the body is still being sent is taken") {
    const std::string content(20'000'000, 'x');
    const auto script = [](tcp::socket& socket, int) -> asio::awaitable<void> {
        co_await hear_head(socket);
        co_await say(socket, "HTTP/1.1 413 Content Too Large\r\nContent-Length: 4\r\nConnection: close\r\n\r\nlong");
        co_await pause(10ms);
    };
    const FileBody body{.before = "", .file = file_with(content), .size = content.size(), .after = "", .seen = {}};
    const auto outcome = exchange_with(script, Request{.method = "POST", .body = body});
    REQUIRE(std::holds_alternative<Response>(outcome));
    CHECK(std::get<Response>(outcome).status == 413);
    CHECK(std::get<Response>(outcome).body == "long");
}

TEST_CASE("an answer is taken from a server that has stopped reading but does not hang up") {
    const std::string content(20'000'000, 'x');
    const auto script = [](tcp::socket& socket, int) -> asio::awaitable<void> {
        co_await hear_head(socket);
        co_await say(socket, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        co_await pause(10s);
    };
    const FileBody body{.before = "", .file = file_with(content), .size = content.size(), .after = "", .seen = {}};
    const auto outcome = exchange_with(script, Request{.method = "POST", .body = body}, Limits{.idle = 20ms});
    REQUIRE(std::holds_alternative<Response>(outcome));
    CHECK(std::get<Response>(outcome).status == 403);
}

TEST_CASE("a connection that breaks while the body is sent is a failure of the write that counts what was sent") {
    const std::string content(20'000'000, 'x');
    const auto script = [](tcp::socket& socket, int) -> asio::awaitable<void> {
        co_await hear_head(socket);
        reset(socket);
    };
    const FileBody body{.before = "", .file = file_with(content), .size = content.size(), .after = "", .seen = {}};
    const auto outcome = exchange_with(script, Request{.method = "POST", .body = body});
    REQUIRE(std::holds_alternative<Failure>(outcome));
    CHECK(std::get<Failure>(outcome).step == Failure::Step::write);
    CHECK(std::get<Failure>(outcome).bytes_written > 100);
    CHECK(std::get<Failure>(outcome).bytes_written < content.size());
    CHECK_FALSE(std::get<Failure>(outcome).timed_out);
}

}  // namespace
}  // namespace motionspool::http
