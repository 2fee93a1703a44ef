#pragma once
// What plain text means: our own reading, never YAML's (no octal, no yes/no, no floating point).
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include "domain/rate.hpp"

namespace motionspool::config {

/// "12", "-3"; at most 15 digits.
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view);
/// "500ms", "2s", "5min", "1h", "7d", and "0".
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_span(std::string_view);
/// Bytes: "10MB" is 10^7, "10MiB" 10 x 2^20; B KB MB GB TB, KiB MiB GiB, one space allowed between; "0". Decimals only as far as they make whole bytes.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view);
/// "20 per 10s".
[[nodiscard]] std::optional<domain::Rate> parse_rate(std::string_view);
/// "22:00" as minutes after midnight, up to "24:00".
[[nodiscard]] std::optional<std::chrono::minutes> parse_time_of_day(std::string_view);

}  // namespace motionspool::config
