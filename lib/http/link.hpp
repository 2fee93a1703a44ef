#pragma once
#include <string_view>
#include "http/message.hpp"

namespace motionspool::http {

/// Where a link leads that stands in an answer from `base`: read as browsers read it, relative ones against `base` (RFC 3986, section 5). Blanks around it
/// are left out; what no URL may hold, blanks and letters beyond ASCII among it, is percent-encoded, but for the host. Whether one may go there is the
/// caller's to say.
[[nodiscard]] Result<Url> resolve_link(const Url& base, std::string_view link);

}  // namespace motionspool::http
