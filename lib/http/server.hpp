#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include "http/message.hpp"

namespace motionspool::http {
namespace asio = boost::asio;

/// What a handler answers. The last two fields misbehave on purpose: they exist for the simulator and for tests.
struct Reply {
    int status = 200;
    Headers headers;  ///< Content-Length and Connection are added
    std::variant<std::string, FileBody> body;
    std::optional<std::uint64_t> cut_body_after;  ///< send the whole head, so many bytes of the body, then reset the connection
    bool no_answer = false;                       ///< reset the connection without a byte
};

struct Peer {
    std::string address;
};  ///< "127.0.0.1:50123" or "unix"

/// Runs on the server's loop; may wait. HEAD comes as it is: of its reply everything but the body is sent. An exception answers 500 and is reported to
/// `ServerOptions::on_error`.
using Handler = std::function<asio::awaitable<Reply>(Request request, Peer peer)>;

/// Called when a request's head has arrived, before its body: a Reply refuses it, and the connection closes after it.
using Admit = std::function<std::optional<Reply>(const Request& head)>;

struct ServerOptions {
    std::uint64_t body = 1u << 20;  ///< a longer request body is answered 413
    std::uint32_t header = 8u << 10;
    std::size_t connections = 256;                 ///< more are closed at once
    std::chrono::milliseconds head_limit{15'000};  ///< absolute, from accept (or the last answer) to the end of the head
    std::chrono::milliseconds body_limit{60'000};
    bool keep_alive = true;
    Admit admit;
    std::function<void(const std::string&)> on_error;
};

/// An HTTP/1.1 server on the caller's loop. Reading is strict: no or two Hosts, obs-fold, Transfer-Encoding other than "chunked", or both it and
/// Content-Length, and chunks in HTTP/1.0 are answered 400.
class Server {
public:
    virtual ~Server() = default;
    /// "127.0.0.1:8377", "[::1]:8377", or "unix:/path"
    [[nodiscard]] virtual std::string listening_on() const = 0;
    /// Serves until cancelled; then every connection is closed and its handler has ended before this completes (without an exception).
    virtual asio::awaitable<void> serve() = 0;
};

/// Binds and listens at once, so that a port in use is known at start. `listen`: "HOST:PORT" (port 0: any free one) or "unix:/path" (made 0660; a stale socket
/// nobody listens on is replaced).
[[nodiscard]] Result<std::unique_ptr<Server>> listen(asio::any_io_executor, std::string_view listen, ServerOptions, Handler);

}  // namespace motionspool::http
