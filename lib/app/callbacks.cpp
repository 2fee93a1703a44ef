#include "app/callbacks.hpp"
#include "domain/retry.hpp"
#include "system/log.hpp"
#include "system/sha256.hpp"

namespace motionspool::app {
using namespace std::chrono_literals;
using domain::AttemptState;

namespace {
constexpr std::size_t most_hints = 8;  ///< of one attempt; whoever has its secret can name no more tasks
constexpr auto unknown_for = 1h;       ///< so long a task may be unknown to the provider
constexpr const char* unknown = "unknown to the provider";
}  // namespace

Callbacks::Callbacks(Clock& clock, store::Store& store, Tracker& tracker, Evidence& evidence, TaskGroup& group)
    : clock_{clock}, store_{store}, tracker_{tracker}, evidence_{evidence}, group_{group} {}

void Callbacks::recover() {
    for (const auto& hint : store_.hints.open()) group_.spawn(look_into(hint.attempt, hint.task));
}

asio::awaitable<bool> Callbacks::take(std::string secret, std::string task) {
    const auto attempt = store_.attempts.with_callback(system::sha256_hex(secret));
    if (!attempt || !domain::token_lives(attempt->armed, clock_.now())) co_return false;
    note(*attempt, task);
    co_await store_.commits.durable();
    co_return true;
}

void Callbacks::note(const store::Attempt& attempt, const std::string& task) {
    const auto owner = store_.attempts.with_task(task);
    if (owner && owner->id != attempt.id) return alarm(attempt, task, "it is another job's");
    switch (domain::meaning_of(attempt.state, attempt.task, task)) {
        case domain::CallbackMeaning::wake: return tracker_.told(attempt.id);
        case domain::CallbackMeaning::ask_late: group_.spawn(tracker_.look_late(attempt.id)); return;
        case domain::CallbackMeaning::hint: return remember(attempt, task);
        case domain::CallbackMeaning::other:
            return alarm(attempt, task, attempt.task ? "the job has task " + *attempt.task : "the submission was " + std::string{to_string(attempt.state)});
        case domain::CallbackMeaning::nothing: return;
    }
}

void Callbacks::remember(const store::Attempt& attempt, const std::string& task) {
    const auto now = clock_.now();
    const bool fresh = store_.hints.add(attempt.id, task, std::nullopt, now, most_hints);
    if (fresh) store_.jobs.note(attempt.job, "a callback names task " + task, now);
    if (!fresh && !store_.hints.reopen(attempt.id, task, unknown, now)) return;
    if (attempt.state != AttemptState::armed) group_.spawn(look_into(attempt.id, task));
}

void Callbacks::alarm(const store::Attempt& attempt, const std::string& task, const std::string& why) {
    const auto now = clock_.now();
    const bool news = store_.hints.close(attempt.id, task, why) || store_.hints.add(attempt.id, task, why, now, most_hints);
    if (!news) return;
    const auto job = store_.jobs.get(attempt.job);
    const auto text = "a callback on this job's own URL names task " + task + ", which is not followed: " + why;
    store_.jobs.note(attempt.job, text, now);
    log::error("{}/{}: {}; look at the provider's logs whether it was charged", job->batch_name, job->name, text);
}

void Callbacks::answered(AttemptId id) {
    for (const auto& hint : store_.hints.of(id)) {
        if (!hint.verdict) group_.spawn(look_into(id, hint.task));
    }
}

asio::awaitable<void> Callbacks::look_into(AttemptId id, std::string task) {
    struct Place {
        std::set<std::pair<AttemptId, std::string>>& looking;
        std::pair<AttemptId, std::string> what;
        ~Place() { looking.erase(what); }
    };
    if (!looking_.emplace(id, task).second) co_return;
    const Place leaves{looking_, {id, task}};
    for (int n = 1;; n++) {
        if (const auto attempt = store_.attempts.get(id); attempt->state == AttemptState::armed) co_return;  // answered() comes
        auto settled = settle_without_asking(id, task);
        if (!settled) {
            auto looking = tracker_.look_at(task);
            const auto record = co_await std::move(looking);
            settled = settle(id, task, record);
        }
        if (settled) break;
        co_await clock_.sleep_for(domain::retry_delay(n));
    }
    co_await store_.commits.durable();
}

bool Callbacks::settle_without_asking(AttemptId id, const std::string& task) {
    const auto attempt = store_.attempts.get(id);
    if (attempt->state == AttemptState::uncertain || attempt->state == AttemptState::written_off) return false;
    if (attempt->task == task) {
        tracker_.told(id);
        store_.hints.close(id, task, "the attempt's own");
    } else {
        alarm(*attempt, task,
              attempt->task ? "the submission's answer names task " + *attempt->task : "the submission is " + std::string{to_string(attempt->state)});
    }
    return true;
}

bool Callbacks::settle(AttemptId id, const std::string& task, const kie::TaskRecord& record) {
    if (settle_without_asking(id, task)) return true;
    const auto attempt = store_.attempts.get(id);
    const auto& news = record.news;
    if (std::holds_alternative<domain::UnknownTask>(news)) return forget_unknown(*attempt, task);
    const bool told = std::holds_alternative<domain::StillRunning>(news) || std::holds_alternative<domain::Succeeded>(news) ||
                      std::holds_alternative<domain::TaskFailed>(news);
    if (!told) return false;
    if (const auto wrong = domain::contradiction(Evidence::sent_by(*attempt), Evidence::origin_of(*attempt, record))) {
        alarm(*attempt, task, *wrong);
        return true;
    }
    const auto verdict = evidence_.take(id, task, record, "a callback names it");
    if (verdict.outcome == Evidence::Outcome::refused) alarm(*attempt, task, verdict.why);
    if (verdict.outcome == Evidence::Outcome::taken) store_.hints.close(id, task, "taken up");
    return verdict.outcome != Evidence::Outcome::not_now;
}

bool Callbacks::forget_unknown(const store::Attempt& attempt, const std::string& task) {
    if (!attempt.key.empty() && !tracker_.same_key(attempt)) return false;  // to the key that made it the task is known
    for (const auto& hint : store_.hints.of(attempt.id)) {
        if (hint.task == task && clock_.now() - hint.at < unknown_for) return false;
    }
    store_.hints.close(attempt.id, task, unknown);
    store_.jobs.note(attempt.job, "the provider does not know task " + task + ", which a callback named", clock_.now());
    return true;
}

}  // namespace motionspool::app
