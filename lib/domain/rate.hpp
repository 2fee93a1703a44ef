#pragma once
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include "base/id.hpp"
#include "base/time.hpp"

namespace motionspool::domain {

/// "20 per 10s".
struct Rate {
    int count = 20;
    std::chrono::milliseconds window{10'000};
    friend bool operator==(const Rate&, const Rate&) = default;
};

/// Who holds a place in the rate window. A submission holds one from ARMED until its answer's boot time + 1.01 windows: the server has counted it by the time
/// it answers, whatever the network did to it before. An unanswered one is taken as answered 15 s after ARMED.
class RateLog {
public:
    explicit RateLog(Rate rate) : rate_{rate} {}

    /// @param answered of a submission armed before a restart; nothing: no answer was seen
    void armed(AttemptId, BootTime at, std::optional<BootTime> answered = std::nullopt);
    void answered(AttemptId, BootTime at);
    /// It never reached the server: its place is free.
    void withdrawn(AttemptId);

    /// When the next submission may be armed, `entering` others having been let in and not yet armed; `now` if at once.
    /// @param count how many the window takes at present (the lane halves it when throttled)
    /// @return nothing while that is known only once one of the entering has its place
    [[nodiscard]] std::optional<BootTime> next(BootTime now, std::size_t entering, int count) const;
    [[nodiscard]] std::size_t occupied(BootTime now) const;
    /// Forgets places that are free.
    void forget_before(BootTime now);
    [[nodiscard]] const Rate& rate() const { return rate_; }

private:
    void put(AttemptId, BootTime armed, BootTime until);
    struct Held {
        BootTime armed, until;
    };
    Rate rate_;
    std::map<AttemptId, Held> held_;
    std::multiset<BootTime> until_;
};

/// A submission as the database remembers it.
struct PastSubmission {
    AttemptId id;
    bool of_this_boot = true;  ///< else its boot times mean nothing now
    BootTime armed;
    std::optional<BootTime> answered;
};
/// So many of the newest submissions may still hold a place: more than `count`, because one that is answered late outlives others that were armed after it.
[[nodiscard]] int to_remember(const Rate&);
/// The log where the last process left it. What was armed before this boot counts from its start: as answered then, or, if no answer was seen, as sent then.
[[nodiscard]] RateLog take_up(const Rate&, std::span<const PastSubmission>);

/// Until when a place is held.
[[nodiscard]] BootTime held_until(const Rate&, BootTime armed, std::optional<BootTime> answered);

}  // namespace motionspool::domain
