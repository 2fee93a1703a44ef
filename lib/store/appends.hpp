#pragma once
#include "domain/append.hpp"
#include "store/attempts.hpp"
#include "store/operations.hpp"

namespace motionspool::store {

/// A job of a batch whose id is wanted by an appended one.
struct TakenId {
    JobId id;
    domain::EarlierJob earlier;  ///< but for `same_work`
    std::string image, motion;   ///< contents: SHA-256, or the URL
    std::string prompt;
    domain::Mode mode = domain::Mode::p720;
    domain::Orientation orientation = domain::Orientation::video;
};

/// Jobs that join a batch after its acceptance. The drop they came with is a row of its own (`batches.appends`).
class Appends {
public:
    Appends(SQLite::Database&, GroupCommit&, Jobs&, Attempts&, Operations&);
    [[nodiscard]] std::optional<TakenId> taken(BatchId, const std::string& name_key);
    /// The jobs of the batch that have not ended, by what their price depends on.
    [[nodiscard]] std::vector<domain::Lengths> left(BatchId);

    /// An appended job and the earlier one whose id it wants.
    struct Meeting {
        JobId earlier;
        std::optional<JobId> job;  ///< that was added for it; none if the earlier one is taken up
        domain::AppendDeed deed = domain::AppendDeed::replace;
        domain::EarlierJob judged;  ///< as it stood then
    };
    /// The last change of an appended drop's arrival, all of it or nothing: it is open, its jobs are the batch's, which is open, too.
    /// @param drop arriving; @param review the batch waits for `release`
    /// @return false if an earlier job is not what it was when it was judged: nothing has changed then
    bool join(BatchId drop, BatchId batch, const std::vector<Meeting>&, bool review, const std::string& event, Instant now);

private:
    bool settle(const Meeting&, BatchId drop, Instant now);
    bool take_up(const Meeting&, Instant now);
    SQLite::Database& db_;
    GroupCommit& group_;
    Jobs& jobs_;
    Attempts& attempts_;
    Operations& operations_;
    SQLite::Statement taken_, left_, stands_, set_aside_, wanted_again_, open_, hand_over_, review_, event_;
};

}  // namespace motionspool::store
