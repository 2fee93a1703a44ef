#pragma once
#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include "base/credits.hpp"
#include "base/time.hpp"
#include "domain/rate.hpp"
#include "domain/schedule.hpp"
#include "domain/window.hpp"

// What a manifest would wait for if it were dropped now, and when it could be finished at the earliest. A rehearsal of domain/schedule with everybody's jobs
// taking the usual time; the truth depends on the provider.
namespace motionspool::domain {

/// A budget, and what renews it.
struct PlannedPurse {
    std::string what;  ///< "the day's budget (credits.per_day)"
    Credits left;      ///< now
    Credits limit;     ///< once it is renewed
    Why why = Why::budget;
    std::function<Instant(Instant)> renewed;  ///< when it is full again, after an instant; nothing: never
};

/// One job: what it costs, and how long the provider usually takes for it.
struct PlannedJob {
    Credits price;
    std::chrono::milliseconds takes{0};
};

/// What keeps all of it from being submitted, now.
struct PlannedStop {
    Why why = Why::pause;
    std::string text;
    std::optional<Instant> until;  ///< nothing: until a person says otherwise
};

/// One manifest, as the batch it would become.
struct PlannedBatch {
    std::vector<PlannedJob> jobs;
    std::vector<std::size_t> purses;            ///< it pays from, among the world's
    std::vector<PlannedStop> stops;             ///< of its own: review, hold
    std::string window;                         ///< its name; empty: at any time
    std::function<WindowStand(Instant)> stand;  ///< of the window, if it has one
};

/// What all manifests share.
struct PlannedWorld {
    Instant now;
    std::optional<Rate> rate;                        ///< of submissions; nothing: no limit
    std::optional<std::size_t> limit;                ///< of tasks at once; nothing: no limit
    std::vector<std::chrono::milliseconds> running;  ///< how much longer each task at the provider takes
    std::vector<std::chrono::milliseconds> ahead;    ///< how long each job takes that is before them in the queue
    std::vector<PlannedPurse> purses;
    std::vector<PlannedStop> stops;
};

struct PlannedWait {
    Why why = Why::rate;
    std::size_t jobs = 0;  ///< that wait for it first of all
    std::string text;      ///< the limit and its numbers
    friend bool operator==(const PlannedWait&, const PlannedWait&) = default;
};

struct Plan {
    std::vector<PlannedWait> waits;  ///< in the order of Why
    std::optional<Instant> finish;   ///< of the last job that no budget keeps out, at the earliest; nothing: there is none
    std::size_t never = 0;           ///< jobs that no budget lets through, as they are
    bool needs_a_person = false;     ///< `finish` counts from now as if a person had said yes
    friend bool operator==(const Plan&, const Plan&) = default;
};

/// One plan a manifest, in order, as if they were dropped one behind the other.
[[nodiscard]] std::vector<Plan> plan(PlannedWorld, std::span<const PlannedBatch>);

}  // namespace motionspool::domain
