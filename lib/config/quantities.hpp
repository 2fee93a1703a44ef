#pragma once
// Numbers and amounts of a file, each within its range, or a complaint that says what it is and what was expected.
#include <chrono>
#include <cstdint>
#include <optional>
#include "base/credits.hpp"
#include "config/values.hpp"
#include "domain/rate.hpp"

namespace motionspool::config {

[[nodiscard]] std::optional<int> read_integer(const Item&, int least, int most, Report&);

struct SpanRange {
    std::chrono::milliseconds least, most;
};
[[nodiscard]] std::optional<std::chrono::milliseconds> read_span(const Item&, SpanRange, Report&);
[[nodiscard]] std::optional<std::uint64_t> read_size(const Item&, std::uint64_t least, std::uint64_t most, Report&);
/// Counts from 1 to 100000, windows from 100 ms to 1 h; or `none`: nothing within.
[[nodiscard]] std::optional<std::optional<domain::Rate>> read_rate_or_none(const Item&, Report&);
/// Or `none`: nothing within.
[[nodiscard]] std::optional<std::optional<int>> read_integer_or_none(const Item&, int least, int most, Report&);
/// Not negative.
[[nodiscard]] std::optional<Credits> read_credits(const Item&, Report&);
/// Likewise, or `none`: nothing within.
[[nodiscard]] std::optional<std::optional<Credits>> read_credits_or_none(const Item&, Report&);
/// Seconds as a plain decimal: "6.5".
[[nodiscard]] std::optional<std::chrono::milliseconds> read_seconds(const Item&, SpanRange, Report&);
/// @param latest 23:59 or 24:00
[[nodiscard]] std::optional<std::chrono::minutes> read_time_of_day(const Item&, std::chrono::minutes latest, Report&);

}  // namespace motionspool::config
