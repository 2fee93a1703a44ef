#include <sys/resource.h>
#include <sys/stat.h>
#include <boost/asio/local/stream_protocol.hpp>
#include <ctime>
#include "http/server.hpp"
#include "scripted_peer.hpp"
#include "support/temp_folder.hpp"

namespace motionspool::http {
namespace {

using Local = asio::local::stream_protocol;

asio::awaitable<Reply> say_who(Request, Peer peer) { co_return Reply{.headers = {}, .body = peer.address, .cut_body_after = {}}; }

std::unique_ptr<Server> started(asio::io_context& io, const std::string& where, ServerOptions options = {}, Handler handler = say_who) {
    return std::move(listen(io.get_executor(), where, std::move(options), std::move(handler)).value());
}

tcp::endpoint endpoint_of(const Server& server) { return {asio::ip::address_v4::loopback(), parse_url("http://" + server.listening_on()).value().origin.port}; }

std::string problem_of(const std::string& where) {
    asio::io_context io;
    const auto server = listen(io.get_executor(), where, {}, say_who);
    return server ? "" : server.problem().text;
}

TEST_CASE("what cannot be listened on is a problem that says what to do") {
    for (const char* where :
         {"", "8377", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", "example.com:80", "::1:80", "[127.0.0.1]:80", "unix:", "unix:relative"}) {
        CAPTURE(where);
        CHECK(contains(problem_of(where), "expected ADDRESS:PORT such as 127.0.0.1:8377"));
    }
    CHECK(contains(problem_of("192.0.2.1:8377"), "is no address of this machine"));
    CHECK(contains(problem_of("unix:/no/such/folder/socket"), "its folder must exist"));
    CHECK(contains(problem_of("unix:/" + std::string(200, 'x')), "too long for a socket"));
}

TEST_CASE("a port in use is known at once") {
    asio::io_context io;
    const auto first = started(io, "127.0.0.1:0");
    CHECK(problem_of(first->listening_on()) == first->listening_on() + " is in use by another program; stop that one or choose another port");
}

TEST_CASE("a free port is chosen and named") {
    asio::io_context io;
    CHECK_FALSE(started(io, "127.0.0.1:0")->listening_on().ends_with(":0"));
    CHECK(started(io, "[::1]:0")->listening_on().starts_with("[::1]:"));
    CHECK(started(io, "localhost:0")->listening_on().starts_with("127.0.0.1:"));
}

TEST_CASE("a unix socket is for its owner and group, and gone afterwards") {
    asio::io_context io;
    const test::TempFolder folder;
    const std::string path = folder / "socket";
    {
        const auto server = started(io, "unix:" + path);
        CHECK(server->listening_on() == "unix:" + path);
        struct stat found {};
        REQUIRE(::stat(path.c_str(), &found) == 0);
        CHECK((found.st_mode & 07777) == 0660);
        CHECK(problem_of("unix:" + path) == path + " is in use by another program; stop that one or choose another path");
    }
    CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("a stale socket is replaced, any other file is not") {
    asio::io_context io;
    const test::TempFolder folder;
    const std::string path = folder / "socket", file = folder / "file";
    { const Local::acceptor left_behind{io, Local::endpoint{path}}; }
    REQUIRE(std::filesystem::exists(path));
    CHECK(problem_of("unix:" + path).empty());
    test::write_file(file, "precious");
    CHECK(contains(problem_of("unix:" + file), "is in the way and no socket"));
    CHECK(test::read_file(file) == "precious");
}

/// Serves until a piece of work beside it is done.
template <typename Work>
void serve_during(asio::io_context& io, Server& server, Work work) {
    const auto both = [&]() -> asio::awaitable<void> {
        TaskGroup group{io.get_executor()};
        group.spawn(server.serve());
        std::exception_ptr failed;
        try {
            co_await work();
        } catch (...) { failed = std::current_exception(); }
        group.cancel();
        co_await group.join();
        if (failed) std::rethrow_exception(failed);
    };
    test::run(io, both());
}

asio::awaitable<std::string> ask_raw(asio::io_context& io, const Server& server) {
    tcp::socket socket{io};
    const auto endpoint = endpoint_of(server);
    co_await socket.async_connect(endpoint, asio::use_awaitable);
    const std::string request = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    co_await asio::async_write(socket, asio::buffer(request), asio::as_tuple(asio::use_awaitable));
    co_return co_await hear_all(socket);
}

TEST_CASE("a line to a unix socket reaches its server") {
    asio::io_context io;
    const test::TempFolder folder;
    const std::string path = folder / "socket";
    const auto server = started(io, "unix:" + path);
    serve_during(io, *server, [&]() -> asio::awaitable<void> {
        auto connected = co_await connect_unix(path, "test/1", 1000ms);
        REQUIRE(std::holds_alternative<std::unique_ptr<Line>>(connected));
        const Request request;
        const Limits limits;
        const auto outcome = co_await std::get<std::unique_ptr<Line>>(connected)->exchange(request, limits);
        REQUIRE(std::holds_alternative<Response>(outcome));
        CHECK(std::get<Response>(outcome).body == "unix");
        const auto nobody = co_await connect_unix("/no/such/socket", "test/1", 1000ms);
        REQUIRE(std::holds_alternative<Failure>(nobody));
        CHECK(std::get<Failure>(nobody).text == "/no/such/socket: no such file or directory");
    });
}

TEST_CASE("a handler is told who asks") {
    asio::io_context io;
    const auto server = started(io, "127.0.0.1:0");
    serve_during(io, *server, [&]() -> asio::awaitable<void> {
        const auto heard = co_await ask_raw(io, *server);
        CHECK(contains(heard, "\r\n\r\n127.0.0.1:"));
    });
}

TEST_CASE("connections above the most allowed are closed at once") {
    asio::io_context io;
    const auto server = started(io, "127.0.0.1:0", ServerOptions{.connections = 2});
    serve_during(io, *server, [&]() -> asio::awaitable<void> {
        std::vector<tcp::socket> guests;
        const auto endpoint = endpoint_of(*server);
        for (int i = 0; i < 2; i++) {
            guests.emplace_back(io);
            co_await guests.back().async_connect(endpoint, asio::use_awaitable);
        }
        const auto turned_away = co_await ask_raw(io, *server);
        CHECK(turned_away.empty());
        guests.clear();
        co_await pause(5ms);
        const auto let_in = co_await ask_raw(io, *server);
        CHECK(let_in.starts_with("HTTP/1.1 200 OK"));
    });
}

/// Takes every descriptor this process may still have, and gives them back at the end.
class Hoard {
public:
    Hoard() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const int next = ::dup(0);
        rlimit low = before_;
        low.rlim_cur = static_cast<rlim_t>(next) + 8;
        ::close(next);
        ::setrlimit(RLIMIT_NOFILE, &low);
        for (int fd = ::dup(0); fd >= 0; fd = ::dup(0)) fds_.emplace_back(fd);
    }
    ~Hoard() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    void give_back_one() { fds_.pop_back(); }
    void give_back_all() { fds_.clear(); }

private:
    rlimit before_{};
    std::vector<UniqueFd> fds_;
};

#ifdef MOTIONSPOOL_SANITIZED
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

// The sanitizer opens a pipe to look at an object of a type it has not met; without a descriptor for that it calls the object invalid.
TEST_CASE("without a free descriptor connections are refused, without spinning, and let in again later" * doctest::skip(sanitized)) {
    asio::io_context io;
    std::vector<std::string> errors;
    ServerOptions options;
    options.on_error = [&](const std::string& text) { errors.push_back(text); };
    const auto server = started(io, "127.0.0.1:0", options);
    serve_during(io, *server, [&]() -> asio::awaitable<void> {
        Hoard hoard;
        hoard.give_back_one();
        const auto refused = co_await ask_raw(io, *server);
        CHECK(refused.empty());
        REQUIRE(errors.size() == 1);
        CHECK(contains(errors[0], "no file descriptor is free"));
        const auto busy_before = std::clock();
        const auto refused_again = co_await ask_raw(io, *server);
        co_await pause(50ms);
        CHECK(refused_again.empty());
        CHECK(errors.size() == 1);
        CHECK(std::clock() - busy_before < CLOCKS_PER_SEC / 50);
        hoard.give_back_all();
        const auto let_in = co_await ask_raw(io, *server);
        CHECK(let_in.starts_with("HTTP/1.1 200 OK"));
    });
}

TEST_CASE("a server that is cancelled waits for its handlers to end") {
    asio::io_context io;
    bool asked = false, ended = false;
    const auto handler = [&](Request, Peer) -> asio::awaitable<Reply> {
        struct AtEnd {
            bool& ended;
            ~AtEnd() { ended = true; }
        };
        const AtEnd at_end{ended};
        asked = true;
        co_await pause(10s);
        co_return Reply{.headers = {}, .cut_body_after = {}};
    };
    const auto server = started(io, "127.0.0.1:0", {}, handler);
    const auto before = std::chrono::steady_clock::now();
    serve_during(io, *server, [&]() -> asio::awaitable<void> {
        tcp::socket socket{io};
        const auto endpoint = endpoint_of(*server);
        co_await socket.async_connect(endpoint, asio::use_awaitable);
        co_await say(socket, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        co_await pause(10ms);
    });
    CHECK(asked);
    CHECK(ended);
    CHECK(std::chrono::steady_clock::now() - before < 2s);
}

}  // namespace
}  // namespace motionspool::http
