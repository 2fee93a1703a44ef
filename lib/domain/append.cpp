#include "domain/append.hpp"
#include "base/text.hpp"

namespace motionspool::domain {
namespace {

constexpr std::string_view unanswered =
    "was given up while its submission was unanswered, and may yet be paid for; resolve it first (`motionspool uncertain list`), or choose another id";
constexpr std::string_view perhaps_paid =
    "was written off and may have been paid for; `motionspool retry --cause written-off` takes the risk to pay for it twice, or choose another id";

AppendVerdict judge_ended(const EarlierJob& job) {
    if (!job.attempt) return {AppendDeed::replace, {}};
    switch (*job.attempt) {
        case AttemptState::armed:
        case AttemptState::uncertain: return {std::nullopt, unanswered};
        case AttemptState::submitted: return {job.same_work ? AppendDeed::resume : AppendDeed::replace, {}};
        case AttemptState::overdue: return {job.same_work ? AppendDeed::follow : AppendDeed::replace, {}};
        case AttemptState::succeeded: return {job.same_work ? AppendDeed::deliver : AppendDeed::replace, {}};
        case AttemptState::written_off: return job.same_work ? AppendVerdict{std::nullopt, perhaps_paid} : AppendVerdict{AppendDeed::replace, {}};
        case AttemptState::not_sent:
        case AttemptState::refused:
        case AttemptState::failed: return {AppendDeed::replace, {}};
    }
    return {};
}

}  // namespace

AppendVerdict judge_append(const EarlierJob& job) {
    if (job.state == JobState::done) return {std::nullopt, "is done; choose another id, or leave the job out"};
    if (!has_ended(job.state)) return {std::nullopt, "has not ended; choose another id, or cancel that one first"};
    return judge_ended(job);
}

bool asks_again(Credits left, Credits appended, const std::optional<Credits>& ask_above) {
    if (!ask_above) return false;
    return appended > *ask_above || (left <= *ask_above && left + appended > *ask_above);
}

std::string no_batch_to_append_to(std::string_view wanted, std::span<const std::string_view> batches) {
    auto text = "there is no batch \"" + std::string{wanted} + "\" to append to";
    const auto meant = nearest(wanted, batches);
    if (!meant.empty()) return text + "; did you mean \"" + std::string{meant} + "\"?";
    return text + "; write `batch: " + std::string{wanted} + "` if it shall be a new one";
}

}  // namespace motionspool::domain
