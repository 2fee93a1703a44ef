#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include "domain/acts.hpp"
#include "domain/media.hpp"
#include "store/attempts.hpp"

namespace motionspool::store {

/// `pause`: nothing is submitted.
struct Pause {
    std::string reason;            ///< may be empty
    std::optional<Instant> until;  ///< nothing: until `resume`
    Instant since;
};

/// What a person on duty changes: holds, pauses, a batch's place in line.
class Operations {
public:
    Operations(SQLite::Database&, GroupCommit&, Jobs&);

    /// A job as somebody acts on it.
    struct Row {
        JobId id;
        std::string name_key;
        domain::Subject subject;
        std::chrono::milliseconds length{0};
        domain::Mode mode = domain::Mode::p720;
    };
    /// A batch's jobs in the order of their names, from behind `after` on.
    [[nodiscard]] std::vector<Row> page(BatchId, const std::string& after, int limit);

    // What runs goes on. A job that is held, or whose batch is, is not submitted.
    void hold(BatchId, const std::string& event, Instant now);
    void hold(JobId, Instant now);
    /// Lifts the hold and answers the review.
    void release(BatchId, const std::string& event, Instant now);
    /// Lifts the hold; failures before now count for no breaker.
    void release(JobId, Instant now);
    /// @return false if the job is in another state by now; nothing has changed then
    bool cancel(JobId, domain::JobState from, Instant now);
    /// Likewise. Its attempt goes on for the money alone.
    bool discard(JobId, domain::JobState from, Instant now);
    /// failed → queued with all its attempts before it again. @return false if it is not failed any more
    bool queue_again(JobId, Instant now);
    /// An ended or filed batch is open again. @return false if it was not ended
    bool reopen(BatchId, const std::string& event, Instant now);

    void set_priority(BatchId, int);
    void set_share(BatchId, const std::string& share);
    void set_window(BatchId, const std::string& window);
    void set_budget(BatchId, std::optional<Credits>);

    void pause(const Pause&);
    /// @return was there a pause?
    bool resume();
    /// The pause in force at `now`.
    [[nodiscard]] std::optional<Pause> paused(Instant now);

private:
    template <typename... Values>
    void change(SQLite::Statement&, const Values&...);
    SQLite::Database& db_;
    GroupCommit& group_;
    Jobs& jobs_;
    SQLite::Statement page_, hold_batch_, release_batch_, hold_, release_, discard_, queue_again_, reopen_, event_, priority_, job_priority_, share_, window_,
        budget_, pause_, resume_, start_, paused_;
};

}  // namespace motionspool::store
