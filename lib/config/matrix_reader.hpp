#pragma once
#include "config/manifest_defaults.hpp"
#include "config/values.hpp"

namespace motionspool::config {

/// Reads `matrix`. Its globs and its id stay as written.
[[nodiscard]] domain::Matrix read_matrix(const Item&, const JobDefaults&, int most_takes, Report&);

}  // namespace motionspool::config
