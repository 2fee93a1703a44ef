#pragma once
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include "base/time.hpp"

namespace motionspool::domain {

/// How one attempt of a group (the same image, or the same motion) ended.
struct GroupAttempt {
    std::string cause;  ///< the failure's code; empty: it succeeded
    Instant ended;
};

struct BreakerRule {
    int failures = 5;
    std::chrono::milliseconds probe_after = std::chrono::minutes{15};
};

/// So many of the group failed in a row for one cause that the next would be likely to, too.
struct Tripped {
    std::string cause;
    int failures = 0;
    std::chrono::milliseconds left{0};  ///< until one job tries; zero: one may
    friend bool operator==(const Tripped&, const Tripped&) = default;
};

/// @param newest_first the group's last attempts that ended in a success or a failure of their own, at least `failures` of them if there are so many
/// @param released no failure before it counts
/// @return nothing if the group is in order
[[nodiscard]] std::optional<Tripped> tripped(std::span<const GroupAttempt> newest_first, const BreakerRule&, Instant released, Instant now);

}  // namespace motionspool::domain
