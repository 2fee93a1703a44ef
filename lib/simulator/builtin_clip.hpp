#pragma once
#include <string_view>

namespace motionspool::simulator {

/// A valid MP4 of 4 s (H.264, 368x368, 10 frames a second, no sound): the result of a task whose motion was not uploaded here.
[[nodiscard]] std::string_view builtin_clip();

}  // namespace motionspool::simulator
