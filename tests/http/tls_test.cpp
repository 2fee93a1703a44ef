#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include "certificates.hpp"
#include "scripted_peer.hpp"
#include "support/temp_folder.hpp"

namespace motionspool::http {
namespace {
namespace ssl = asio::ssl;

using TlsSocket = ssl::stream<tcp::socket&>;
using TlsScript = std::function<asio::awaitable<void>(TlsSocket&)>;

const std::string hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

/// A server with a certificate, and a client that trusts an authority.
struct World {
    Identity authority = make_authority();
    test::TempFolder folder;
    ClientOptions options = test_client();

    World() {
        options.ca_file = folder / "ca.pem";
        test::write_file(options.ca_file, authority.certificate_pem());
    }
};

std::shared_ptr<ssl::context> server_context(const Identity& identity) {
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    const auto certificate = identity.certificate_pem(), key = identity.key_pem();
    context->use_certificate(asio::buffer(certificate), ssl::context::pem);
    context->use_private_key(asio::buffer(key), ssl::context::pem);
    return context;
}

ScriptedPeer::Script over_tls(std::shared_ptr<ssl::context> context, TlsScript script) {
    return [context, script](tcp::socket& socket, int) -> asio::awaitable<void> {
        TlsSocket secure{socket, *context};
        co_await secure.async_handshake(ssl::stream_base::server, asio::use_awaitable);
        co_await script(secure);
    };
}

asio::awaitable<void> answer_and_close(TlsSocket& peer) {
    co_await hear_head(peer);
    co_await say(peer, hello);
}

Exchange send_over_tls(const World& world, ScriptedPeer::Script script, std::string host = "localhost", Request request = {}, Limits limits = {}) {
    asio::io_context io;
    ScriptedPeer peer{io, std::move(script)};
    const auto attempt = [&]() -> asio::awaitable<Exchange> {
        const StopAtEnd<ScriptedPeer> stop{peer};
        const auto client = make_client(io.get_executor(), world.options);
        const Origin origin{.tls = true, .host = host, .port = peer.origin().port};
        co_return co_await client->send(origin, request, limits);
    };
    return test::run(io, attempt());
}

const Failure& failure_of(const Exchange& outcome) {
    REQUIRE(std::holds_alternative<Failure>(outcome));
    return std::get<Failure>(outcome);
}

TEST_CASE("a server with a certificate for its name, or its number, is trusted") {
    const World world;
    for (const auto& row : {std::pair{"localhost", "DNS:localhost"}, std::pair{"127.0.0.1", "IP:127.0.0.1"}}) {
        CAPTURE(row.first);
        const auto context = server_context(make_identity(world.authority, row.second, 1));
        const auto outcome = send_over_tls(world, over_tls(context, answer_and_close), row.first);
        REQUIRE(std::holds_alternative<Response>(outcome));
        CHECK(std::get<Response>(outcome).body == "hello");
    }
}

TEST_CASE("the server is told the host's name, and offered HTTP/1.1 under TLS 1.2 or later") {
    const World world;
    std::string name;
    int version = 0;
    const auto context = server_context(make_identity(world.authority, "DNS:localhost", 1));
    const auto script = [&](TlsSocket& peer) -> asio::awaitable<void> {
        const char* const told = SSL_get_servername(peer.native_handle(), TLSEXT_NAMETYPE_host_name);
        name = told != nullptr ? told : "";
        version = SSL_version(peer.native_handle());
        co_await answer_and_close(peer);
    };
    CHECK(std::holds_alternative<Response>(send_over_tls(world, over_tls(context, script))));
    CHECK(name == "localhost");
    CHECK(version >= TLS1_2_VERSION);
}

TEST_CASE("certificates that prove nothing end the connection before a byte of the request") {
    const World world;
    const World stranger;
    struct Row {
        std::string what;
        Identity identity;
        std::string text;
    };
    std::vector<Row> table;
    table.push_back({"another host", make_identity(world.authority, "DNS:example.com", 1), "hostname mismatch"});
    table.push_back({"a number for a name", make_identity(world.authority, "IP:127.0.0.1", 1), "hostname mismatch"});
    table.push_back({"part of a name", make_identity(world.authority, "DNS:local*", 1), "hostname mismatch"});
    table.push_back({"expired", make_identity(world.authority, "DNS:localhost", -1), "certificate has expired"});
    table.push_back({"an unknown authority", make_identity(stranger.authority, "DNS:localhost", 1), "certificate"});
    table.push_back({"itself", make_authority(), "self-signed"});
    for (const auto& row : table) {
        CAPTURE(row.what);
        bool heard = false;
        const auto script = [&](TlsSocket& peer) -> asio::awaitable<void> {
            co_await hear_head(peer);
            heard = true;
        };
        const auto outcome = send_over_tls(world, over_tls(server_context(row.identity), script));
        CAPTURE(failure_of(outcome).text);
        CHECK(failure_of(outcome).step == Failure::Step::tls);
        CHECK(failure_of(outcome).bytes_written == 0);
        CHECK(contains(failure_of(outcome).text, "the certificate is not to be trusted: "));
        CHECK(contains(failure_of(outcome).text, row.text));
        CHECK_FALSE(heard);
    }
}

TEST_CASE("without a file of its own the client trusts the system's authorities only") {
    World world;
    world.options.ca_file.clear();
    const auto context = server_context(make_identity(world.authority, "DNS:localhost", 1));
    CHECK(failure_of(send_over_tls(world, over_tls(context, answer_and_close))).step == Failure::Step::tls);
}

TEST_CASE("a server that speaks no TLS, an old one, or not at all, is a failure of step tls") {
    const World world;
    const auto speaks_plainly = [](tcp::socket& socket, int) -> asio::awaitable<void> {
        co_await say(socket, "HTTP/1.1 400 Bad Request\r\n\r\n");
        co_await hear_all(socket);
    };
    CHECK(failure_of(send_over_tls(world, speaks_plainly)).step == Failure::Step::tls);
    const auto hangs_up = [](tcp::socket&, int) -> asio::awaitable<void> { co_return; };
    CHECK(failure_of(send_over_tls(world, hangs_up)).step == Failure::Step::tls);
    const auto old = server_context(make_identity(world.authority, "DNS:localhost", 1));
    SSL_CTX_set_max_proto_version(old->native_handle(), TLS1_1_VERSION);
    SSL_CTX_set_security_level(old->native_handle(), 0);
    CHECK(failure_of(send_over_tls(world, over_tls(old, answer_and_close))).step == Failure::Step::tls);
}

TEST_CASE("a handshake that does not get anywhere is given up") {
    World world;
    world.options.connect_limit = 30ms;
    const auto silent = [](tcp::socket& socket, int) -> asio::awaitable<void> { co_await hear_all(socket); };
    const auto outcome = send_over_tls(world, silent);
    CHECK(failure_of(outcome).step == Failure::Step::tls);
    CHECK(failure_of(outcome).timed_out);
}

TEST_CASE("an answer cut by the end of the connection is a failure under TLS, too") {
    const World world;
    const auto context = server_context(make_identity(world.authority, "DNS:localhost", 1));
    const auto script = [](TlsSocket& peer) -> asio::awaitable<void> {
        co_await hear_head(peer);
        co_await say(peer, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel");
    };
    const auto outcome = send_over_tls(world, over_tls(context, script));
    CHECK(failure_of(outcome).step == Failure::Step::read);
    CHECK(failure_of(outcome).status == 200);
    CHECK(contains(failure_of(outcome).text, "closed before the answer was complete"));
}

TEST_CASE("a file goes through TLS whole") {
    const World world;
    std::string heard;
    const std::string content(1'000'000, 'x');
    const auto context = server_context(make_identity(world.authority, "DNS:localhost", 1));
    const auto script = [&](TlsSocket& peer) -> asio::awaitable<void> {
        heard = co_await hear_head(peer);
        heard.erase(0, heard.find("\r\n\r\n") + 4);
        std::string rest(content.size() - heard.size(), '\0');
        co_await asio::async_read(peer, asio::buffer(rest), asio::use_awaitable);
        heard += rest;
        co_await say(peer, hello);
    };
    const FileBody body{.before = "", .file = file_with(content), .size = content.size(), .after = "", .seen = {}};
    const auto outcome = send_over_tls(world, over_tls(context, script), "localhost", Request{.method = "POST", .body = body});
    CHECK(std::holds_alternative<Response>(outcome));
    CHECK(heard == content);
}

TEST_CASE("a file of authorities that cannot be read is known at once") {
    asio::io_context io;
    ClientOptions options = test_client();
    options.ca_file = "/no/such/ca.pem";
    CHECK_THROWS_WITH_AS(static_cast<void>(make_client(io.get_executor(), options)), doctest::Contains("/no/such/ca.pem"), std::runtime_error);
}

}  // namespace
}  // namespace motionspool::http
