#pragma once
#include <optional>
#include <string_view>
#include "simulator/moment.hpp"

namespace motionspool::simulator {

/// How long an MP4 or QuickTime file plays: duration / timescale of moov/mvhd (ISO/IEC 14496-12), wherever moov stands.
/// @return nothing if there is no such box, or it is cut off, or says nothing (timescale 0, duration unknown)
[[nodiscard]] std::optional<milliseconds> movie_length(std::string_view file);

/// Seconds that are paid for: every started one counts.
[[nodiscard]] std::int64_t paid_seconds(milliseconds length);

}  // namespace motionspool::simulator
