#pragma once
#include <string_view>

namespace motionspool::domain {

/// Is this body plainly what the provider's edge wrote for that status: an HTML page that names it and no other, or Cloudflare's "error code: 1015"? What any
/// proxy between us may have sent (nothing, a line of text, its own JSON, another status) is not.
[[nodiscard]] bool is_edge_page(int status, std::string_view body);

}  // namespace motionspool::domain
