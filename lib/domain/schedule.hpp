#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include "base/id.hpp"
#include "domain/lane.hpp"
#include "domain/rate.hpp"

// Which job goes next, and why one waits. Pure: whatever it needs is in the arguments.
namespace motionspool::domain {

/// What a queued job waits for; the names are `waiting_for` of the interface, in the order in which they are reported.
enum class Why { review, hold, approval, quarantine, pause, provider, disk, window, breaker, backoff, budget, credits, running, rate };
[[nodiscard]] std::string_view to_string(Why);

struct Blocked {
    Why why;
    std::optional<BootTime> until;  ///< when that changes by itself, if it is known
    std::string numbers;            ///< for people: "100 of 100 tasks are running"
    friend bool operator==(const Blocked&, const Blocked&) = default;
};

/// A filesystem below `output.keep_free`.
struct LowDisk {
    std::string where;
    std::uint64_t free = 0, keep = 0;
};

/// What is the same for all jobs.
struct World {
    std::optional<std::string> quarantine;  ///< why, if an old database was put back
    std::optional<LowDisk> low_disk;
    Lane lane;
    std::size_t running = 0;           ///< tasks at the provider, and submissions under way
    std::optional<std::size_t> limit;  ///< of `running`
    std::size_t entering = 0;          ///< let in and not yet ARMED: they count as running, too
    std::size_t unanswered = 0;        ///< submissions between ARMED and their answer
    const RateLog* rate = nullptr;     ///< nothing: no limit
};

/// What is a job's own.
struct Candidate {
    JobId id;
    std::optional<BootTime> not_before;  ///< backing off until then
};

/// The lane's reason that nothing at all may be submitted now.
[[nodiscard]] std::optional<Blocked> lane_blocked(const World&, BootTime now);
/// Why this job may not be submitted now: the first that applies.
[[nodiscard]] std::optional<Blocked> blocked(const Candidate&, const World&, BootTime now);

/// Nothing to submit now; look again then, or when something changes.
struct LookAgain {
    std::optional<BootTime> at;
};
/// The first candidate that is not blocked. A lane's reason ends the search, so that cheap jobs do not starve dear ones.
[[nodiscard]] std::variant<JobId, LookAgain> decide(const World&, std::span<const Candidate> in_order, BootTime now);

}  // namespace motionspool::domain
