#pragma once
#include <string>

namespace motionspool::spool {

/// Why an entry of `incoming/` is no drop, and what its author can do: a link, an archive, media alone, a pipe, or something else.
[[nodiscard]] std::string why_no_drop(int incoming, const std::string& name);

}  // namespace motionspool::spool
