#include "app/evidence.hpp"
#include <stdexcept>
#include "system/log.hpp"
#include "system/sha256.hpp"

namespace motionspool::app {
using domain::AttemptState;
using domain::JobState;

Evidence::Evidence(Clock& clock, store::Store& store) : clock_{clock}, store_{store} {}

domain::TaskParam Evidence::sent_by(const store::Attempt& attempt) {
    auto param = kie::read_param(attempt.request);
    if (!param) throw std::logic_error("what attempt " + std::to_string(attempt.id.value()) + " sent cannot be read");
    return std::move(*param);
}

domain::TaskOrigin Evidence::origin_of(const store::Attempt& attempt, const kie::TaskRecord& record) {
    domain::TaskOrigin origin{record.param, record.created, {}};
    const auto& echoed = record.param.callback;
    if (echoed && !echoed->empty()) origin.our_callback = attempt.callback == system::sha256_hex(domain::last_part(*echoed));
    return origin;
}

Evidence::Verdict Evidence::take(AttemptId id, const std::string& task, const kie::TaskRecord& record, std::string_view by) {
    const auto attempt = store_.attempts.get(id);
    if (attempt->state != AttemptState::uncertain && attempt->state != AttemptState::written_off) {
        return {Outcome::refused, "the submission is " + std::string{to_string(attempt->state)} + " meanwhile"};
    }
    if (const auto owner = store_.attempts.with_task(task)) {
        const auto job = store_.jobs.get(owner->job);
        return {Outcome::refused, "task " + task + " is " + job->batch_name + "/" + job->name + "'s"};
    }
    const auto job = store_.jobs.get(attempt->job);
    const auto newer = store_.attempts.open_of(attempt->job);
    if (newer && newer->id != id) return take_end(*attempt, *job, task, record.news, by);
    return take_up(*attempt, *job, task, by);
}

Evidence::Verdict Evidence::take_up(const store::Attempt& attempt, const store::Job& job, const std::string& task, std::string_view by) {
    const auto wanted = domain::wants_result(job.state);
    if (!wanted) return {};
    store::AttemptChange change{.from = attempt.state,
                                .to = AttemptState::submitted,
                                .event = "submitted after all: task " + task + " (" + std::string{by} + ")",
                                .task = task,
                                .job = std::nullopt};
    if (*wanted) change.job = store::JobStep{.from = job.state, .to = JobState::running};
    const auto verdict = changed(attempt, job, change);
    if (verdict.outcome == Outcome::taken) submitted(attempt.id);
    return verdict;
}

/// A newer attempt of the job is under way: this one's end alone counts.
Evidence::Verdict Evidence::take_end(const store::Attempt& attempt, const store::Job& job, const std::string& task, const domain::TaskNews& news,
                                     std::string_view by) {
    const auto from = " (" + std::string{by} + ")";
    store::AttemptChange change{.from = AttemptState::written_off, .to = AttemptState::failed, .event = {}, .task = task, .job = std::nullopt};
    if (const auto* good = std::get_if<domain::Succeeded>(&news)) {
        if (!domain::wants_result(job.state)) return {};
        change.to = AttemptState::succeeded;
        change.event = "the submission that was written off rendered, too: task " + task + from;
        change.consumed = good->consumed;
        change.result_url = good->url;
        const bool first = job.state == JobState::running || job.state == JobState::uncertain;
        if (first) change.job = store::JobStep{.from = job.state, .to = JobState::downloading};
    } else if (const auto* bad = std::get_if<domain::TaskFailed>(&news)) {
        change.event = "the submission that was written off failed: task " + task + from + ": " + bad->message;
        change.consumed = bad->consumed;
    } else {
        return {};
    }
    const auto verdict = changed(attempt, job, change);
    if (verdict.outcome == Outcome::taken && change.job) rendered(job.id);
    return verdict;
}

Evidence::Verdict Evidence::changed(const store::Attempt& attempt, const store::Job& job, const store::AttemptChange& change) {
    if (!store_.attempts.change(attempt.id, change, clock_.now())) return {};
    log::info("{}/{} {}", job.batch_name, job.name, change.event);
    return {Outcome::taken, {}};
}

}  // namespace motionspool::app
