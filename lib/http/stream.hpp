#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <memory>
#include <string>
#include <tuple>
#include "http/socket.hpp"

namespace motionspool::http {

/// How many bytes were moved, and the error that ended it.
using Moved = std::tuple<boost::system::error_code, std::size_t>;

/// Bytes to and from a peer, in the clear or under TLS. Errors are values.
class Stream {
public:
    virtual ~Stream() = default;
    [[nodiscard]] virtual asio::awaitable<Moved> read_some(asio::mutable_buffer into) = 0;
    [[nodiscard]] virtual asio::awaitable<Moved> write_some(asio::const_buffer from) = 0;
    [[nodiscard]] virtual Socket& socket() = 0;
    /// Under TLS a failed write may have sent some of its bytes, and a peer's silence cannot be told from session tickets.
    [[nodiscard]] virtual bool encrypted() const = 0;
};

[[nodiscard]] std::unique_ptr<Stream> make_plain_stream(Socket socket);

}  // namespace motionspool::http
