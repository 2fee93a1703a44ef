#include "http/redirect.hpp"

namespace motionspool::http {

bool is_redirect(int status) { return status == 301 || status == 302 || status == 303 || status == 307 || status == 308; }

Result<Url> redirected(const Url& from, const Response& answer) {
    const auto location = find(answer.headers, "Location").value_or("");
    if (location.starts_with("/") && !location.starts_with("//")) return parse_url(to_string(from.origin) + std::string{location});
    return parse_url(location);
}

}  // namespace motionspool::http
