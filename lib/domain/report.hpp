#pragma once
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>
#include "base/credits.hpp"
#include "base/time.hpp"
#include "domain/job.hpp"

namespace motionspool::domain {

/// One job as a report tells it.
struct ReportedJob {
    std::string name;
    JobState state = JobState::queued;
    std::string output;  ///< absolute path, if delivered
    std::string error;   ///< "moderation: the prompt …"
    Credits spent, reserved;
    int attempts = 0;
    std::string image, motion, prompt, mode, orientation;  ///< as its manifest could ask for it
    std::chrono::milliseconds length{0};                   ///< of the motion
    /// Of one that was invalid from the start: what its author wrote, keys with the YAML text of their values.
    std::vector<std::pair<std::string, std::string>> as_written;
};

/// One batch as a report tells it.
struct BatchReport {
    std::string batch, note;
    Instant accepted;
    std::optional<Instant> ended;
    std::vector<ReportedJob> jobs;
    std::map<std::string, std::string> labels;
    bool partial = false;
    std::vector<std::string> warnings;     ///< of its acceptance, "fox/manifest.yaml:3:12: warning: …", and of what was done to the drop since
    Credits spent_on_replaced;             ///< on jobs in whose place others were appended; they are not listed
    std::vector<std::string> unexplained;  ///< "fox: task failed: gremlins": in words of the provider that are not known, whatever became of the job
};

struct BatchTotals {
    std::size_t done = 0, failed = 0, cancelled = 0, open = 0;
    Credits spent, reserved;
};
[[nodiscard]] BatchTotals totals(const BatchReport&);
/// "3 of 6 done, 1 failed, 2 to go; 214 credits spent"
[[nodiscard]] std::string summary(const BatchReport&);
/// "labels: client=acme, project=4711"; empty if there are none.
[[nodiscard]] std::string labels_of(const BatchReport&);
/// "accepted 2026-11-24T22:05:01Z, ended 2026-11-24T22:35:00Z"
[[nodiscard]] std::string times(const BatchReport&);
/// What went wrong with a failed job, and on a line of its own what its author can do.
[[nodiscard]] std::string failure_in_words(const ReportedJob&);
/// The report for people: the summary, then failures first, each with its reason, then every delivered file.
[[nodiscard]] std::string to_text(const BatchReport&);

}  // namespace motionspool::domain
