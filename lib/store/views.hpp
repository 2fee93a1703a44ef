#pragma once
#include <map>
#include "store/attempts.hpp"
#include "store/batches.hpp"
#include "store/notes.hpp"

namespace motionspool::store {

/// A row of `jobs`, and of the reports.
struct JobView {
    JobId id;
    std::string batch, job;
    domain::JobState state = domain::JobState::queued;
    domain::Stage stage = domain::Stage::single;
    std::string mode, orientation, image, motion, prompt;
    int attempts = 0;
    std::optional<std::string> task, output;
    Credits reserved, spent;
    std::optional<JobError> error;
    std::optional<LaneNote> upload;        ///< an input of it that cannot be uploaded at present
    std::optional<LaneNote> task_trouble;  ///< its `why`: the provider does not know its task ("unknown"), or refuses the API key ("refused")
    std::optional<LaneNote> download;      ///< its video cannot be fetched or placed at present
    std::chrono::milliseconds length{0};
    Instant not_before, created, updated;
    /// Why what is under way of it does not get on.
    [[nodiscard]] const LaneNote* trouble() const;
};

struct Event {
    Instant at;
    std::string what;
};

/// A row of `batches`.
struct BatchView {
    BatchRow batch;
    std::map<domain::JobState, std::size_t> jobs;
    Credits reserved, spent;
};

/// A submission whose answer was lost: what a person needs to look for it.
struct UncertainView {
    JobId id;
    AttemptId attempt;
    std::string batch, job;
    domain::JobState state = domain::JobState::uncertain;  ///< cancelled or done: only the money is at stake
    Credits estimate;                                      ///< reserved until it is resolved
    Instant armed;                                         ///< when it was sent
    std::string why;                                       ///< "uncertain: api.kie.ai: connection reset …"
    std::string image, motion, prompt, mode, orientation;
    std::string request;    ///< the body that was sent, with the inputs' URLs
    bool callback = false;  ///< it named a callback URL: it may still resolve itself
};

/// Open attempts, by what is known of them.
struct OpenAttempts {
    std::size_t tasks = 0;      ///< at the provider, and submissions under way
    std::size_t uncertain = 0;  ///< may have a task, or none
};

struct JobFilter {
    std::optional<std::string> batch_key, job_key, state;
    std::optional<std::pair<std::string, std::string>> label;
    int most = -1;  ///< so many of them, the oldest; negative: all
};

/// What reading commands and reports ask; works on a read-only database, the daemon running or not.
class Views {
public:
    explicit Views(SQLite::Database&);
    [[nodiscard]] std::vector<JobView> jobs(const JobFilter&);
    [[nodiscard]] std::map<domain::JobState, std::size_t> counts();
    [[nodiscard]] std::map<domain::JobState, std::size_t> counts(BatchId);
    /// All but those that are still arriving, the oldest first.
    [[nodiscard]] std::vector<BatchView> batches(Batches&);
    /// What was spent on jobs of the batch that appended ones have replaced.
    [[nodiscard]] Credits spent_on_replaced(BatchId);
    /// What was told of its tasks that failed in words nobody knows, "job: task failed: …", oldest first.
    [[nodiscard]] std::vector<std::string> unexplained(BatchId);
    /// All that are uncertain, oldest first.
    [[nodiscard]] std::vector<UncertainView> uncertain();
    [[nodiscard]] OpenAttempts open_attempts();
    /// The first jobs of a batch that wait, and the first that have failed.
    [[nodiscard]] std::vector<JobId> first_queued(BatchId, int most);
    [[nodiscard]] std::vector<std::pair<std::string, JobError>> first_failed(BatchId, int most);
    /// When the latest paid submissions that succeeded did so.
    [[nodiscard]] std::vector<Instant> latest_ends(int most);
    [[nodiscard]] std::vector<Event> events(JobId);
    [[nodiscard]] std::vector<Event> events(BatchId);

private:
    SQLite::Database& db_;
};

}  // namespace motionspool::store
