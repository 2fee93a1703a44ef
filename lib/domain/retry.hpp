#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include "base/credits.hpp"
#include "domain/outcome.hpp"

namespace motionspool::domain {

inline constexpr std::chrono::milliseconds longest_retry_delay = std::chrono::minutes{5};
/// No wait before a job is tried again is longer, whatever the wall clock did to its end.
inline constexpr std::chrono::milliseconds longest_backoff = std::chrono::minutes{10};

/// How long to wait before retry `n`, before jitter: doubles from 2 s, stops growing at 5 min. @pre n >= 1
[[nodiscard]] std::chrono::milliseconds retry_delay(int n);
/// Full jitter: anything from 0 to `longest`, chosen by `random`.
[[nodiscard]] std::chrono::milliseconds jittered(std::chrono::milliseconds longest, std::uint64_t random);

/// Ends of an attempt that are counted apart from the job's tries.
enum class Oddity : std::uint8_t {
    field_required,  ///< "This field is required"
    unexplained,     ///< a task that failed in words nobody knows
};
[[nodiscard]] std::string_view to_string(Oddity);

/// May a failed attempt be followed by a new, paid one? Only if it is known to have cost nothing, the cause may pass by itself, and attempts are left.
/// @param unexplained_before how many of the job's tasks had ended in words nobody knows before this one
[[nodiscard]] bool may_retry(FailCause, std::optional<Credits> consumed, int attempts_made, int attempts_allowed, int unexplained_before = 0);

/// "This field is required" has come and gone for one and the same order: it is sent again after this long, using no try; nothing: it is a bad parameter.
/// @param before how often the job was told so before
[[nodiscard]] std::optional<std::chrono::minutes> wait_for_field(int before);
/// The job's cause for a refusal that is the job's own fault; nothing if the lane is at fault.
[[nodiscard]] std::optional<FailCause> own_fault(Refusal);

/// How long until a task is asked about again, by its age: every 2.5 s at first, ever slower. Without an end in sight at `deadline`: every 5 min.
/// @param called_back its end will be told: not before 90 s (no render is that quick), then every minute, growing to 5; callbacks may get lost
[[nodiscard]] std::chrono::milliseconds poll_interval(std::chrono::milliseconds age, std::chrono::milliseconds deadline, bool called_back = false);

}  // namespace motionspool::domain
