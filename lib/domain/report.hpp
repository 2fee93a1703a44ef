#pragma once
#include <optional>
#include <string>
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
};

/// One batch as a report tells it.
struct BatchReport {
    std::string batch, note;
    Instant accepted;
    std::optional<Instant> ended;
    std::vector<ReportedJob> jobs;
};

struct BatchTotals {
    std::size_t done = 0, failed = 0, cancelled = 0, open = 0;
    Credits spent, reserved;
};
[[nodiscard]] BatchTotals totals(const BatchReport&);
/// "3 of 6 done, 1 failed, 2 to go; 214 credits spent"
[[nodiscard]] std::string summary(const BatchReport&);
/// The report for people: the summary, then failures first, each with its reason, then every delivered file.
[[nodiscard]] std::string to_text(const BatchReport&);

}  // namespace motionspool::domain
