#pragma once
#include <string>
#include <string_view>
#include "base/result.hpp"

namespace motionspool::config {

/// A web address as far as the configuration and manifests look at it; the HTTP client reads it again in full.
struct WebAddress {
    bool tls = true;
    std::string host;  ///< lower case, an IPv6 address without its brackets
    std::string path;  ///< with query and fragment; may be empty
};

/// Reads an absolute http or https URL and refuses plain http but for a loopback host.
/// The problem continues a sentence: "is an http URL; expected https".
[[nodiscard]] Result<WebAddress> parse_web_address(std::string_view);

/// A DNS name, an IPv4 address, or an IPv6 address without brackets, by its form.
[[nodiscard]] bool is_host(std::string_view);
/// "HOST:PORT" with an IPv6 address in brackets; port 0 is any.
[[nodiscard]] bool is_host_and_port(std::string_view);

}  // namespace motionspool::config
