#pragma once
#include <optional>
#include <span>
#include <string_view>

namespace motionspool::domain {

/// Where a job stands. The names are those of `jobs --json`.
enum class JobState {
    queued,       ///< waits; says for what
    uploading,    ///< its inputs are being sent, then queued again
    submitting,   ///< a paid request is under way
    uncertain,    ///< the paid request's answer was lost
    running,      ///< a task at the provider
    downloading,  ///< the task succeeded, its video is being fetched
    done,
    failed,
    cancelled,
};
[[nodiscard]] std::string_view to_string(JobState);
[[nodiscard]] std::optional<JobState> job_state(std::string_view);
[[nodiscard]] bool has_ended(JobState);

/// What a job is rendered for.
enum class Stage { single, draft, final };
[[nodiscard]] std::string_view to_string(Stage);

struct JobTransition {
    JobState from, to;
};
/// Every way a job's state may change; the store refuses any other.
[[nodiscard]] std::span<const JobTransition> job_transitions();
[[nodiscard]] bool allowed(JobState from, JobState to);

}  // namespace motionspool::domain
