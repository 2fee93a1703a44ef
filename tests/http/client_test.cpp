#include "scripted_peer.hpp"

namespace motionspool::http {
namespace {

const std::string hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

struct Collector final : Sink {
    std::size_t capacity = 1u << 30;
    std::string taken;
    bool begin(const Response&) override { return true; }
    bool write(std::span<const char> piece) override {
        taken.append(piece.data(), piece.size());
        return taken.size() <= capacity;
    }
};

TEST_CASE("a request arrives as it should, and its answer is handed back") {
    std::string heard;
    const auto script = [&](tcp::socket& socket, int) -> asio::awaitable<void> {
        heard = co_await hear_head(socket);
        co_await say(socket, "HTTP/1.1 200 OK\r\nX-One: 1\r\nContent-Length: 5\r\n\r\nhello");
    };
    const Request request{.method = "POST", .target = "/a?b", .headers = {{"X", "y"}}, .body = "body"};
    const auto outcome = exchange_with(script, request);
    REQUIRE(std::holds_alternative<Response>(outcome));
    const auto& answer = std::get<Response>(outcome);
    CHECK(answer.status == 200);
    CHECK(answer.body == "hello");
    CHECK(find(answer.headers, "x-one") == "1");
    CHECK(heard.starts_with("POST /a?b HTTP/1.1\r\nHost: 127.0.0.1:"));
    CHECK(contains(heard, "\r\nUser-Agent: test/1\r\n"));
    CHECK(contains(heard, "\r\nConnection: close\r\n"));
    CHECK(heard.ends_with("\r\n\r\nbody"));
}

TEST_CASE("a large text body arrives whole") {
    std::size_t heard = 0;
    const std::string body(300'000, 'x');
    const auto script = [&](tcp::socket& socket, int) -> asio::awaitable<void> {
        auto head = co_await hear_head(socket);
        heard = head.size() - head.find("\r\n\r\n") - 4;
        std::string rest(body.size() - heard, '\0');
        const auto more = co_await asio::async_read(socket, asio::buffer(rest), asio::use_awaitable);
        heard += more;
        co_await say(socket, hello);
    };
    const auto outcome = exchange_with(script, Request{.method = "POST", .body = body});
    CHECK(std::holds_alternative<Response>(outcome));
    CHECK(heard == body.size());
}

TEST_CASE("a 100 and a 103 are read past") {
    const auto outcome = exchange_hearing("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" + hello);
    REQUIRE(std::holds_alternative<Response>(outcome));
    CHECK(std::get<Response>(outcome).body == "hello");
}

TEST_CASE("an answer that is cut, endless, too long or nonsense is a failure that says so") {
    struct Row {
        std::string answer, text;
        std::optional<int> status;
        std::string body{};  ///< what had arrived of it
    };
    const std::vector<Row> table{
        {"", "the connection was closed without an answer", {}},
        {"HTTP/1.1 200 OK\r\nContent-Le", "closed before the answer was complete", 200},
        {"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello", "closed before the answer was complete", 200, "hello"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "closed before the answer was complete", 200, "hello"},
        {"HTTP/1.1 502 Bad\r\n\r\nhello", "neither a length nor chunks", 502, "hello"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", "longer than the 100 bytes", 200},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n" + std::string(255, 'x'), "longer than the 100 bytes", 200},
        {"220 mail.example.com ESMTP\r\n\r\n", "no proper HTTP answer", {}},
        {"HTTP/1.1 200 OK\r\nX: " + std::string(40'000, 'x'), "head", 200},
    };
    for (const auto& row : table) {
        CAPTURE(row.answer);
        const auto outcome = exchange_hearing(row.answer, Limits{.body = 100});
        REQUIRE(std::holds_alternative<Failure>(outcome));
        const auto& failure = std::get<Failure>(outcome);
        CAPTURE(failure.text);
        CHECK(failure.step == Failure::Step::read);
        CHECK(contains(failure.text, row.text));
        CHECK(failure.text.starts_with("127.0.0.1:"));
        CHECK(failure.bytes_written > 50);
        CHECK_FALSE(failure.timed_out);
        CHECK(failure.status == row.status);
        CHECK(failure.begun.status == row.status.value_or(0));
        CHECK(failure.begun.body.starts_with(row.body));
    }
}

TEST_CASE("a peer that has gone before the first byte is found out, and nothing was written") {
    for (const bool by_reset : {false, true}) {
        const auto script = [by_reset](tcp::socket& socket, int) -> asio::awaitable<void> {
            if (by_reset) reset(socket);
            co_return;
        };
        const auto outcome = exchange_with(script, {}, {}, nullptr, 5ms);
        REQUIRE(std::holds_alternative<Failure>(outcome));
        CHECK(std::get<Failure>(outcome).step == Failure::Step::write);
        CHECK(std::get<Failure>(outcome).bytes_written == 0);
        CHECK(contains(std::get<Failure>(outcome).text, "closed the connection before the request was sent"));
    }
}

TEST_CASE("an answer nobody asked for is not taken for one") {
    const auto script = [](tcp::socket& socket, int) -> asio::awaitable<void> {
        co_await say(socket, hello);
        co_await hear_all(socket);
    };
    const auto outcome = exchange_with(script, {}, {}, nullptr, 5ms);
    REQUIRE(std::holds_alternative<Failure>(outcome));
    CHECK(std::get<Failure>(outcome).bytes_written == 0);
    CHECK(contains(std::get<Failure>(outcome).text, "spoke before it was asked"));
}

TEST_CASE("a reset in the middle of an answer is a failure with the status that arrived") {
    const auto script = [](tcp::socket& socket, int) -> asio::awaitable<void> {
        co_await hear_head(socket);
        co_await say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel");
        co_await pause(5ms);
        reset(socket);
    };
    const auto outcome = exchange_with(script);
    REQUIRE(std::holds_alternative<Failure>(outcome));
    CHECK(std::get<Failure>(outcome).step == Failure::Step::read);
    CHECK(std::get<Failure>(outcome).status == 200);
    CHECK(contains(std::get<Failure>(outcome).text, "reset before the answer was complete"));
}

TEST_CASE("a request that cannot be sent as it is leaves nothing behind") {
    const auto outcome = exchange_with([](tcp::socket& socket, int) -> asio::awaitable<void> { co_await hear_all(socket); }, Request{.target = "/\r\nX: y"});
    REQUIRE(std::holds_alternative<Failure>(outcome));
    CHECK(std::get<Failure>(outcome).step == Failure::Step::write);
    CHECK(std::get<Failure>(outcome).bytes_written == 0);
}

TEST_CASE("a sink takes a body far beyond the limit for texts") {
    Collector sink;
    const std::string body(1'000'000, 'x');
    const auto outcome = exchange_hearing("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + body, Limits{.body = 10}, &sink);
    REQUIRE(std::holds_alternative<Response>(outcome));
    CHECK(std::get<Response>(outcome).body.empty());
    CHECK(sink.taken == body);
}

TEST_CASE("a sink that gives up ends the exchange") {
    Collector sink;
    sink.capacity = 3;
    const auto outcome = exchange_hearing(hello, {}, &sink);
    REQUIRE(std::holds_alternative<Failure>(outcome));
    CHECK(std::get<Failure>(outcome).step == Failure::Step::read);
    CHECK(std::get<Failure>(outcome).text == "refused by the receiver");
}

TEST_CASE("a line is good for one exchange") {
    asio::io_context io;
    ScriptedPeer peer{io, [](tcp::socket& socket, int) -> asio::awaitable<void> { co_await hear_all(socket); }};
    const auto twice = [&]() -> asio::awaitable<void> {
        const StopAtEnd<ScriptedPeer> stop{peer};
        const auto client = make_client(io.get_executor(), test_client());
        const auto origin = peer.origin();
        auto connected = co_await client->connect(origin, Reach::anywhere, 1000ms);
        auto& line = std::get<std::unique_ptr<Line>>(connected);
        const Request request;
        const Limits short_limits{.total = 1ms};
        co_await line->exchange(request, short_limits);
        co_await line->exchange(request, short_limits);
    };
    CHECK_THROWS_AS(test::run(io, twice()), std::logic_error);
}

}  // namespace
}  // namespace motionspool::http
