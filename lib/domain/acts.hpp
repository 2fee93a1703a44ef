#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include "domain/attempt.hpp"
#include "domain/job.hpp"

// What a person on duty may do to jobs, and what it does to each.
namespace motionspool::domain {

enum class Act { hold, release, cancel, discard, retry };
[[nodiscard]] std::string_view to_string(Act);

/// What is known of a job when somebody acts on it.
struct Subject {
    JobState state = JobState::queued;
    bool held = false;                    ///< by what the act is about: the job itself, or its batch as well
    std::string error_code;               ///< of a failed one
    std::optional<AttemptState> attempt;  ///< of those of its stage, the telling() one
    bool tripped = false;                 ///< the breaker holds it back
};

/// The attempt that decides whether a job may be paid for anew: one that is open, else one that brought or may yet bring a result, else the last.
[[nodiscard]] std::optional<AttemptState> telling(std::span<const AttemptState> in_order);

/// What is done with a job.
enum class Deed {
    hold,
    release,
    cancel,   ///< nothing of it was sent
    discard,  ///< cancelled; its attempt stays open for the money alone
    queue,    ///< a new attempt will be paid
    follow,   ///< its task is asked about again; nothing is paid
    deliver,  ///< its video is fetched again; nothing is paid
};
struct Judgement {
    std::optional<Deed> deed;
    std::string_view why_not;  ///< "has ended"; a part of a sentence, the same for all jobs it is said of
};
/// @param cause retry: only jobs that failed for it; nothing: all but those for which trying again is vain or risky
[[nodiscard]] Judgement judge(Act, const Subject&, const std::optional<std::string>& cause = std::nullopt);

}  // namespace motionspool::domain
