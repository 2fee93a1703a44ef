#include "app/reconciler.hpp"
#include <algorithm>
#include "system/log.hpp"

namespace motionspool::app {
using domain::AttemptState;
using domain::JobState;

namespace {

std::string name_of(const store::Job& job) { return job.batch_name + "/" + job.name; }

/// `cancel --discard`: only the money is at stake.
bool given_up(const store::Job& job) { return job.state == JobState::cancelled; }

}  // namespace

Reconciler::Reconciler(Clock& clock, store::Store& store, Tracker& tracker, Evidence& evidence)
    : clock_{clock}, store_{store}, tracker_{tracker}, evidence_{evidence} {}

asio::awaitable<Result<std::string>> Reconciler::adopt(JobId id, std::string task) {
    const auto job = store_.jobs.get(id);
    if (!job) co_return Problem{"there is no such job"};
    const auto candidates = adoptable(id);
    if (candidates.empty()) co_return Problem{name_of(*job) + " is " + std::string{to_string(job->state)} + ": no answer to a submission of it is missing"};
    if (!domain::is_task_id(task)) co_return Problem{"\"" + task + "\" is no task id; expected one as kie.ai's logs show it"};
    auto looking = tracker_.look_at(task);
    const auto record = co_await std::move(looking);
    if (const auto trouble = trouble_with(task, record)) co_return Problem{*trouble};
    const auto attempt = maker_of(record, candidates);
    if (!attempt) co_return Problem{"task " + task + " is not " + name_of(*job) + "'s: " + attempt.problem().text + "; nothing was changed"};
    const auto verdict = evidence_.take(attempt->id, task, record, "adopted by the operator");
    if (verdict.outcome == Evidence::Outcome::refused) co_return Problem{verdict.why + "; nothing was changed"};
    if (verdict.outcome == Evidence::Outcome::not_now) {
        co_return Problem{"another submission of " + name_of(*job) + " is open, and task " + task + " still runs; adopt it when it has ended"};
    }
    co_await store_.commits.durable();
    co_return name_of(*job) + " has task " + task + " now; " +
        (given_up(*job) ? "its cost is booked, and nothing is delivered: the job was given up" : "it is followed and delivered");
}

std::optional<std::string> Reconciler::trouble_with(const std::string& task, const kie::TaskRecord& record) {
    const auto& news = record.news;
    if (const auto owner = store_.attempts.with_task(task)) {
        const auto other = store_.jobs.get(owner->job);
        return "task " + task + " belongs to " + name_of(*other) + "; nothing was changed";
    }
    if (std::holds_alternative<domain::UnknownTask>(news)) return "the provider knows no task " + task + " under this key; look for it at https://kie.ai/logs";
    if (const auto* refused = std::get_if<domain::KeyRefused>(&news)) return "the provider refuses the API key (" + refused->message + "); check the key";
    if (std::holds_alternative<domain::PollTooFast>(news)) return "the provider asks to slow down; try again in a minute";
    if (const auto* none = std::get_if<domain::NoNews>(&news)) return "the provider says nothing about task " + task + " (" + none->why + "); try again";
    return std::nullopt;
}

Result<store::Attempt> Reconciler::maker_of(const kie::TaskRecord& record, const std::vector<store::Attempt>& candidates) {
    std::optional<std::string> first;
    for (const auto& attempt : candidates) {
        auto wrong = domain::objection(Evidence::sent_by(attempt), attempt.armed, Evidence::origin_of(attempt, record));
        if (!wrong) return attempt;
        if (!first) first = std::move(wrong);
    }
    return Problem{*first};
}

std::vector<store::Attempt> Reconciler::adoptable(JobId id) {
    auto attempts = store_.attempts.of(id);
    std::erase_if(attempts, [](const store::Attempt& a) { return a.state != AttemptState::uncertain && (a.state != AttemptState::written_off || a.task); });
    std::ranges::reverse(attempts);
    return attempts;
}

Result<store::Attempt> Reconciler::uncertain_of(const store::Job& job) {
    const auto open = store_.attempts.open_of(job.id);
    if (open && open->state == AttemptState::uncertain) return *open;
    return Problem{name_of(job) + " is " + std::string{to_string(job.state)} + ", not uncertain; nothing was changed"};
}

asio::awaitable<Result<std::string>> Reconciler::write_off(JobId id) {
    const auto job = store_.jobs.get(id);
    if (!job) co_return Problem{"there is no such job"};
    const auto attempt = uncertain_of(*job);
    if (!attempt) co_return attempt.problem();
    store::AttemptChange change{.from = AttemptState::uncertain,
                                .to = AttemptState::written_off,
                                .event = "written off by the operator; " + in_words(attempt->estimate) + " count as spent",
                                .job = std::nullopt};
    if (job->state == JobState::uncertain) {
        const store::JobError error{"written-off", "no clear answer came to its submission, and it was written off"};
        change.job = store::JobStep{.from = JobState::uncertain, .to = JobState::failed, .error = error};
    }
    if (!store_.attempts.change(attempt->id, change, clock_.now())) co_return Problem{name_of(*job) + " has changed meanwhile; look again"};
    log::info("{} {}", name_of(*job), change.event);
    changed(id);
    co_await store_.commits.durable();
    co_return name_of(*job) + " is written off: " + in_words(attempt->estimate) +
        " count as spent in every budget, whether they were charged or not; if its task shows up after all, " +
        (given_up(*job) ? "its cost is booked, and nothing is delivered" : "it is delivered");
}

asio::awaitable<Result<std::string>> Reconciler::resubmit(JobId id) {
    const auto job = store_.jobs.get(id);
    if (!job) co_return Problem{"there is no such job"};
    const auto attempt = uncertain_of(*job);
    if (!attempt) co_return attempt.problem();
    if (job->state != JobState::uncertain) {
        co_return Problem{name_of(*job) + " is " + std::string{to_string(job->state)} + " and wants no new submission; write the lost one off"};
    }
    const store::AttemptChange change{.from = AttemptState::uncertain,
                                      .to = AttemptState::written_off,
                                      .event = "resubmitted by the operator; " + in_words(attempt->estimate) + " count as spent for the lost submission",
                                      .job = store::JobStep{.from = JobState::uncertain, .to = JobState::queued}};
    if (!store_.attempts.change(attempt->id, change, clock_.now())) co_return Problem{name_of(*job) + " has changed meanwhile; look again"};
    log::warn("{} {}", name_of(*job), change.event);
    changed(id);
    co_await store_.commits.durable();
    co_return name_of(*job) + " is queued again; if the provider accepted the first submission, it is paid twice";
}

}  // namespace motionspool::app
