#pragma once
#include "options.hpp"

namespace motionspool {

/// The daemon at a glance: counts, limits in use, credits, what it waits for. @return 0; @throws Exit 69
[[nodiscard]] int show_status(const Options&);

}  // namespace motionspool
