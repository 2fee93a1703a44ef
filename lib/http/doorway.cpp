#include "http/doorway.hpp"
#include <fcntl.h>
#include <sys/socket.h>
#include <boost/asio/ip/tcp.hpp>
#include <cerrno>

namespace motionspool::http {
namespace {
namespace asio = boost::asio;

/// A turn of the loop may not become long.
constexpr int most_a_turn = 64;

bool out_of_descriptors(int error) { return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM; }

UniqueFd open_reserve() { return UniqueFd{::open("/dev/null", O_RDONLY | O_CLOEXEC)}; }

std::string name_of(const asio::ip::tcp::endpoint& peer, socklen_t length) {
    const int family = peer.data()->sa_family;
    if (length == 0 || (family != AF_INET && family != AF_INET6)) return "unix";
    const std::string host = peer.address().to_string();
    return (peer.address().is_v6() ? '[' + host + ']' : host) + ':' + std::to_string(peer.port());
}

}  // namespace

Doorway::Doorway(int listening) : listening_{listening}, reserve_{open_reserve()} {}

Doorway::Rush Doorway::let_in(const std::function<void(UniqueFd, std::string)>& guest) {
    for (int i = 0; i < most_a_turn; i++) {
        asio::ip::tcp::endpoint peer;
        auto length = static_cast<socklen_t>(peer.capacity());
        UniqueFd fd{::accept4(listening_, peer.data(), &length, SOCK_NONBLOCK | SOCK_CLOEXEC)};
        if (fd) {
            guest(std::move(fd), name_of(peer, length));
            continue;
        }
        if (errno == EAGAIN) return Rush::over;
        if (!out_of_descriptors(errno)) continue;  // of this one connection only: accept(2)
        turn_away();
        return Rush::exhausted;
    }
    return Rush::over;
}

void Doorway::turn_away() {
    reserve_.reset();
    for (int i = 0; i < most_a_turn; i++) {
        const UniqueFd refused{::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC)};
        if (!refused) break;
    }
    reserve_ = open_reserve();
}

}  // namespace motionspool::http
