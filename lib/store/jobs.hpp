#pragma once
#include <optional>
#include <string>
#include <vector>
#include "base/credits.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "domain/job.hpp"
#include "domain/media.hpp"
#include "store/database.hpp"
#include "store/statement.hpp"

namespace motionspool::store {

struct JobError {
    std::string code, message;
};

struct NewJob {
    BatchId batch;
    std::string name, name_key;
    InputId image, motion;
    std::string prompt;
    domain::Mode mode = domain::Mode::p720;
    domain::Orientation orientation = domain::Orientation::video;
    std::chrono::milliseconds length{0};
    int priority = 0;
    std::optional<JobError> invalid;  ///< a bad job of a `partial` manifest: failed from the start
    std::string render;               ///< see the schema
};

/// One input of a job, and where it lies if it has been uploaded.
struct Input {
    InputId id;
    BatchId batch;
    std::string source, root;  ///< see the schema
    domain::Format format = domain::Format::other;
    std::uint64_t bytes = 0;
    std::string sha256;
    std::optional<std::string> url;  ///< good for reuse now
};

/// @param use a row of id, batch, source, root, format, bytes, sha256, url
[[nodiscard]] Input read_input(Use& use);

/// What a stage of the street needs to know of a job.
struct Job {
    JobId id;
    BatchId batch;
    std::string batch_name, name, note;
    InputId image, motion;
    std::string prompt;
    domain::Mode mode = domain::Mode::p720;
    domain::Orientation orientation = domain::Orientation::video;
    std::chrono::milliseconds length{0};
    domain::JobState state = domain::JobState::queued;
    domain::Stage stage = domain::Stage::single;
    int tries = 0;
    Instant created;
};

/// Where a job goes when something ends: its next state, and what that brings along.
struct JobStep {
    domain::JobState from, to;
    std::optional<JobError> error;      ///< failed: why
    std::optional<Instant> not_before;  ///< queued: backing off until then
    bool counts = false;                ///< one of limits.attempts is used up
};

class Jobs {
public:
    Jobs(SQLite::Database&, GroupCommit&);
    JobId add(const NewJob&, Instant now);
    /// @return false if the job was not in `step.from`: nothing has changed then. @throws std::logic_error for a step the transition table does not have
    bool step(JobId, const JobStep&, const std::string& event, Instant now);
    /// Adds a line to the job's log.
    void note(JobId, const std::string& event, Instant now);
    /// Fails at most `limit` waiting jobs that name this input. @return how many
    std::size_t fail_waiting_on(InputId, const JobError&, Instant now, int limit);
    /// Shows one queued job that names this input as `uploading`, on whose behalf it is sent. @return which, if there is one
    std::optional<JobId> begin_upload(InputId, Instant now);
    /// That job waits again. Nothing happens if it has ended meanwhile.
    void end_upload(JobId, const std::string& event, Instant now);
    /// At start: what was being uploaded waits again.
    void recover(Instant now);

    [[nodiscard]] std::optional<Job> get(JobId);
    [[nodiscard]] std::vector<JobId> in_state(domain::JobState);
    [[nodiscard]] std::optional<Input> input(InputId, Instant now);

private:
    std::vector<JobId> waiting_on(InputId, int limit);
    SQLite::Database& db_;
    GroupCommit& group_;
    SQLite::Statement add_, step_, unprint_, note_, get_, in_state_, input_, waiting_on_;
};

}  // namespace motionspool::store
