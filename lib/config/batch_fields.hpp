#pragma once
#include <optional>
#include "config/fields.hpp"
#include "domain/manifest.hpp"

namespace motionspool::config {

/// `none` or `ask`.
[[nodiscard]] std::optional<domain::Finish> read_finish(const Item&, Report&);
/// A window's name, or `none`: nothing within.
[[nodiscard]] std::optional<std::optional<domain::Written>> read_window(const Item&, Report&);

constexpr int least_priority = -100, most_priority = 100;

}  // namespace motionspool::config
