#include "http/socket.hpp"
#include <fcntl.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <boost/asio/ip/tcp.hpp>

namespace motionspool::http {

PeerState look_at_peer(Socket& socket) {
    pollfd look{.fd = socket.native_handle(), .events = POLLIN | POLLRDHUP, .revents = 0};
    if (::poll(&look, 1, 0) < 0 || (look.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0) return PeerState::gone;
    int error = 0;
    socklen_t length = sizeof error;
    if (::getsockopt(look.fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0 || error != 0) return PeerState::gone;
    return (look.revents & POLLIN) != 0 ? PeerState::spoke : PeerState::there;
}

void prepare(Socket& socket) {
    boost::system::error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay{true}, ignored);
    ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
}

void close_by_reset(Socket& socket) {
    boost::system::error_code ignored;
    socket.set_option(asio::socket_base::linger{true, 0}, ignored);
    socket.close(ignored);
}

int unacknowledged(Socket& socket) {
    int bytes = 0;
    if (::ioctl(socket.native_handle(), SIOCOUTQ, &bytes) != 0) return 0;
    return bytes;
}

}  // namespace motionspool::http
