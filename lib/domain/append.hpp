#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include "base/credits.hpp"
#include "domain/attempt.hpp"
#include "domain/job.hpp"

// `append`: more jobs for a batch that is there, some of them under ids it has already.
namespace motionspool::domain {

/// A job of the batch that has the id of an appended one.
struct EarlierJob {
    JobState state = JobState::queued;
    std::optional<AttemptState> attempt;  ///< of those of its stage, the telling() one
    bool same_work = false;               ///< same image, motion, prompt, mode and orientation as the appended one
};

/// What an appended job does where its id is taken.
enum class AppendDeed {
    replace,  ///< the earlier job is over for good, and the new one is paid for
    resume,   ///< its task is at the provider: it is followed again, and nothing is paid
    follow,   ///< its task was given up as stuck: it is asked about again, and nothing is paid
    deliver,  ///< its video was rendered: it is fetched again, and nothing is paid
};
struct AppendVerdict {
    std::optional<AppendDeed> deed;
    std::string_view why_not;  ///< what follows "the job … of that batch", and what to do: "is done; choose another id"
};
/// A done job is never rendered again by accident; what may still be paid for, or has been, is not paid for twice.
[[nodiscard]] AppendVerdict judge_append(const EarlierJob&);

/// Must a person release the batch (credits.ask_above) because of what is appended? Yes if that is estimated above the limit, or if it takes what is left to do
/// over the limit for the first time.
/// @param left what the batch's jobs that have not ended are estimated at, and what is appended
[[nodiscard]] bool asks_again(Credits left, Credits appended, const std::optional<Credits>& ask_above);

/// "there is no batch "sprnig" to append to; did you mean "spring"?"
[[nodiscard]] std::string no_batch_to_append_to(std::string_view wanted, std::span<const std::string_view> batches);

}  // namespace motionspool::domain
