#include "http/server.hpp"
#include "scripted_peer.hpp"

namespace motionspool::http {
namespace {

/// A server on a free port of this machine, running until stopped.
struct Running {
    asio::io_context& io;
    std::unique_ptr<Server> server;
    TaskGroup group{io.get_executor()};
    std::vector<std::string> errors;

    Running(asio::io_context& loop, Handler handler, ServerOptions options = {}, const std::string& where = "127.0.0.1:0") : io{loop} {
        options.on_error = [this](const std::string& text) { errors.push_back(text); };
        server = std::move(listen(io.get_executor(), where, std::move(options), std::move(handler)).value());
        group.spawn(server->serve());
    }
    void stop() { group.cancel(); }
    Origin origin() const { return parse_url("http://" + server->listening_on()).value().origin; }
    tcp::endpoint endpoint() const { return {asio::ip::make_address("127.0.0.1"), origin().port}; }
};

asio::awaitable<Reply> echo(Request request, Peer) {
    Reply reply{.cut_body_after = {}};
    reply.headers.push_back({"X-Method", request.method});
    reply.body = request.target + " " + std::get<std::string>(request.body);
    co_return reply;
}

/// Sends raw bytes and hears everything up to the end of the connection.
asio::awaitable<std::string> converse(Running& running, std::vector<std::string> texts, std::chrono::milliseconds between = 0ms) {
    const StopAtEnd<Running> stop{running};
    tcp::socket socket{running.io};
    const auto endpoint = running.endpoint();
    co_await socket.async_connect(endpoint, asio::use_awaitable);
    for (const auto& text : texts) {
        co_await say(socket, text);
        if (between > 0ms) co_await pause(between);
    }
    co_return co_await hear_all(socket);
}

std::string raw(std::vector<std::string> texts, ServerOptions options = {}, Handler handler = echo, std::chrono::milliseconds between = 0ms) {
    asio::io_context io;
    Running running{io, std::move(handler), std::move(options)};
    return test::run(io, converse(running, std::move(texts), between));
}

TEST_CASE("a request is answered") {
    CHECK(raw({"GET /a?b HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"}) ==
          "HTTP/1.1 200 OK\r\nX-Method: GET\r\nContent-Length: 5\r\nConnection: close\r\n\r\n/a?b ");
}

TEST_CASE("requests on one connection are answered one after the other") {
    const auto heard =
        raw({"POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\naPOST /2 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nb\r\n0\r\n\r\n",
             "GET /3 HTTP/1.0\r\nHost: h\r\n\r\n"});
    CHECK(contains(heard, "/1 aHTTP/1.1"));
    CHECK(contains(heard, "/2 bHTTP/1.1"));
    CHECK(heard.ends_with("Connection: close\r\n\r\n/3 "));
}

TEST_CASE("without keep-alive a connection ends after its answer") {
    CHECK(raw({"GET / HTTP/1.1\r\nHost: h\r\n\r\n"}, ServerOptions{.keep_alive = false}).ends_with("Connection: close\r\n\r\n/ "));
}

TEST_CASE("HEAD is answered with the body's length and without the body") {
    const auto heard = raw({"HEAD /abc HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"});
    CHECK(contains(heard, "X-Method: HEAD\r\nContent-Length: 5\r\n"));
    CHECK(heard.ends_with("\r\n\r\n"));
}

TEST_CASE("requests that are not proper are refused with their status, and the connection ends") {
    struct Row {
        std::string bytes;
        std::string status;
    };
    const std::vector<Row> table{
        {"GET / HTTP/1.1\r\n\r\n", "400"},
        {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400"},
        {"GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n fold\r\n\r\n", "400"},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nContent-Length: 1\r\n\r\na", "400"},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\na", "400"},
        {"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", "400"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n", "413"},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n" + std::string(101, 'x') + "\r\n0\r\n\r\n", "413"},
        {"GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(2000, 'x') + "\r\n\r\n", "431"},
        {"GET / HTTP/1.1\r\nX: " + std::string(2000, 'x'), "431"},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505"},
        {"\x16\x03\x01\x02\x01", "400"},
    };
    for (const auto& row : table) {
        CAPTURE(row.bytes);
        const auto heard = raw({row.bytes}, ServerOptions{.body = 100, .header = 1000});
        CHECK(heard.starts_with("HTTP/1.1 " + row.status + " "));
        CHECK(contains(heard, "\r\nConnection: close\r\n"));
    }
}

TEST_CASE("a client is told to go on only if its body is wanted") {
    const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: ";
    CHECK(raw({head + "2\r\n\r\n", "ab"}, {}, echo, 5ms).starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"));
    CHECK(raw({head + "200\r\n\r\n"}, ServerOptions{.body = 100}).starts_with("HTTP/1.1 413 "));
}

TEST_CASE("a head can be refused before its body") {
    ServerOptions options;
    options.admit = [](const Request& head) -> std::optional<Reply> {
        if (head.target == "/in") return std::nullopt;
        return Reply{.status = 404, .headers = {}, .body = "nothing here", .cut_body_after = {}};
    };
    const auto refused = raw({"POST /out HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + std::string(1000, 'x')}, options);
    CHECK(refused.starts_with("HTTP/1.1 404 Not Found\r\n"));
    CHECK(contains(refused, "Connection: close"));
    CHECK(refused.ends_with("nothing here"));
    CHECK(raw({"GET /in HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"}, options).starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("a head that takes too long is answered 408, an idle connection just ends") {
    const ServerOptions options{.head_limit = 20ms};
    CHECK(raw({"GET / HT"}, options).starts_with("HTTP/1.1 408 "));
    CHECK(raw({}, options).empty());
    const auto slow = raw({"G", "E", "T", " ", "/", " ", "H", "T", "T", "P"}, options, echo, 5ms);
    CHECK((slow.empty() || slow.starts_with("HTTP/1.1 408 ")));
    CHECK(raw({"GET / HTTP/1.1\r\nHost: h\r\n\r\n"}, options).ends_with("keep-alive\r\n\r\n/ "));
}

TEST_CASE("a body that takes too long is answered 408") {
    CHECK(raw({"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab"}, ServerOptions{.body_limit = 20ms}).starts_with("HTTP/1.1 408 "));
}

TEST_CASE("a handler that throws is answered 500, and what it threw is reported without the request's path") {
    asio::io_context io;
    Running running{io, [](Request, Peer) -> asio::awaitable<Reply> {
                        throw std::runtime_error("the disk is on fire");
                        co_return Reply{};
                    }};
    CHECK(test::run(io, converse(running, {"GET /secret HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"})).starts_with("HTTP/1.1 500 "));
    REQUIRE(running.errors.size() == 1);
    CHECK(contains(running.errors[0], "the disk is on fire"));
    CHECK_FALSE(contains(running.errors[0], "secret"));
}

TEST_CASE("an answer that cannot be sent as it is becomes a 500") {
    const auto handler = [](Request, Peer) -> asio::awaitable<Reply> { co_return Reply{.headers = {{"X", "a\r\nY: b"}}, .cut_body_after = {}}; };
    const auto heard = raw({"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"}, {}, handler);
    CHECK(heard.starts_with("HTTP/1.1 500 "));
    CHECK_FALSE(contains(heard, "Y: b"));
}

TEST_CASE("a file is answered between its texts") {
    const std::string content(300'000, 'x');
    const auto file = file_with(content);
    const auto handler = [&](Request, Peer) -> asio::awaitable<Reply> {
        FileBody body{.before = "<", .file = file, .size = content.size(), .after = ">", .seen = {}};
        co_return Reply{.headers = {}, .body = std::move(body), .cut_body_after = {}};
    };
    const auto heard = raw({"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"}, {}, handler);
    CHECK(contains(heard, "Content-Length: 300002\r\n"));
    CHECK(heard.ends_with("\r\n\r\n<" + content + ">"));
}

TEST_CASE("a file that ends too soon breaks the connection instead of pretending") {
    const auto file = file_with("short");
    const auto handler = [&](Request, Peer) -> asio::awaitable<Reply> {
        FileBody body{.before = "", .file = file, .size = 100, .after = "", .seen = {}};
        co_return Reply{.headers = {}, .body = std::move(body), .cut_body_after = {}};
    };
    CHECK_FALSE(contains(raw({"GET / HTTP/1.1\r\nHost: h\r\n\r\n"}, {}, handler), "keep-alive\r\n\r\nshortHTTP"));
}

/// What our own client makes of a reply that misbehaves.
Exchange misbehave(Reply reply) {
    asio::io_context io;
    Running running{io, [&](Request, Peer) -> asio::awaitable<Reply> { co_return reply; }};
    const auto attempt = [&]() -> asio::awaitable<Exchange> {
        const StopAtEnd<Running> stop{running};
        const auto client = make_client(io.get_executor(), test_client());
        const auto origin = running.origin();
        const Request request;
        const Limits limits;
        co_return co_await client->send(origin, request, limits);
    };
    return test::run(io, attempt());
}

TEST_CASE("an answer can be cut on purpose, after exactly so many bytes") {
    for (const std::uint64_t cut : {std::uint64_t{0}, std::uint64_t{3}, std::uint64_t{50'000}}) {
        const auto outcome = misbehave(Reply{.headers = {}, .body = std::string(100'000, 'x'), .cut_body_after = cut});
        REQUIRE(std::holds_alternative<Failure>(outcome));
        CHECK(std::get<Failure>(outcome).status == 200);
        CHECK(std::get<Failure>(outcome).step == Failure::Step::read);
        CHECK(contains(std::get<Failure>(outcome).text, "reset before the answer was complete"));
    }
    const auto handler = [](Request, Peer) -> asio::awaitable<Reply> {
        co_return Reply{.headers = {}, .body = std::string(100'000, 'x'), .cut_body_after = 50'000};
    };
    CHECK(raw({"GET / HTTP/1.1\r\nHost: h\r\n\r\n"}, {}, handler).ends_with("\r\n\r\n" + std::string(50'000, 'x')));
}

TEST_CASE("an answer can be withheld on purpose") {
    const auto outcome = misbehave(Reply{.headers = {}, .cut_body_after = {}, .no_answer = true});
    REQUIRE(std::holds_alternative<Failure>(outcome));
    CHECK_FALSE(std::get<Failure>(outcome).status.has_value());
    CHECK(contains(std::get<Failure>(outcome).text, "reset without an answer"));
}

}  // namespace
}  // namespace motionspool::http
