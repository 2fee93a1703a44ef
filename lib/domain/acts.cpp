#include "domain/acts.hpp"
#include <array>

namespace motionspool::domain {
namespace {
using enum JobState;

constexpr std::string_view ended = "has ended";

bool waits(JobState state) { return state == queued || state == uploading; }

Judgement judge_hold(const Subject& job) {
    if (has_ended(job.state)) return {std::nullopt, ended};
    if (job.held) return {std::nullopt, "is held already"};
    return {Deed::hold, {}};
}

Judgement judge_release(const Subject& job) {
    if (has_ended(job.state)) return {std::nullopt, ended};
    if (job.held || (waits(job.state) && job.tripped)) return {Deed::release, {}};
    return {std::nullopt, waits(job.state) ? "was not held by itself" : "is under way and was not held"};
}

Judgement judge_cancel(const Subject& job, bool discard) {
    if (has_ended(job.state)) return {std::nullopt, ended};
    if (waits(job.state)) return {Deed::cancel, {}};
    if (discard) return {Deed::discard, {}};
    if (job.state == uncertain) return {std::nullopt, "may have been paid for: `uncertain list` tells what to do, --discard gives it up"};
    return {std::nullopt, "is paid for: it goes on and is delivered, --discard gives it up"};
}

std::string_view vain_or_risky(const Subject& job, const std::optional<std::string>& cause) {
    const auto& code = job.error_code;
    if (code == "invalid") return "is wrong in its manifest: correct it there and drop it again";
    const bool risky = code == "written-off" || job.attempt == AttemptState::written_off;
    if (cause) return code == *cause || (risky && *cause == "written-off") ? std::string_view{} : "failed for another cause";
    if (code == "moderation") return "was refused by moderation and would be again: --cause moderation tries it all the same";
    if (code == "bad-parameter") return "was refused for its parameters and would be again: --cause bad-parameter tries it all the same";
    if (risky) return "was written off and may have been paid for: --cause written-off takes the risk to pay for it twice";
    return {};
}

Judgement judge_retry(const Subject& job, const std::optional<std::string>& cause) {
    if (job.state == done) return {std::nullopt, "is done"};
    if (job.state == cancelled) return {std::nullopt, "is cancelled: drop it again, or `append:` it to the batch"};
    if (job.state != failed) return {std::nullopt, "is still under way"};
    const auto why_not = vain_or_risky(job, cause);
    if (!why_not.empty()) return {std::nullopt, why_not};
    if (!job.attempt) return {Deed::queue, {}};
    switch (*job.attempt) {
        case AttemptState::succeeded: return {Deed::deliver, {}};
        case AttemptState::overdue: return {Deed::follow, {}};
        case AttemptState::armed:
        case AttemptState::uncertain:
        case AttemptState::submitted: return {std::nullopt, "has a submission that is still open"};
        case AttemptState::not_sent:
        case AttemptState::refused:
        case AttemptState::failed:
        case AttemptState::written_off: return {Deed::queue, {}};
    }
    return {};
}

/// The higher, the less may be paid for anew.
int weight(AttemptState state) {
    switch (state) {
        case AttemptState::armed:
        case AttemptState::uncertain:
        case AttemptState::submitted: return 4;
        case AttemptState::succeeded: return 3;
        case AttemptState::overdue: return 2;
        case AttemptState::written_off: return 1;
        case AttemptState::not_sent:
        case AttemptState::refused:
        case AttemptState::failed: return 0;
    }
    return 0;
}

}  // namespace

std::optional<AttemptState> telling(std::span<const AttemptState> in_order) {
    std::optional<AttemptState> found;
    for (const auto state : in_order) {
        if (!found || weight(state) >= weight(*found)) found = state;
    }
    return found;
}

std::string_view to_string(Act act) {
    static constexpr std::array names{"hold", "release", "cancel", "discard", "retry"};
    return names[static_cast<std::size_t>(act)];
}

Judgement judge(Act act, const Subject& job, const std::optional<std::string>& cause) {
    switch (act) {
        case Act::hold: return judge_hold(job);
        case Act::release: return judge_release(job);
        case Act::cancel: return judge_cancel(job, false);
        case Act::discard: return judge_cancel(job, true);
        case Act::retry: return judge_retry(job, cause);
    }
    return {};
}

}  // namespace motionspool::domain
