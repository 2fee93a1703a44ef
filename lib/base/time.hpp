#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace motionspool {

/// Wall time, for people and for what outlives the machine. Jumps with the system clock: no limit may depend on it.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// The kernel's time since boot, suspend included. Never jumps, starts anew with each boot; all waiting and every limit is on it.
struct BootClock {
    using duration = std::chrono::milliseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<BootClock>;
    static constexpr bool is_steady = true;
};
using BootTime = BootClock::time_point;

/// "2026-11-24T22:05:01.123Z" (RFC 3339, UTC); milliseconds only where they are not zero.
[[nodiscard]] std::string to_rfc3339(Instant);
/// The inverse, offsets such as +01:00 included.
[[nodiscard]] std::optional<Instant> parse_rfc3339(std::string_view);

/// The `Date` of an HTTP answer: "Tue, 24 Nov 2026 22:05:01 GMT" (RFC 9110); nothing for any other form.
[[nodiscard]] std::optional<Instant> parse_http_date(std::string_view);

/// "500ms", "2s", "5min", "1h", "7d"; a whole number and one unit, not negative, nothing between; at most 1000 years.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view);
/// In words a person uses, the rest cut off: "250 ms", "12 s", "6.5 s", "5 min", "1 h 5 min", "3 d 2 h".
[[nodiscard]] std::string to_words(std::chrono::milliseconds);

}  // namespace motionspool
