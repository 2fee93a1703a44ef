#include "app/service.hpp"
#include <boost/system/system_error.hpp>
#include "app/carried_over.hpp"
#include "base/text.hpp"
#include "system/log.hpp"

namespace motionspool::app {
using namespace std::chrono_literals;

Service::Service(const Settings& settings, Outside outside, store::Store& store, const spool::Layout& layout)
    : settings_{settings},
      outside_{outside},
      store_{store},
      group_{store.executor},
      witness_{settings, store, outside.places},
      quarantine_{settings.config, witness_, store},
      accounting_{outside.clock},
      balance_{settings, outside.clock, accounting_, store, outside.http},
      gate_{settings, outside.clock, accounting_, store, balance_, outside.places},
      inputs_{settings, outside.clock, store, outside.http, layout, group_, outside.random},
      submitter_{settings, outside.clock, store, outside.http, gate_, outside.places, witness_, outside.random, std::move(outside.secret)},
      key_{settings, outside.clock, store},
      tracker_{settings, outside.clock, store, outside.http, key_, outside.random},
      evidence_{outside.clock, store},
      callbacks_{outside.clock, store, tracker_, evidence_, group_},
      reconciler_{outside.clock, store, tracker_, evidence_},
      delivery_{settings, outside.clock, store, outside.http, outside.places, outside.random},
      urls_{settings, outside.clock, outside.http, group_, store.executor},
      intake_{settings, outside.clock, store, outside.probe, urls_, layout, outside.places, outside.watcher},
      reporter_{settings, outside.clock, store, layout},
      actions_{settings.config, outside.clock, store} {
    store_.attempts.prices = [&settings] { return settings.config.credits.prices(); };
    gate_.let_in = [this](JobId id) { group_.spawn(run_job(id)); };
    quarantine_.ended = [this] { gate_.look_again(); };
    gate_.answers_kept = [this] { return witness_.places(); };
    gate_.lacks_inputs = [this] { inputs_.look_again(); };
    key_.changed = [this] { gate_.look_again(); };
    balance_.heard = [this] { gate_.look_at_clocks(); };
    balance_.changed = [this] { gate_.look_again(); };
    inputs_.look_ahead = [this](Line::Ahead& ahead) { return gate_.look_ahead(ahead); };
    inputs_.changed = [this] { gate_.look_again(); };
    inputs_.failed_in = [this](BatchId batch) { reporter_.touched(batch); };
    tracker_.revived = [this](JobId id) { group_.spawn(deliver(id)); };
    evidence_.rendered = [this](JobId id) { group_.spawn(deliver(id)); };
    evidence_.submitted = [this](AttemptId id) {
        tracker_.told(id);
        group_.spawn(follow(id));
    };
    reconciler_.changed = [this](JobId id) { look_again(id); };
    const auto changed = [this](BatchId batch) {
        inputs_.look_again();
        gate_.look_again();
        reporter_.touched(batch);
    };
    intake_.on_accepted(changed);
    intake_.on_taken_up([this](AttemptId id) { group_.spawn(follow(id)); }, [this](JobId id) { group_.spawn(deliver(id)); });
    actions_.changed = changed;
    actions_.paused = [this] { gate_.look_again(); };
    actions_.resumed = [this] { return key_.meant(); };
    actions_.follow = [this](AttemptId id) { group_.spawn(follow(id)); };
    actions_.deliver = [this](JobId id) { group_.spawn(deliver(id)); };
}

asio::awaitable<void> Service::run(std::function<void()> ready) {
    recover();
    co_await store_.commits.durable();
    witness_.forget_adopted();
    group_.spawn(store_.commits.watch());
    group_.spawn(watch_places());
    for (const auto& attempt : store_.attempts.submitted()) {
        const bool asks = attempt.callback || key_.in_question(attempt);  // that may have come while nobody listened
        if (asks) tracker_.look(attempt.id);
        group_.spawn(follow(attempt.id));
    }
    for (const auto id : store_.jobs.in_state(domain::JobState::downloading)) group_.spawn(deliver(id));
    callbacks_.recover();
    group_.spawn(intake_.listen());
    group_.spawn(intake_.run());
    group_.spawn(inputs_.run());
    group_.spawn(balance_.run());
    group_.spawn(gate_.run());
    group_.spawn(tracker_.follow_overdue());
    group_.spawn(reporter_.run());
    for (const auto& companion : companions_) group_.spawn(companion());
    ready();
    std::exception_ptr failure;
    try {
        co_await group_.join();
    } catch (const boost::system::system_error& error) {
        if (!stopping_ || error.code() != asio::error::operation_aborted) failure = std::current_exception();
    } catch (...) { failure = std::current_exception(); }
    reporter_.stopped();
    if (failure) std::rethrow_exception(failure);
}

void Service::recover() {
    const auto now = outside_.clock.now();
    store_.attempts.stopped = [](const std::string& text) { log::error("{}", text); };
    witness_.recover(now);
    const auto lost = store_.attempts.recover(now);
    if (lost > 0)
        log::warn(
            "{} under way when the last process ended: what was sent may have been paid and is not sent again; `motionspool uncertain list` tells what to do",
            count_of(lost, "submission was", "submissions were"));
    store_.jobs.recover(now);
    store_.uploads.forget_trouble(std::nullopt);
    store_.deliveries.recover();
    delivery_.recover();
    accounting_.recover(store_);
    carry_over(store_, settings_.config, now);
    key_.recover();
    gate_.recover(lost > 0);
    intake_.recover();
    reporter_.recover();
}

asio::awaitable<void> Service::watch_places() {
    constexpr auto between_looks = 5s;
    auto away = outside_.places.away();
    for (auto told = stand();;) {
        co_await outside_.clock.sleep_for(between_looks);
        const auto turn = outside_.places.look();
        if (turn == Places::Turn::left) witness_.output_left();
        if (turn == Places::Turn::returned) {
            for (const auto id : witness_.output_returned(outside_.clock.now())) group_.spawn(follow(id));
        }
        auto now_away = outside_.places.away();
        if (std::exchange(away, std::move(now_away)) != away) gate_.look_again();
        const auto now_stands = stand();
        if (std::exchange(told, now_stands) != now_stands) stands(now_stands);
    }
}

std::string Service::stand() const {
    if (const auto away = outside_.places.away()) return "waits for " + away->folder + " " + away->directory;
    return store_.notes.fact("spool_lost") ? "waits for the spool " + settings_.config.spool.directory : "ready";
}

void Service::stop() {
    stopping_ = true;
    group_.cancel();
}

asio::awaitable<void> Service::run_job(JobId id) {
    const auto attempt = co_await submitter_.submit(id);
    if (const auto last = store_.attempts.last_of(id)) callbacks_.answered(last->id);
    if (attempt && !group_.cancelled())
        co_await follow(*attempt);
    else
        look_again(id);
}

asio::awaitable<void> Service::follow(AttemptId id) {
    const auto attempt = store_.attempts.get(id);
    const bool rendered = co_await tracker_.finish(id);
    look_again(attempt->job);
    if (rendered) co_await deliver(attempt->job);
}

asio::awaitable<void> Service::deliver(JobId id) {
    gate_.look_again();
    co_await delivery_.fetch(id);
    look_again(id);
}

void Service::look_again(JobId id) {
    gate_.look_again();
    inputs_.look_again();
    if (const auto job = store_.jobs.get(id)) reporter_.touched(job->batch);
}

}  // namespace motionspool::app
