#pragma once
#include <boost/asio/generic/stream_protocol.hpp>

namespace motionspool::http {
namespace asio = boost::asio;

/// TCP or unix, non-blocking, closed in children of this process.
using Socket = asio::generic::stream_protocol::socket;

/// What the kernel knows about a peer, without reading a byte. MSG_PEEK would be fooled by TLS 1.3 session tickets.
enum class PeerState {
    there,
    spoke,  ///< bytes wait to be read; under TLS they may be no more than session tickets
    gone,   ///< it has closed or reset the connection
};
[[nodiscard]] PeerState look_at_peer(Socket&);

/// No delay for small writes (TCP only), not inherited by children. Errors are ignored: both are refinements.
void prepare(Socket&);

/// Closes so that a TCP peer sees a reset instead of an end. What was not yet acknowledged is lost.
void close_by_reset(Socket&);

/// Bytes written but not yet acknowledged by a TCP peer; 0 if that is not known.
[[nodiscard]] int unacknowledged(Socket&);

}  // namespace motionspool::http
