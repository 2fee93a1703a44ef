#pragma once
#include <chrono>

namespace motionspool::system {

/// A monotonic reading with nanosecond resolution, for measuring, never for deciding.
[[nodiscard]] std::chrono::nanoseconds monotonic_ticks();

}  // namespace motionspool::system
