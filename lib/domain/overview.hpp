#pragma once
#include <map>
#include <optional>
#include <string>
#include <utility>
#include "base/credits.hpp"
#include "base/time.hpp"
#include "domain/job.hpp"
#include "domain/schedule.hpp"

namespace motionspool::domain {

/// A budget of many batches, and how much of it is in use.
struct BudgetUse {
    std::string what;  ///< "the day 2026-11-24"
    Credits spent, reserved;
    std::optional<Credits> limit;  ///< nothing: none
    std::string key;               ///< what sets it: "credits.per_day"
};

/// A spool that is not there: unmounted, renamed or removed.
struct LostSpool {
    std::string directory;
    std::optional<Instant> since;  ///< when the daemon missed it, if it did
};

/// The service at a glance.
struct Overview {
    std::map<JobState, std::size_t> counts;
    std::size_t tasks = 0;                                     ///< at the provider, submissions under way included
    std::size_t uncertain = 0;                                 ///< submissions whose answer was lost: each may be a task, or none
    bool callbacks = false;                                    ///< a callback may still resolve an uncertain one
    std::size_t places = 0;                                    ///< of limits.running that are taken: tasks, and uncertain ones while they are young
    std::optional<std::size_t> limit;                          ///< of places
    Credits reserved, spent;                                   ///< in all
    std::optional<std::pair<std::string, std::string>> waits;  ///< what submissions wait for, and the words for it
    std::string remedy{};                                      ///< what ends that
    std::map<Why, std::size_t> waiting{};                      ///< how many queued jobs wait for what
    std::size_t next = 0;                                      ///< and how many for nothing but their turn
    std::optional<Credits> balance{}, available{};             ///< of the account when it was last read, and what is left of it for new jobs
    std::optional<Instant> balance_read{};
    std::vector<BudgetUse> budgets{};
    std::optional<LostSpool> lost_spool{};
    std::optional<Dispute> clocks{};  ///< nobody knows the date
    std::size_t lost{};               ///< of the places: held as the answers to submissions were lost
    std::size_t unknown{};            ///< tasks under way that the provider does not know
};

/// "2 queued, 1 running, 3 done"; "" for none.
[[nodiscard]] std::string in_words(const std::map<JobState, std::size_t>& counts);
/// A line each: jobs, what they wait for, tasks, what is uncertain, credits, the account, budgets, what all of them wait for.
[[nodiscard]] std::string to_text(const Overview&);

/// What STATUS.txt says while the daemon runs, and when it has stopped.
[[nodiscard]] std::string status_file(const std::string& instance, const Overview&, Instant now);
[[nodiscard]] std::string stopped_status_file(const std::string& instance, const Overview&, Instant since);

}  // namespace motionspool::domain
