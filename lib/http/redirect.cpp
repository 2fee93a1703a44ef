#include "http/redirect.hpp"
#include "http/link.hpp"

namespace motionspool::http {

bool is_redirect(int status) { return status == 301 || status == 302 || status == 303 || status == 307 || status == 308; }

Result<Url> redirected(const Url& from, const Response& answer) {
    const auto location = find(answer.headers, "Location");
    if (!location) return Problem{to_string(from.origin) + " answers with a redirect that leads nowhere"};
    return resolve_link(from, *location);
}

}  // namespace motionspool::http
