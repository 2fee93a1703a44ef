#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include "base/credits.hpp"
#include "base/time.hpp"
#include "domain/job.hpp"

namespace motionspool::domain {

/// A batch under way, as NAME.status.txt tells it to people without a shell.
struct BatchStatus {
    std::string batch, note;
    std::map<JobState, std::size_t> counts;
    Credits spent, reserved;
    std::optional<Credits> budget;
    std::string videos;                ///< the folder they appear in, as people see it
    std::vector<std::string> waits;    ///< what its jobs wait for, a sentence each
    std::string end;                   ///< when it is expected to be over, in words; empty: that cannot be told
    std::vector<std::string> remarks;  ///< about the drop itself: changed, gone, warnings
    struct Failure {
        std::string job, error;  ///< "moderation: the prompt …"
    };
    std::vector<Failure> failures;  ///< the first of them
};

/// What NAME.status.txt says, but for the last line, which tells when that was.
[[nodiscard]] std::string to_text(const BatchStatus&);

/// When `open` more jobs will have ended if they go on as the latest ones did. @param ends of the latest jobs, in any order
/// @return nothing if too few ended lately to tell
[[nodiscard]] std::optional<Instant> expected_end(std::size_t open, std::span<const Instant> ends, Instant now);

/// The folder of a batch's videos: `output.name` as far as it is the same for all of them.
/// @param shown_as what people call `directory`; empty: the same. With a backslash in it, it is Windows that they use.
[[nodiscard]] std::string folder_of_videos(const std::string& directory, const std::string& shown_as, const std::string& name, const std::string& batch);

}  // namespace motionspool::domain
