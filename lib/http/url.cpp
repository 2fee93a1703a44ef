#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include "base/text.hpp"
#include "http/address.hpp"
#include "http/message.hpp"

namespace motionspool::http {
namespace {
namespace urls = boost::urls;

constexpr std::uint16_t default_port(bool tls) { return tls ? 443 : 80; }

/// The URL for a message; a text with an "@" may hold a password and is not repeated.
std::string shown(std::string_view text) {
    constexpr std::size_t longest = 120;
    if (text.find('@') != std::string_view::npos) return "the URL";
    return '"' + std::string{text.substr(0, longest)} + (text.size() > longest ? "…\"" : "\"");
}

bool is_name_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.'; }

/// "127.1" or "0x7f000001": a name to RFC 3986, an address to the system's resolver.
bool ends_in_number(std::string_view host) {
    if (host.ends_with('.')) host.remove_suffix(1);
    const auto last = host.substr(host.rfind('.') + 1);
    return !last.empty() && last.front() >= '0' && last.front() <= '9';
}

/// @return nothing if it is no host to connect to
std::optional<std::string> read_host(const urls::url_view& url) {
    if (url.host_type() == urls::host_type::ipv4) return url.host_ipv4_address().to_string();
    if (url.host_type() == urls::host_type::ipv6) return url.host_ipv6_address().to_string();
    if (url.host_type() != urls::host_type::name) return std::nullopt;
    std::string host = lower_ascii(std::string_view{url.host()});
    if (host.empty() || host.front() == '.' || !std::ranges::all_of(host, is_name_character) || ends_in_number(host)) return std::nullopt;
    return host;
}

/// @return nothing if it is none of 1 to 65535
std::optional<std::uint16_t> read_port(const urls::url_view& url, bool tls) {
    if (!url.has_port() || url.port().empty()) return default_port(tls);
    const std::uint16_t port = url.port_number();
    if (port == 0) return std::nullopt;
    return port;
}

/// Boost.URL 1.81 lets an authority end early: in "https://host:443x/" it takes "x/" for the path.
bool authority_is_whole(std::string_view text, const urls::url_view& url) {
    const auto start = text.find("://") + 3;
    const auto end = text.find_first_of("/?#", start);
    return text.substr(start, end == std::string_view::npos ? end : end - start) == std::string_view{url.encoded_authority()};
}

std::string target_of(const urls::url_view& url) {
    std::string target{std::string_view{url.encoded_path()}};
    if (target.empty()) target = "/";
    if (url.has_query()) target.append("?").append(std::string_view{url.encoded_query()});
    return target;
}

}  // namespace

std::string to_string(const Origin& origin) { return (origin.tls ? "https://" : "http://") + authority(origin); }

std::string authority(const Origin& origin) {
    const bool bracketed = origin.host.find(':') != std::string::npos;
    std::string text = bracketed ? '[' + origin.host + ']' : origin.host;
    if (origin.port != default_port(origin.tls)) text += ':' + std::to_string(origin.port);
    return text;
}

bool is_loopback(const Origin& origin) {
    if (origin.host == "localhost") return true;
    const auto address = numeric_address(origin.host);
    return address && is_loopback(*address);
}

std::string to_string(const Url& url) { return to_string(url.origin) + url.target; }

Result<Url> parse_url(std::string_view text) {
    const auto parsed = urls::parse_uri(text);
    if (!parsed) return Problem{shown(text) + " is not an absolute URL; expected something like https://example.com/path"};
    const urls::url_view& url = *parsed;
    const bool tls = url.scheme_id() == urls::scheme::https;
    if (!tls && url.scheme_id() != urls::scheme::http) return Problem{shown(text) + " does not begin with https:// or http://"};
    if (url.has_userinfo()) return Problem{"the URL holds a user name or password; remove what stands before the \"@\""};
    if (url.has_authority() && !authority_is_whole(text, url)) return Problem{shown(text) + " is not an absolute URL; what follows the host is no port"};
    auto host = read_host(url);
    if (!host) return Problem{shown(text) + " names no host that can be connected to; expected something like https://example.com/path"};
    const auto port = read_port(url, tls);
    if (!port) return Problem{shown(text) + " names a port that does not exist; ports go from 1 to 65535"};
    return Url{.origin = {.tls = tls, .host = std::move(*host), .port = *port}, .target = target_of(url)};
}

}  // namespace motionspool::http
