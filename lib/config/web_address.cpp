#include "config/web_address.hpp"
#include <algorithm>
#include "base/text.hpp"
#include "config/scalars.hpp"

namespace motionspool::config {
namespace {

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// RFC 3986: unreserved, reserved, or a percent sign with two hexadecimal digits.
bool is_url_text(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); i++) {
        const bool allowed = is_alphanumeric(text[i]) || std::string_view{"-._~:/?#[]@!$&'()*+,;="}.find(text[i]) != std::string_view::npos;
        const bool encoded = text[i] == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2]);
        if (!allowed && !encoded) return false;
    }
    return true;
}

bool is_name(std::string_view host) {
    if (host.empty() || host.size() > 253 || host.starts_with('.') || host.starts_with('-') || host.find("..") != std::string_view::npos) return false;
    return std::ranges::all_of(host, [](char c) { return is_alphanumeric(c) || c == '-' || c == '.' || c == '_'; });
}

bool is_ipv6(std::string_view host) {
    return host.find(':') != std::string_view::npos && host.size() <= 45 && std::ranges::all_of(host, [](char c) { return is_hex(c) || c == ':' || c == '.'; });
}

bool is_ipv4(std::string_view host) {
    int parts = 0;
    while (parts < 4) {
        const auto end = std::min(host.find('.'), host.size());
        const auto number = parse_integer(host.substr(0, end));
        if (!number || *number < 0 || *number > 255) return false;
        parts++;
        if (end == host.size()) return parts == 4;
        host.remove_prefix(end + 1);
    }
    return false;
}

bool is_loopback(std::string_view host) { return host == "localhost" || host == "::1" || (host.starts_with("127.") && is_ipv4(host)); }

struct Authority {
    std::string_view host, port;
    bool well_formed = false;
};

/// Takes "host", "host:port" or "[v6]:port" apart; the port is empty where there is none.
Authority split(std::string_view text) {
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos) return {};
        const auto host = text.substr(1, close - 1), rest = text.substr(close + 1);
        if (!is_ipv6(host) || (!rest.empty() && (rest.front() != ':' || rest.size() == 1))) return {};
        return {host, rest.empty() ? rest : rest.substr(1), true};
    }
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return {text, {}, is_name(text)};
    const auto port = text.substr(colon + 1);
    return {text.substr(0, colon), port, is_name(text.substr(0, colon)) && !port.empty()};
}

bool is_port(std::string_view text, int least) {
    const auto port = parse_integer(text);
    return port && *port >= least && *port <= 65'535 && text.front() != '-';
}

}  // namespace

bool is_host(std::string_view text) { return is_name(text) || is_ipv6(text); }

bool is_host_and_port(std::string_view text) {
    const auto authority = split(text);
    return authority.well_formed && !authority.port.empty() && is_port(authority.port, 0);
}

Result<WebAddress> parse_web_address(std::string_view text) {
    const auto scheme_end = text.find("://");
    if (scheme_end == std::string_view::npos) return Problem{"is no URL; expected one that begins with https://"};
    const auto scheme = lower_ascii(text.substr(0, scheme_end));
    if (scheme != "https" && scheme != "http") return Problem{"is a URL of scheme \"" + scheme.substr(0, 20) + "\"; expected https"};
    if (!is_url_text(text)) return Problem{"contains a character that a URL cannot have; write it percent-encoded (a space is %20)"};
    const auto rest = text.substr(scheme_end + 3);
    const auto authority_end = std::min(rest.find_first_of("/?#"), rest.size());
    const auto authority = rest.substr(0, authority_end);
    if (authority.find('@') != std::string_view::npos) return Problem{"contains a user name or password; expected a URL without"};
    const auto parts = split(authority);
    if (!parts.well_formed || (!parts.port.empty() && !is_port(parts.port, 1))) return Problem{"has no valid host; expected https://HOST/…"};
    WebAddress address{.tls = scheme == "https", .host = lower_ascii(parts.host), .path = std::string{rest.substr(authority_end)}};
    if (!address.tls && !is_loopback(address.host)) return Problem{"is an http URL; expected https (http only on a loopback address)"};
    return address;
}

}  // namespace motionspool::config
