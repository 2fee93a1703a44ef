#pragma once
#include <functional>
#include <map>
#include <random>
#include <set>
#include "app/key_watch.hpp"
#include "async/clock.hpp"
#include "async/pace.hpp"
#include "async/wakeup.hpp"
#include "domain/outcome.hpp"
#include "http/client.hpp"
#include "kie/evidence.hpp"
#include "store/store.hpp"

namespace motionspool::app {

/// Follows a task until it ends. A bad answer says nothing about a task; polls share one lane.
class Tracker {
public:
    Tracker(const Settings&, Clock&, store::Store&, http::Client&, KeyWatch&, std::mt19937_64&);
    /// @return true once the job is `downloading`; false if it has gone elsewhere: failed, queued for another attempt, or another attempt's business
    asio::awaitable<bool> finish(AttemptId);
    /// Its end was told: asks at once, or as soon as it is followed, and often from then on. Repeats have no effect.
    void told(AttemptId);
    /// Its end may have been told while nobody listened: asks once more than it would, as soon as it is followed.
    void look(AttemptId);
    /// What the provider knows of a task, whosever it is; waits for its turn among the polls.
    asio::awaitable<kie::TaskRecord> look_at(std::string task);
    /// Asks at once about a task that was given up.
    asio::awaitable<void> look_late(AttemptId);
    /// Asks now and once an hour, for three days, about tasks that were given up: a late end revives the job. Runs until cancelled.
    asio::awaitable<void> follow_overdue();
    /// The API key in use made it.
    [[nodiscard]] bool same_key(const store::Attempt& attempt) const { return watch_.own(attempt); }
    /// The job of an overdue attempt: its task ended after all. It is `downloading` now, or failed for another reason.
    std::function<void(JobId)> revived = [](JobId) {};

private:
    /// How long ago it was submitted, whatever the wall clock did; of another boot at least as long as this one has lasted.
    [[nodiscard]] std::chrono::milliseconds age_of(const store::Attempt&) const;
    asio::awaitable<http::Exchange> ask(std::string task);
    /// @return whether the job is downloading now; nothing while the task goes on
    std::optional<bool> take(const store::Attempt&, const domain::TaskNews&);
    void failed(const store::Attempt&, const domain::TaskFailed&);
    /// @return whether the answer tells of the task
    asio::awaitable<bool> ask_late(store::Attempt);
    /// @param unknown the provider does not know its task
    /// @param news what the last question brought
    void give_up(const store::Attempt&, bool unknown, const domain::TaskNews& news);
    /// How long until it is asked about again.
    struct Followed;
    [[nodiscard]] std::chrono::milliseconds interval_of(const store::Attempt&, const Followed&) const;
    /// What the answer says about the task being known.
    void recognize(const store::Attempt&, Followed&, const domain::TaskNews&);

    const Settings& settings_;
    Clock& clock_;
    store::Store& store_;
    http::Client& http_;
    KeyWatch& watch_;
    std::mt19937_64& random_;
    Pace pace_;
    struct Followed {
        Wakeup wakeup;
        std::optional<BootTime> told, unknown;  ///< its end was told; since when the provider does not know it
    };
    std::map<AttemptId, Followed> followed_;
    std::set<AttemptId> told_, look_;  ///< and not yet followed
    std::set<AttemptId> late_;         ///< given up, and being asked about
};

}  // namespace motionspool::app
