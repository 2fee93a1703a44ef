#include "http/bind.hpp"
#include <sys/stat.h>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cerrno>
#include <charconv>
#include <cstring>
#include "http/address.hpp"

namespace motionspool::http {
namespace {
using asio::ip::tcp;

constexpr int backlog = 512;

std::string in_quotes(std::string_view text) { return '"' + std::string{text} + '"'; }

Problem not_an_address(std::string_view listen) {
    return Problem{in_quotes(listen) + " is nothing to listen on; expected ADDRESS:PORT such as 127.0.0.1:8377 or [::1]:8377, or unix:/PATH"};
}

Problem tcp_problem(std::string_view listen, int error) {
    const std::string text{listen};
    if (error == EADDRINUSE) return Problem{text + " is in use by another program; stop that one or choose another port"};
    if (error == EACCES) return Problem{text + " needs privileges this user does not have; choose a port from 1024 on"};
    if (error == EADDRNOTAVAIL) return Problem{text + " is no address of this machine; listen on one that `ip address` shows"};
    return Problem{"cannot listen on " + text + ": " + std::strerror(error)};
}

std::optional<tcp::endpoint> read_endpoint(std::string_view listen) {
    const auto colon = listen.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    auto host = listen.substr(0, colon);
    const auto port_text = listen.substr(colon + 1);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
    const auto address = numeric_address(host == "localhost" ? "127.0.0.1" : host);
    if (port_text.empty() || error != std::errc{} || end != port_text.data() + port_text.size() || !address || address->is_v6() != bracketed)
        return std::nullopt;
    return tcp::endpoint{*address, port};
}

UniqueFd open_socket(int family) { return UniqueFd{::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)}; }

std::string name_of(int fd) {
    tcp::endpoint actual;
    auto length = static_cast<socklen_t>(actual.capacity());
    ::getsockname(fd, actual.data(), &length);
    const std::string host = actual.address().to_string();
    return (actual.address().is_v6() ? '[' + host + ']' : host) + ':' + std::to_string(actual.port());
}

Result<Bound> bind_tcp(std::string_view listen) {
    const auto endpoint = read_endpoint(listen);
    if (!endpoint) return not_an_address(listen);
    auto fd = open_socket(endpoint->protocol().family());
    const int on = 1;
    const bool ready = fd && ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                       ::bind(fd.get(), endpoint->data(), static_cast<socklen_t>(endpoint->size())) == 0 && ::listen(fd.get(), backlog) == 0;
    if (!ready) return tcp_problem(listen, errno);
    auto name = name_of(fd.get());
    return Bound{.fd = std::move(fd), .name = std::move(name), .unix_path = {}};
}

/// Makes way for a new socket: nothing there, or one nobody listens on any more, which is removed.
Done clear_the_path(const std::string& path, const asio::local::stream_protocol::endpoint& endpoint) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) return errno == ENOENT ? done() : Done{Problem{"cannot look at " + path + ": " + std::strerror(errno)}};
    if (!S_ISSOCK(found.st_mode)) return Problem{path + " is in the way and no socket; remove it or choose another path"};
    const auto probe = open_socket(AF_UNIX);
    const int connected = ::connect(probe.get(), endpoint.data(), static_cast<socklen_t>(endpoint.size()));
    if (connected == 0 || errno == EAGAIN) return Problem{path + " is in use by another program; stop that one or choose another path"};
    if (errno != ECONNREFUSED) return Problem{"cannot tell whether " + path + " is in use: " + std::strerror(errno)};
    if (::unlink(path.c_str()) != 0) return Problem{"cannot remove the stale socket " + path + ": " + std::strerror(errno)};
    return done();
}

Result<Bound> bind_unix(std::string_view listen) {
    constexpr mode_t owner_and_group = 0660;
    std::string path{listen.substr(std::string_view{"unix:"}.size())};
    if (!path.starts_with('/')) return not_an_address(listen);
    if (path.size() >= sizeof(sockaddr_un::sun_path)) return Problem{path + " is too long for a socket; choose a path of at most 107 bytes"};
    const asio::local::stream_protocol::endpoint endpoint{path};
    const auto cleared = clear_the_path(path, endpoint);
    if (!cleared) return cleared.problem();
    auto fd = open_socket(AF_UNIX);
    // Nobody can connect before listen(): the mode is right from the first connection on.
    const bool ready = fd && ::bind(fd.get(), endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0 && ::chmod(path.c_str(), owner_and_group) == 0 &&
                       ::listen(fd.get(), backlog) == 0;
    if (!ready) return Problem{"cannot listen on " + path + ": " + std::strerror(errno) + "; its folder must exist and be writable"};
    return Bound{.fd = std::move(fd), .name = std::string{listen}, .unix_path = std::move(path)};
}

}  // namespace

Result<Bound> bind_and_listen(std::string_view listen) { return listen.starts_with("unix:") ? bind_unix(listen) : bind_tcp(listen); }

}  // namespace motionspool::http
