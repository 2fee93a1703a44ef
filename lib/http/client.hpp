#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include "http/message.hpp"

namespace motionspool::http {
namespace asio = boost::asio;

/// An exchange that brought no usable answer, and how far it got.
struct Failure {
    enum class Step { resolve, connect, tls, write, read };
    Step step = Step::connect;
    std::string text;                 ///< what happened, to which host: "api.kie.ai: connection refused"
    std::uint64_t bytes_written = 0;  ///< of the request, TLS overhead aside; 0: certainly nothing left this machine
    bool timed_out = false;
    std::optional<int> status;  ///< the answer's status line, where that much arrived
    Response begun{};           ///< what of the answer arrived: its head, and the bytes behind that, which may be cut anywhere
    bool not_public = false;    ///< refused: the host has no address of the public Internet, which was asked for
};
using Exchange = std::variant<Response, Failure>;

/// Takes an answer's body as it arrives. All functions are called on the loop's thread.
class Sink {
public:
    virtual ~Sink() = default;
    /// The head has arrived. @return false to take the body as text (`Response::body`, within the body limit), e.g. for an error page
    virtual bool begin(const Response& head) = 0;
    /// @return false to give up: the exchange ends as a Failure of step read, with the text "refused by the receiver"
    virtual bool write(std::span<const char> piece) = 0;
};

struct Limits {
    std::chrono::milliseconds total{60'000};  ///< from the first byte written to the last one read
    std::chrono::milliseconds idle{30'000};   ///< without a byte either way
    std::uint64_t body = 8u << 20;            ///< a longer answer is a Failure; does not count what a sink takes
};

/// Which addresses a name may resolve to.
enum class Reach { anywhere, global_only };  ///< global_only: never loopback, private, link-local, shared, documentation, multicast, …

/// One connection, made for one exchange.
class Line {
public:
    virtual ~Line() = default;
    /// Sends the request and reads the one final answer (1xx are read past). No redirect is followed, nothing is repeated.
    /// Before the first byte the peer is looked at once more: if it has gone, that is a Failure with bytes_written == 0.
    /// A body that ends by close without Content-Length or chunks is a Failure (it cannot be told from one cut short),
    /// unless the status allows none. Cancelling throws operation_aborted.
    virtual asio::awaitable<Exchange> exchange(Request request, Limits limits, Sink* sink = nullptr) = 0;
};

using Connected = std::variant<std::unique_ptr<Line>, Failure>;

/// The only way out of the program. A seam: tests script it.
class Client {
public:
    virtual ~Client() = default;
    /// A fresh connection, never a pooled one: lookup, TCP, TLS with certificate and host name verified. A Failure leaves no trace at the peer's application.
    virtual asio::awaitable<Connected> connect(Origin origin, Reach reach, std::chrono::milliseconds limit) = 0;
    /// One exchange for requests that may be repeated: uses a kept-alive connection where there is one, and a fresh one if that has gone stale.
    virtual asio::awaitable<Exchange> send(Origin origin, Request request, Limits limits, Sink* sink = nullptr, Reach reach = Reach::anywhere) = 0;
};

struct ClientOptions {
    std::string user_agent;  ///< e.g. "motionspool/0.1.0"
    std::chrono::milliseconds connect_limit{10'000};
    std::size_t idle_lines = 8;  ///< kept alive per origin
    std::chrono::milliseconds keep_alive{15'000};
    std::string ca_file;   ///< PEM; empty: the system's; for tests
    bool tls_now = false;  ///< read the trusted certificates at once, and not, for 25 ms, when the first TLS connection is made
};
/// The executor's context must outlive the client, and the client its coroutines. @throws std::runtime_error if `ca_file` cannot be read
[[nodiscard]] std::unique_ptr<Client> make_client(asio::any_io_executor, ClientOptions);

/// A line to a server on a unix socket, such as a running daemon's control socket.
[[nodiscard]] asio::awaitable<Connected> connect_unix(std::string path, std::string user_agent, std::chrono::milliseconds limit);

}  // namespace motionspool::http
