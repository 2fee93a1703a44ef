#include "http/link.hpp"
#include <array>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include "base/text.hpp"

namespace motionspool::http {
namespace {
namespace urls = boost::urls;

constexpr std::string_view hex = "0123456789abcdefABCDEF";
constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?";

bool is_escape(std::string_view text) { return text.size() >= 3 && text[0] == '%' && text.substr(1, 2).find_first_not_of(hex) == std::string_view::npos; }

/// "https:", "//host" and what stands before the path.
std::size_t end_of_authority(std::string_view link) {
    const auto slashes = link.find("//");
    const bool has_one =
        slashes == 0 || (slashes != std::string_view::npos && slashes > 0 && link.find_first_of(":/?") == slashes - 1 && link[slashes - 1] == ':');
    if (!has_one) return 0;
    return std::min(link.find_first_of("/?", slashes + 2), link.size());
}

std::string encoded(std::string_view link) {
    const auto authority = end_of_authority(link);
    std::string out{link.substr(0, authority)};
    for (std::size_t at = authority; at < link.size(); at++) {
        const char c = link[at];
        if (plain.find(c) != std::string_view::npos || is_escape(link.substr(at))) {
            out += c;
            continue;
        }
        constexpr std::string_view digits = "0123456789ABCDEF";
        const auto byte = static_cast<unsigned char>(c);
        out.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
    return out;
}

/// Boost.URL 1.81 reads "a:b" as a scheme; so does RFC 3986.
bool has_scheme(const std::string& link) { return urls::parse_uri(link).has_value(); }

}  // namespace

Result<Url> resolve_link(const Url& base, std::string_view link) {
    std::string text{trim(link)};
    std::erase_if(text, [](char c) { return c == '\t' || c == '\r' || c == '\n'; });
    text = encoded(std::string_view{text}.substr(0, text.find('#')));
    if (text.starts_with("//")) return parse_url((base.origin.tls ? "https:" : "http:") + text);
    if (has_scheme(text)) return parse_url(text);
    const auto from = to_string(base);
    const auto here = urls::parse_uri(from);
    const auto there = urls::parse_uri_reference(text);
    urls::url resolved;
    if (!here || !there || there->has_authority() || !urls::resolve(*here, *there, resolved)) return parse_url(text);  // says what is wrong with it
    auto url = parse_url(std::string_view{resolved.buffer()});
    while (url && url->target.starts_with("/../")) url->target.erase(0, 3);  // there is nothing above the root
    return url;
}

}  // namespace motionspool::http
