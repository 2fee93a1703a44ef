#pragma once
#include <random>
#include "app/actions.hpp"
#include "app/callbacks.hpp"
#include "app/delivery.hpp"
#include "app/gate.hpp"
#include "app/inputs.hpp"
#include "app/intake.hpp"
#include "app/quarantine.hpp"
#include "app/reconciler.hpp"
#include "app/reporter.hpp"
#include "app/submitter.hpp"
#include "app/tracker.hpp"

namespace motionspool::app {

/// What the service needs from the world outside.
struct Outside {
    Clock& clock;
    http::Client& http;
    media::Probe& probe;
    spool::Watcher& watcher;
    Places& places;                       ///< begun
    std::mt19937_64& random;              ///< for jitter
    std::function<std::string()> secret;  ///< 256 bits nobody guesses, as 64 lower-case hexadecimal digits
};

/// The street: a drop walks from intake to report. Owns every part, in the order in which they depend on each other, and every coroutine.
class Service {
public:
    Service(const Settings&, Outside, store::Store&, const spool::Layout&);
    /// Recovers, then works until stopped or cancelled. @throws what ended a part of it: a failed commit, a broken spool
    /// @param ready called once everything is recovered and the spool is watched
    asio::awaitable<void> run(std::function<void()> ready);
    /// Takes no more work; what is between request and answer is finished, everything else is left where it is recorded.
    void stop();
    /// Told in a few words how it stands, for the service manager: "ready", or what is waited for.
    std::function<void(const std::string&)> stands = [](const std::string&) {};
    /// The same, now.
    [[nodiscard]] std::string stand() const;
    [[nodiscard]] std::size_t unanswered() const { return submitter_.unanswered(); }
    [[nodiscard]] Quarantine& quarantine() { return quarantine_; }
    /// Runs beside the others, from when everything is recovered until the end: a listener that knows this service. Before run().
    void accompany(std::function<asio::awaitable<void>()> companion) { companions_.push_back(std::move(companion)); }
    [[nodiscard]] Callbacks& callbacks() { return callbacks_; }
    [[nodiscard]] Reconciler& reconciler() { return reconciler_; }
    [[nodiscard]] Actions& actions() { return actions_; }
    [[nodiscard]] const Intake& intake() const { return intake_; }
    /// The time that days, months and windows go by.
    [[nodiscard]] Instant accounting_time() const { return accounting_.moment().at; }

private:
    asio::awaitable<void> run_job(JobId);
    asio::awaitable<void> follow(AttemptId);
    asio::awaitable<void> deliver(JobId);
    void look_again(JobId);
    void recover();
    /// Is what the service works in still there? Now and then.
    asio::awaitable<void> watch_places();

    const Settings& settings_;
    Outside outside_;
    store::Store& store_;
    TaskGroup group_;
    Witness witness_;
    Quarantine quarantine_;
    AccountingClock accounting_;
    Balance balance_;
    Gate gate_;
    Inputs inputs_;
    Submitter submitter_;
    KeyWatch key_;
    Tracker tracker_;
    Evidence evidence_;
    Callbacks callbacks_;
    Reconciler reconciler_;
    Delivery delivery_;
    UrlInputs urls_;
    Intake intake_;
    Reporter reporter_;
    std::vector<std::function<asio::awaitable<void>()>> companions_;
    Actions actions_;
    bool stopping_ = false;
};

}  // namespace motionspool::app
