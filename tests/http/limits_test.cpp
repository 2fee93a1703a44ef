#include "http/address_book.hpp"
#include "scripted_peer.hpp"

namespace motionspool::http {
namespace {

const Failure& failure_of(const Exchange& outcome) {
    REQUIRE(std::holds_alternative<Failure>(outcome));
    return std::get<Failure>(outcome);
}

TEST_CASE("a silent server hits the idle limit") {
    const auto script = [](tcp::socket& socket, int) -> asio::awaitable<void> { co_await hear_all(socket); };
    const auto outcome = exchange_with(script, {}, Limits{.total = 10s, .idle = 20ms});
    CHECK(failure_of(outcome).timed_out);
    CHECK(failure_of(outcome).step == Failure::Step::read);
    CHECK(failure_of(outcome).bytes_written > 50);
    CHECK(contains(failure_of(outcome).text, "sent nothing for 20 ms"));
}

asio::awaitable<void> trickle(tcp::socket& socket, int) {
    co_await hear_head(socket);
    co_await say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n");
    for (int i = 0; i < 20; i++) {
        co_await pause(5ms);
        co_await say(socket, "x");
    }
}

TEST_CASE("a server that trickles is patiently heard, but not beyond the total limit") {
    CHECK(std::holds_alternative<Response>(exchange_with(trickle, {}, Limits{.total = 10s, .idle = 1s})));
    const auto outcome = exchange_with(trickle, {}, Limits{.total = 30ms, .idle = 1s});
    CHECK(failure_of(outcome).timed_out);
    CHECK(failure_of(outcome).status == 200);
    CHECK(contains(failure_of(outcome).text, "no complete answer within 30 ms"));
}

TEST_CASE("a server that takes nothing hits the idle limit, and the bytes are counted") {
    const auto script = [](tcp::socket& socket, int) -> asio::awaitable<void> {
        co_await pause(10s);
        socket.close();
    };
    const std::string content(20'000'000, 'x');
    const FileBody body{.before = "", .file = file_with(content), .size = content.size(), .after = "", .seen = {}};
    const auto outcome = exchange_with(script, Request{.method = "POST", .body = body}, Limits{.total = 10s, .idle = 20ms});
    CHECK(failure_of(outcome).timed_out);
    CHECK(failure_of(outcome).step == Failure::Step::write);
    CHECK(failure_of(outcome).bytes_written > 1'000);
    CHECK(failure_of(outcome).bytes_written < content.size());
}

/// Cancels the work after a while. @return did it end with operation_aborted?
template <typename Work>
bool aborts_when_cancelled(asio::io_context& io, Work work) {
    const auto cancelled = [&]() -> asio::awaitable<void> {
        TaskGroup group{io.get_executor()};
        group.spawn(work());
        co_await pause(10ms);
        group.cancel();
        co_await group.join();
    };
    try {
        test::run(io, cancelled());
    } catch (const boost::system::system_error& error) { return error.code() == asio::error::operation_aborted; }
    return false;
}

TEST_CASE("an exchange can be cancelled") {
    asio::io_context io;
    ScriptedPeer peer{io, [](tcp::socket& socket, int) -> asio::awaitable<void> { co_await hear_all(socket); }};
    CHECK(aborts_when_cancelled(io, [&]() -> asio::awaitable<void> {
        const Request request;
        const Limits limits;
        co_await exchange_once(peer, request, limits, nullptr, 0ms);
    }));
}

TEST_CASE("a TLS handshake can be cancelled") {
    asio::io_context io;
    ScriptedPeer peer{io, [](tcp::socket& socket, int) -> asio::awaitable<void> { co_await hear_all(socket); }};
    CHECK(aborts_when_cancelled(io, [&]() -> asio::awaitable<void> {
        const StopAtEnd<ScriptedPeer> stop{peer};
        const auto client = make_client(io.get_executor(), test_client());
        const Origin origin{.tls = true, .host = "127.0.0.1", .port = peer.origin().port};
        co_await client->connect(origin, Reach::anywhere, 10s);
    }));
}

TEST_CASE("an upload that has come to a halt can be cancelled") {
    asio::io_context io;
    ScriptedPeer peer{io, [](tcp::socket&, int) -> asio::awaitable<void> { co_await pause(10s); }};
    const std::string content(20'000'000, 'x');
    CHECK(aborts_when_cancelled(io, [&]() -> asio::awaitable<void> {
        const Request request{.method = "POST", .body = FileBody{.before = "", .file = file_with(content), .size = content.size(), .after = "", .seen = {}}};
        const Limits limits;
        co_await exchange_once(peer, request, limits, nullptr, 0ms);
    }));
}

Connected connect_to(Origin origin, Reach reach, std::chrono::milliseconds limit = 1000ms) {
    asio::io_context io;
    const auto attempt = [&]() -> asio::awaitable<Connected> {
        const auto client = make_client(io.get_executor(), test_client());
        co_return co_await client->connect(origin, reach, limit);
    };
    return test::run(io, attempt());
}

TEST_CASE("a port nobody listens on refuses the connection") {
    asio::io_context io;
    const auto free_port = tcp::acceptor{io, tcp::endpoint{asio::ip::address_v4::loopback(), 0}}.local_endpoint().port();
    for (const char* host : {"127.0.0.1", "localhost"}) {
        const auto connected = connect_to(Origin{false, host, free_port}, Reach::anywhere);
        REQUIRE(std::holds_alternative<Failure>(connected));
        const auto& failure = std::get<Failure>(connected);
        CHECK(failure.step == Failure::Step::connect);
        CHECK(failure.bytes_written == 0);
        CHECK_FALSE(failure.timed_out);
        CHECK(failure.text.starts_with(std::string{host} + ":" + std::to_string(free_port) + ": connection refused"));
    }
}

TEST_CASE("an address that is not public is refused where only public ones may be reached") {
    for (const char* host : {"127.0.0.1", "localhost", "169.254.169.254", "::1", "::ffff:10.0.0.1"}) {
        const auto connected = connect_to(Origin{true, host, 443}, Reach::global_only);
        REQUIRE(std::holds_alternative<Failure>(connected));
        CHECK(std::get<Failure>(connected).step == Failure::Step::connect);
        CHECK(contains(std::get<Failure>(connected).text, "is not one of the public Internet"));
        CHECK(std::get<Failure>(connected).not_public);
    }
}

TEST_CASE("a name that cannot be looked up is a failure to resolve") {
    const auto connected = connect_to(Origin{true, "no..such", 443}, Reach::anywhere);
    REQUIRE(std::holds_alternative<Failure>(connected));
    CHECK(std::get<Failure>(connected).step == Failure::Step::resolve);
    CHECK(std::get<Failure>(connected).text.starts_with("no..such: the name cannot be looked up"));
}

TEST_CASE("a lookup whose time is up is not begun") {
    asio::io_context io;
    AddressBook book{io.get_executor()};
    const auto impatient = [&]() -> asio::awaitable<std::variant<Addresses, NoAddress>> {
        co_return co_await book.look_up("no..such", std::chrono::steady_clock::now() - 1s);
    };
    const auto found = test::run(io, impatient());
    REQUIRE(std::holds_alternative<NoAddress>(found));
    CHECK(std::get<NoAddress>(found).timed_out);
}

TEST_CASE("the system's lookups are limited unless somebody did so before") {
    ::unsetenv("RES_OPTIONS");
    limit_system_lookups();
    CHECK(std::string_view{::getenv("RES_OPTIONS")} == "timeout:2 attempts:2");
    ::setenv("RES_OPTIONS", "timeout:1", 1);
    limit_system_lookups();
    CHECK(std::string_view{::getenv("RES_OPTIONS")} == "timeout:1");
}

}  // namespace
}  // namespace motionspool::http
