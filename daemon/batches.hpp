#pragma once
#include "options.hpp"

namespace motionspool {

/// A row a batch. @return 0; @throws Exit 69
[[nodiscard]] int list_batches(const Options&);

}  // namespace motionspool
