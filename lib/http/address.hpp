#pragma once
#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string_view>

namespace motionspool::http {
namespace asio = boost::asio;

/// May the address be one of a host on the public Internet? Refuses whatever the IANA special-purpose registries
/// (RFC 6890, https://www.iana.org/assignments/iana-ipv4-special-registry and …-ipv6-…) do not call globally reachable, multicast, and
/// unassigned IPv6 space. Addresses that carry an IPv4 address (v4-mapped, 6to4, NAT64) are judged by that one.
[[nodiscard]] bool is_globally_routable(const asio::ip::address&);

/// 127.0.0.0/8, ::1, and the former mapped into IPv6.
[[nodiscard]] bool is_loopback(const asio::ip::address&);

/// The address a host is if it is a number ("127.0.0.1", "::1"), without any lookup.
[[nodiscard]] std::optional<asio::ip::address> numeric_address(std::string_view host);

}  // namespace motionspool::http
