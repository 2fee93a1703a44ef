#pragma once
#include <map>
#include <set>
#include <string>
#include "app/books.hpp"

namespace motionspool::app {

/// The breaker: groups of jobs with the same image, or the same motion, and how their last attempts ended. Remembers what it looked up until told to forget.
class Groups {
public:
    Groups(const config::Config&, store::Store&);
    /// An attempt began or ended.
    void forget();
    /// The group that holds the job back, if one does. @param now wall time, as attempts' ends are recorded in
    [[nodiscard]] std::optional<domain::Held> held(const store::NextJob&, Instant now, BootTime boot, const Entering&);
    /// Contents found to be held since the last forget(), and still held now.
    [[nodiscard]] std::vector<std::string> all_held(BootTime now) const;
    /// A group that was not held before, found through this job.
    struct Trip {
        JobId job;
        domain::Held held;
    };
    /// Those found since it was last asked.
    [[nodiscard]] std::vector<Trip> take_trips();
    /// When the first of them is tried.
    [[nodiscard]] std::optional<BootTime> next_trial(BootTime now) const;

private:
    struct Group {
        std::vector<domain::GroupAttempt> ended;
        bool under_way = false;
    };
    const Group& group(const std::string& content, bool image);
    [[nodiscard]] std::optional<domain::Held> held_by(const std::string& content, bool image, const store::NextJob&, Instant now, BootTime boot,
                                                      const Entering&);
    domain::BreakerRule rule_;
    store::Store& store_;
    std::map<std::string, Group> images_, motions_;
    std::map<std::string, domain::Held> held_;
    std::set<std::string> known_;  ///< contents that are held, and were told of
    std::vector<Trip> trips_;
};

}  // namespace motionspool::app
