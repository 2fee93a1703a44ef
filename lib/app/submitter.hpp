#pragma once
#include <random>
#include "app/gate.hpp"
#include "app/settings.hpp"
#include "app/witness.hpp"
#include "async/clock.hpp"
#include "http/client.hpp"
#include "store/store.hpp"

namespace motionspool::app {

/// Pays, at most once. Connect; commit the intent (ARMED); tell the witness; exchange; commit the outcome. Nothing that may have been accepted is ever sent
/// again.
class Submitter {
public:
    Submitter(const Settings&, Clock&, store::Store&, http::Client&, Gate&, Places&, Witness&, std::mt19937_64&, std::function<std::string()> secret);
    /// Submits a job that was let in. From ARMED on it cannot be cancelled: what is between request and answer is finished.
    /// @return the attempt if the provider has a task for it; else the job has gone where its outcome says
    asio::awaitable<std::optional<AttemptId>> submit(JobId);
    /// How many are between ARMED and the outcome's commit.
    [[nodiscard]] std::size_t unanswered() const { return unanswered_; }

private:
    asio::awaitable<std::optional<AttemptId>> pay(const store::Job&, Gate::Booking, http::Line&);
    /// What is sent, and what is remembered of it: the callback's secret is not in the database, only its hash.
    struct Order {
        std::string body, remembered;
        std::optional<std::string> callback;
    };
    [[nodiscard]] std::optional<Order> order_of(const store::Job&);
    /// createTask's answer, in the light of what else is known: another job's task, a callback that came before it.
    [[nodiscard]] domain::Submission weighed(AttemptId, domain::Submission);
    asio::awaitable<domain::Submission> ask(std::string body, http::Line&);
    /// Between the ARMED commit and the first byte: is what was committed still where the next start looks for it, and is the witness told?
    [[nodiscard]] Done ready_to_send(AttemptId);
    /// Commits the outcome. @throws what kept it from being committed; an accepted task is then with the witness
    asio::awaitable<void> settle(const store::Job&, AttemptId, const domain::Submission&, BootTime answered);
    void record(const store::Job&, AttemptId, const domain::Submission&, BootTime answered);
    [[nodiscard]] store::AttemptChange change_for(const store::Job&, const domain::Refused&);

    const Settings& settings_;
    Clock& clock_;
    store::Store& store_;
    http::Client& http_;
    Gate& gate_;
    Places& places_;
    Witness& witness_;
    std::mt19937_64& random_;
    std::function<std::string()> secret_;
    std::size_t unanswered_ = 0;
};

}  // namespace motionspool::app
