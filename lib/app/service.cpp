#include "app/service.hpp"
#include <spdlog/spdlog.h>
#include <boost/system/system_error.hpp>

namespace motionspool::app {

Service::Service(const Settings& settings, Outside outside, store::Store& store, const spool::Layout& layout)
    : outside_{outside},
      store_{store},
      group_{store.executor},
      witness_{settings, store},
      quarantine_{witness_, store},
      gate_{settings, outside.clock, store, outside.http},
      inputs_{settings, outside.clock, store, outside.http, layout, group_, outside.random},
      submitter_{settings, outside.clock, store, outside.http, gate_, witness_, outside.random},
      tracker_{settings, outside.clock, store, outside.http, outside.random},
      delivery_{settings, outside.clock, store, outside.http, outside.random},
      intake_{settings, outside.clock, store, outside.probe, layout, outside.watcher},
      reporter_{settings, outside.clock, store, layout} {
    gate_.let_in = [this](JobId id) { group_.spawn(run_job(id)); };
    quarantine_.ended = [this] { gate_.look_again(); };
    inputs_.changed = [this] { gate_.look_again(); };
    inputs_.failed_in = [this](BatchId batch) { reporter_.touched(batch); };
    tracker_.revived = [this](JobId id) { group_.spawn(go_on(id)); };
    intake_.accepted = [this](BatchId batch) {
        inputs_.look_again();
        gate_.look_again();
        reporter_.touched(batch);
    };
}

asio::awaitable<void> Service::run(std::function<void()> ready) {
    recover();
    co_await store_.commits.durable();
    witness_.forget_adopted();
    group_.spawn(store_.commits.watch());
    for (const auto state : {domain::JobState::running, domain::JobState::downloading}) {
        for (const auto id : store_.jobs.in_state(state)) group_.spawn(go_on(id));
    }
    group_.spawn(intake_.listen());
    group_.spawn(intake_.run());
    group_.spawn(inputs_.run());
    group_.spawn(gate_.run());
    group_.spawn(tracker_.follow_overdue());
    group_.spawn(reporter_.run());
    ready();
    try {
        co_await group_.join();
    } catch (const boost::system::system_error& error) {
        if (!stopping_ || error.code() != asio::error::operation_aborted) throw;
    }
}

void Service::recover() {
    const auto now = outside_.clock.now();
    witness_.recover(now);
    const auto lost = store_.attempts.recover(now);
    if (lost > 0) spdlog::warn("{} submissions were under way when the last process ended; they may have been paid and are not sent again", lost);
    store_.jobs.recover(now);
    store_.uploads.forget_trouble(std::nullopt);
    store_.deliveries.recover();
    gate_.recover();
    intake_.recover();
    reporter_.recover();
}

void Service::stop() {
    stopping_ = true;
    group_.cancel();
}

asio::awaitable<void> Service::run_job(JobId id) {
    const auto attempt = co_await submitter_.submit(id);
    if (attempt && !group_.cancelled())
        co_await go_on(id);
    else if (const auto job = store_.jobs.get(id))
        reporter_.touched(job->batch);
    inputs_.look_again();
}

asio::awaitable<void> Service::go_on(JobId id) {
    const auto job = store_.jobs.get(id);
    const auto attempt = store_.attempts.last_of(id);
    bool rendered = job->state == domain::JobState::downloading;
    if (job->state == domain::JobState::running) rendered = co_await tracker_.finish(attempt->id);
    gate_.look_again();
    inputs_.look_again();
    if (rendered) co_await delivery_.fetch(id);
    reporter_.touched(job->batch);
}

}  // namespace motionspool::app
