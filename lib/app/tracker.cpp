#include "app/tracker.hpp"
#include <algorithm>
#include "async/wait.hpp"
#include "domain/retry.hpp"
#include "kie/tasks.hpp"
#include "system/log.hpp"

namespace motionspool::app {
using namespace std::chrono_literals;
using domain::AttemptState;
using domain::JobState;

namespace {
constexpr auto late_interval = 1h;
constexpr auto just_made = 2min;  ///< a task younger than that may be unknown without a meaning

/// The job's step, if it stands where the step begins; else the attempt goes its own way, and only the money is at stake.
std::optional<store::JobStep> if_there(const store::Job& job, store::JobStep step) {
    if (job.state != step.from) return std::nullopt;
    return step;
}

Pace pace_of(Clock& clock, const std::optional<domain::Rate>& rate) {
    if (!rate) return {clock, 0, {}};
    return {clock, static_cast<std::size_t>(rate->count), rate->window};
}
}  // namespace

Tracker::Tracker(const Settings& settings, Clock& clock, store::Store& store, http::Client& http, KeyWatch& watch, std::mt19937_64& random)
    : settings_{settings}, clock_{clock}, store_{store}, http_{http}, watch_{watch}, random_{random}, pace_{pace_of(clock, settings.config.limits.polls)} {}

asio::awaitable<bool> Tracker::finish(AttemptId id) {
    struct Place {
        std::map<AttemptId, Followed>& followed;
        AttemptId id;
        ~Place() { followed.erase(id); }
    };
    const auto deadline = settings_.config.limits.task_deadline;
    const auto [place, fresh] = followed_.try_emplace(id, Followed{Wakeup{store_.executor}, std::nullopt, std::nullopt});
    if (!fresh) co_return false;
    const Place leaves{followed_, id};
    auto& me = place->second;
    if (told_.erase(id) > 0) told(id);
    if (look_.erase(id) > 0) me.wakeup.ring();
    for (;;) {
        const auto attempt = store_.attempts.get(id);
        if (!attempt || attempt->state != AttemptState::submitted) co_return false;
        const auto interval = interval_of(*attempt, me);
        const auto next = clock_.boot() + interval - interval / 8 + domain::jittered(interval / 4, random_());
        co_await wait(me.wakeup, clock_, next);
        auto asking = ask(*attempt->task);
        const auto exchange = co_await std::move(asking);
        const auto news = kie::read_news(exchange, *attempt->task);
        recognize(*attempt, me, news);
        const auto over = take(*attempt, news);
        if (over) {
            co_await store_.commits.durable();
            co_return *over;
        }
        if (age_of(*attempt) > deadline) {
            give_up(*attempt, me.unknown || (!domain::knows_task(news) && store_.attempts.unknown(attempt->job)), news);
            co_return false;
        }
    }
}

std::chrono::milliseconds Tracker::interval_of(const store::Attempt& attempt, const Followed& me) const {
    const auto deadline = settings_.config.limits.task_deadline;
    const auto now = clock_.boot();
    const auto age = age_of(attempt);
    const auto usual = me.told ? domain::poll_interval(now - *me.told, deadline) : domain::poll_interval(age, deadline, attempt.callback.has_value());
    return me.unknown ? domain::unknown_interval(usual, now - *me.unknown, watch_.own(attempt), deadline - age) : usual;
}

void Tracker::recognize(const store::Attempt& attempt, Followed& me, const domain::TaskNews& news) {
    const auto known = domain::knows_task(news);
    if (!known) return;
    if (*known) {
        me.unknown.reset();
        return watch_.known(attempt);
    }
    if (!me.unknown) me.unknown = clock_.boot();
    watch_.unknown(attempt, clock_.boot() + interval_of(attempt, me), age_of(attempt) > just_made);
}

std::chrono::milliseconds Tracker::age_of(const store::Attempt& attempt) const {
    const auto now = clock_.boot();
    return attempt.boot == clock_.boot_id() ? now - attempt.armed_boot : now.time_since_epoch();
}

void Tracker::told(AttemptId id) {
    const auto followed = followed_.find(id);
    if (followed == followed_.end()) {
        told_.insert(id);
    } else if (!followed->second.told) {
        followed->second.told = clock_.boot();
        followed->second.wakeup.ring();
    }
}

void Tracker::look(AttemptId id) { look_.insert(id); }

asio::awaitable<kie::TaskRecord> Tracker::look_at(std::string task) {
    auto asking = ask(task);
    const auto exchange = co_await std::move(asking);
    co_return kie::read_record(exchange, task);
}

asio::awaitable<void> Tracker::look_late(AttemptId id) {
    const auto attempt = store_.attempts.get(id);
    if (!attempt || attempt->state != AttemptState::overdue || !late_.insert(id).second) co_return;
    struct Place {
        std::set<AttemptId>& late;
        AttemptId id;
        ~Place() { late.erase(id); }
    };
    const Place leaves{late_, id};
    auto asking = ask_late(*attempt);
    co_await std::move(asking);
}

asio::awaitable<http::Exchange> Tracker::ask(std::string task) {
    co_await pace_.turn();
    const http::Limits limits{.total = 60s, .idle = 30s, .body = 1u << 20};
    auto request = kie::ask_task(settings_.key.reveal(), task);
    auto asking = http_.send(settings_.api, std::move(request), limits, nullptr, http::Reach::anywhere);
    co_return co_await std::move(asking);
}

std::optional<bool> Tracker::take(const store::Attempt& attempt, const domain::TaskNews& news) {
    if (const auto* succeeded = std::get_if<domain::Succeeded>(&news)) {
        const auto job = store_.jobs.get(attempt.job);
        const store::AttemptChange change{
            .from = AttemptState::submitted,
            .to = AttemptState::succeeded,
            .event = "rendered" + (succeeded->consumed ? ", " + in_words(*succeeded->consumed) : ", " + in_words(attempt.estimate) + " estimated"),
            .consumed = succeeded->consumed,
            .result_url = succeeded->url,
            .job = if_there(*job, {.from = JobState::running, .to = JobState::downloading})};
        return store_.attempts.change(attempt.id, change, clock_.now()) && change.job;
    }
    if (const auto* bad = std::get_if<domain::TaskFailed>(&news)) {
        failed(attempt, *bad);
        return false;
    }
    if (const auto* fast = std::get_if<domain::PollTooFast>(&news)) {
        pace_.hold_until(clock_.boot() + fast->retry_after.value_or(5s));
    } else if (const auto* refused = std::get_if<domain::KeyRefused>(&news)) {
        const auto next = clock_.boot() + 30s;
        watch_.refused(attempt, refused->message, next);
        pace_.hold_until(next);
    } else if (const auto* none = std::get_if<domain::NoNews>(&news)) {
        log::debug("no news of task {}: {}", *attempt.task, none->why);
    }
    return std::nullopt;
}

void Tracker::failed(const store::Attempt& attempt, const domain::TaskFailed& bad) {
    const auto job = store_.jobs.get(attempt.job);
    const bool open = store_.batches.get(job->batch)->state == "open";  // of a batch that has ended nothing is submitted any more
    store::JobStep step{.from = JobState::running, .to = JobState::failed, .counts = true};
    if (bad.cause == domain::FailCause::image_fetch) store_.forget_uploads(*job);
    const bool unexplained = bad.cause == domain::FailCause::unexplained;
    const int before = unexplained ? store_.attempts.oddities(job->id, job->stage, domain::Oddity::unexplained) : 0;
    if (open && domain::may_retry(bad.cause, bad.consumed, job->tries + 1, settings_.config.limits.attempts, before)) {
        step.to = JobState::queued;
        step.not_before = clock_.now() + domain::jittered(domain::retry_delay(job->tries + 1), random_());
    } else {
        step.error = store::JobError{to_string(bad.cause), bad.message};
    }
    store::AttemptChange change{.from = AttemptState::submitted,
                                .to = AttemptState::failed,
                                .event = "task failed: " + bad.message,
                                .consumed = bad.consumed,
                                .job = if_there(*job, step),
                                .cause = to_string(bad.cause)};
    if (unexplained) change.oddity = domain::Oddity::unexplained;
    store_.attempts.change(attempt.id, change, clock_.now());
    log::warn("{}/{} {}{}", job->batch_name, job->name, change.event, unexplained ? " (words that are not known: such a task is repeated once at most)" : "");
}

asio::awaitable<void> Tracker::follow_overdue() {
    for (bool an_hour_later = false;; an_hour_later = true) {  // restarts one after another ask more often, and use up no question
        for (const auto& attempt : store_.attempts.overdue(late_questions)) {
            auto asking = ask_late(attempt);
            const auto answered = co_await std::move(asking);
            if (answered && an_hour_later) store_.attempts.asked_late(attempt.id);
        }
        watch_.look_again();
        co_await clock_.sleep_for(late_interval);
    }
}

asio::awaitable<bool> Tracker::ask_late(store::Attempt attempt) {
    auto asking = ask(*attempt.task);
    const auto exchange = co_await std::move(asking);
    const auto news = kie::read_news(exchange, *attempt.task);
    const auto known = domain::knows_task(news);
    if (known && *known) watch_.known(attempt);
    const auto job = store_.jobs.get(attempt.job);
    const auto* bad = std::get_if<domain::TaskFailed>(&news);
    if (bad == nullptr && !std::holds_alternative<domain::Succeeded>(news)) co_return known.has_value();
    const store::AttemptChange late{.from = AttemptState::overdue,
                                    .to = AttemptState::submitted,
                                    .event = "task " + *attempt.task + " ended after all",
                                    .job = if_there(*job, {.from = JobState::failed, .to = JobState::running})};
    if (!store_.attempts.change(attempt.id, late, clock_.now())) co_return true;
    if (bad != nullptr)
        failed(attempt, *bad);
    else
        (void)take(attempt, news);
    revived(attempt.job);
    co_return true;
}

void Tracker::give_up(const store::Attempt& attempt, bool unknown, const domain::TaskNews& news) {
    const auto limit = to_words(settings_.config.limits.task_deadline);
    const auto job = store_.jobs.get(attempt.job);
    const auto silence = unknown ? std::nullopt : domain::silence(news);
    const auto unasked = silence ? fmt::format("the provider could not be asked about task {} when its {} were over: {}", *attempt.task, limit, *silence) : "";
    const auto error = unknown
                           ? store::JobError{"unknown-task", "the provider does not know task " + *attempt.task +
                                                                 " under the API key in use; if another one made it, put that back and restart: the video is "
                                                                 "fetched, and nothing is paid again"}
                           : store::JobError{"stuck", silence ? unasked : "the provider did not end task " + *attempt.task + " within " + limit};
    const store::AttemptChange change{.from = AttemptState::submitted,
                                      .to = AttemptState::overdue,
                                      .event = (unknown   ? "task " + *attempt.task + " is not known to the provider, " + limit + " after it was made"
                                                : silence ? unasked
                                                          : "no end of task " + *attempt.task + " within " + limit) +
                                               "; counted as spent",
                                      .job = if_there(*job, {.from = JobState::running, .to = JobState::failed, .error = error})};
    store_.attempts.change(attempt.id, change, clock_.now());
    if (watch_.own(attempt)) watch_.over(attempt.id);  // of another key's it stays in question
    log::warn("{}; its job fails as {}, and it is asked about once an hour for three more days, those left out in which nobody answers",
              silence ? unasked : fmt::format("task {} {} within {}", *attempt.task, unknown ? "was not known" : "did not end", limit), error.code);
}

}  // namespace motionspool::app
