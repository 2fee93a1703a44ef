#pragma once
#include <functional>
#include <random>
#include "app/settings.hpp"
#include "async/clock.hpp"
#include "async/pace.hpp"
#include "domain/outcome.hpp"
#include "http/client.hpp"
#include "store/store.hpp"

namespace motionspool::app {

/// Follows a task until it ends. A bad answer says nothing about a task; polls share one lane.
class Tracker {
public:
    Tracker(const Settings&, Clock&, store::Store&, http::Client&, std::mt19937_64&);
    /// @return true once the job is `downloading`; false if it has gone elsewhere: failed, or queued for another attempt
    asio::awaitable<bool> finish(AttemptId);
    /// Asks once an hour, for three days, about tasks that were given up: a late end revives the job. Runs until cancelled.
    asio::awaitable<void> follow_overdue();
    /// The job of an overdue attempt: its task ended after all. It is `downloading` now, or failed for another reason.
    std::function<void(JobId)> revived = [](JobId) {};

private:
    /// How long ago it was submitted, whatever the wall clock did; of another boot at least as long as this one has lasted.
    [[nodiscard]] std::chrono::milliseconds age_of(const store::Attempt&) const;
    asio::awaitable<domain::TaskNews> ask(const std::string& task);
    /// @return whether the job is downloading now; nothing while the task goes on
    std::optional<bool> take(const store::Attempt&, const domain::TaskNews&);
    void failed(const store::Attempt&, const domain::TaskFailed&, bool may_try_again = true);
    asio::awaitable<void> ask_late(store::Attempt);
    void give_up(const store::Attempt&);

    const Settings& settings_;
    Clock& clock_;
    store::Store& store_;
    http::Client& http_;
    std::mt19937_64& random_;
    Pace pace_;
};

}  // namespace motionspool::app
