#pragma once
#include <limits>
#include <optional>
#include <string>
#include <vector>
#include "domain/breaker.hpp"
#include "domain/price.hpp"
#include "store/accounts.hpp"
#include "store/jobs.hpp"

namespace motionspool::store {

/// A batch with waiting jobs, its place in line and its purse.
struct OpenBatch {
    BatchId id;
    std::string name;
    int priority = 0;
    std::string share;   ///< empty: its own
    std::string window;  ///< empty: at any time
    std::optional<Credits> budget;
    bool review = false, held = false;
    /// The share under which it takes its turns.
    [[nodiscard]] std::string turns_as() const { return share.empty() ? own_share(id) : share; }
};

/// A waiting job, as far as its turn depends on it.
struct NextJob {
    JobId id;
    BatchId batch;
    Instant not_before;
    std::chrono::milliseconds length{0};
    domain::Mode mode = domain::Mode::p720;
    bool held = false;
    Instant released;           ///< of the last `release`
    std::string image, motion;  ///< contents: SHA-256, or the URL
};

/// Which jobs of a batch may be let in, as far as the database can tell.
struct Fitting {
    /// In whole seconds, for each mode; -1: none fits.
    std::int64_t longest_720 = domain::longest_of_all, longest_1080 = domain::longest_of_all;
    std::vector<std::string> without{};  ///< contents held by the breaker; jobs that were ever released are told all the same
    friend bool operator==(const Fitting&, const Fitting&) = default;
};

/// What waiting jobs need before their turn.
struct Needed {
    int jobs = 0;               ///< so many were looked at
    std::vector<Input> inputs;  ///< that are not good for reuse, in order of turn, the image first
};

/// Who waits. Works on a read-only database.
class Queue {
public:
    explicit Queue(SQLite::Database&);
    /// Open batches that have waiting jobs, in the order of their acceptance: the first `most` of those after `after`.
    [[nodiscard]] std::vector<OpenBatch> batches(BatchId after = BatchId{0}, int most = std::numeric_limits<int>::max());
    [[nodiscard]] std::optional<OpenBatch> batch(BatchId);
    /// The shortest of the batch's waiting jobs, for each mode that has any: among them is the cheapest.
    struct Shortest {
        std::optional<std::chrono::milliseconds> p720, p1080;
    };
    [[nodiscard]] Shortest shortest(BatchId);
    /// Waiting jobs of the batch that are not held and whose inputs are all good for reuse at `now`, in order of age; of the first thousand that fit and are
    /// not put off by an upload's trouble, so that a long queue without uploads takes no longer than a short one.
    [[nodiscard]] std::vector<NextJob> ready(BatchId, const Fitting&, Instant now, int limit);
    [[nodiscard]] std::optional<NextJob> job(JobId);
    /// What the first `ahead` waiting jobs of the batch need; of those that are not held, fit, are not put off by an upload's trouble, and do not back off for
    /// more than a minute: who waits for a reason of its own keeps nobody's inputs waiting.
    [[nodiscard]] Needed to_upload(BatchId, const Fitting&, Instant now, int ahead);
    /// How many jobs of the batch wait, counted up to `most`.
    [[nodiscard]] int waiting(BatchId, int most);
    /// The batch's waiting jobs by what their price depends on.
    [[nodiscard]] std::vector<domain::Lengths> lengths(BatchId);

    /// The newest attempts with this image (or motion) that succeeded or failed by a fault of their own.
    [[nodiscard]] std::vector<domain::GroupAttempt> ended_with_image(const std::string& content, int count);
    [[nodiscard]] std::vector<domain::GroupAttempt> ended_with_motion(const std::string& content, int count);
    /// Is an attempt with this content under way? Uncertain ones are not waited for.
    [[nodiscard]] bool under_way(const std::string& content);

private:
    SQLite::Statement batches_, batch_, shortest_, ready_, job_, ahead_, missing_, waiting_, lengths_, with_image_, with_motion_, under_way_;
};

}  // namespace motionspool::store
