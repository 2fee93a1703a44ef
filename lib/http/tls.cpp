#include "http/tls.hpp"
#include <openssl/x509v3.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>
#include "http/address.hpp"
#include "http/wire.hpp"

namespace motionspool::http {
namespace ssl = asio::ssl;

class TlsContext {
public:
    ssl::context context{ssl::context::tls_client};
};

namespace {

class TlsStream final : public Stream {
public:
    TlsStream(std::shared_ptr<TlsContext> context, Socket socket) : context_{std::move(context)}, stream_{std::move(socket), context_->context} {}
    asio::awaitable<Moved> read_some(asio::mutable_buffer into) override { return stream_.async_read_some(into, asio::as_tuple(asio::use_awaitable)); }
    asio::awaitable<Moved> write_some(asio::const_buffer from) override { return stream_.async_write_some(from, asio::as_tuple(asio::use_awaitable)); }
    Socket& socket() override { return stream_.next_layer(); }
    bool encrypted() const override { return true; }

    asio::awaitable<std::tuple<boost::system::error_code>> shake_hands() {
        return stream_.async_handshake(ssl::stream_base::client, asio::as_tuple(asio::use_awaitable));
    }
    SSL* native() { return stream_.native_handle(); }

private:
    std::shared_ptr<TlsContext> context_;
    ssl::stream<Socket> stream_;
};

/// Names the host to the server (SNI) and to the verification. OpenSSL's own check is used because, unlike Asio's callback, it says why it failed.
bool expect_host(SSL* connection, const std::string& host) {
    X509_VERIFY_PARAM* const wanted = SSL_get0_param(connection);
    if (numeric_address(host)) return X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1;
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set_tlsext_host_name(connection, host.c_str()) == 1 && X509_VERIFY_PARAM_set1_host(wanted, host.data(), host.size()) == 1;
}

std::string explain(SSL* connection, boost::system::error_code error) {
    const long verdict = SSL_get_verify_result(connection);
    if (verdict != X509_V_OK) return std::string{"the certificate is not to be trusted: "} + X509_verify_cert_error_string(verdict);
    if (is_end(error)) return "the connection was closed during the TLS handshake";
    return "the TLS handshake failed: " + error.message();
}

}  // namespace

std::shared_ptr<TlsContext> make_tls_context(const std::string& ca_file) {
    auto made = std::make_shared<TlsContext>();
    ssl::context& context = made->context;
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    constexpr unsigned char http_1_1[] = "\x08http/1.1";
    SSL_CTX_set_alpn_protos(context.native_handle(), http_1_1, sizeof http_1_1 - 1);
    context.set_verify_mode(ssl::verify_peer);
    boost::system::error_code error;
    if (ca_file.empty()) {
        context.set_default_verify_paths(error);
    } else {
        context.load_verify_file(ca_file, error);
    }
    if (error) throw std::runtime_error("the trusted certificates" + (ca_file.empty() ? "" : " in " + ca_file) + " cannot be read: " + error.message());
    return made;
}

asio::awaitable<std::variant<std::unique_ptr<Stream>, TlsTrouble>> shake_hands(std::shared_ptr<TlsContext> context, Socket socket, std::string host,
                                                                               SteadyTime end) {
    auto stream = std::make_unique<TlsStream>(std::move(context), std::move(socket));
    if (!expect_host(stream->native(), host)) co_return TlsTrouble{.text = "the host's name cannot be used with TLS"};
    Deadline deadline{stream->socket()};
    deadline.set(end);
    const auto [error] = co_await stream->shake_hands();
    if (!error) co_return std::move(stream);
    if (error != asio::error::operation_aborted) co_return TlsTrouble{.text = explain(stream->native(), error)};
    if (!deadline.passed()) throw boost::system::system_error(error);
    co_return TlsTrouble{.text = "the TLS handshake took too long", .timed_out = true};
}

}  // namespace motionspool::http
