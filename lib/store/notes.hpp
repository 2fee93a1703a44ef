#pragma once
#include "base/id.hpp"
#include "base/time.hpp"
#include "domain/lane.hpp"
#include "store/database.hpp"
#include "store/statement.hpp"

namespace motionspool::store {

/// Why nothing is submitted, kept for readers without the daemon.
struct LaneNote {
    std::string why, text;
    std::optional<Instant> until;
    Instant since;
};

/// Small facts: what this database is, the lane's pause, a batch's events.
class Notes {
public:
    Notes(SQLite::Database&, GroupCommit&);
    /// "state_id" names this state directory for good; "spool" is the directory of the spool it has used; "spool_lost" is since when that one is missed;
    /// "quarantine" is why nothing is submitted because this database is older than what was paid for; "output_confirmed" is the
    /// submission up to which the side-file in the output folder knew all when it could not be written any more; "model" is the one that open drops are
    /// fingerprinted by.
    [[nodiscard]] std::optional<std::string> fact(const std::string& key);
    void set_fact(const std::string& key, const std::string& value);
    void forget_fact(const std::string& key);
    void lane(const std::optional<LaneNote>&);
    [[nodiscard]] std::optional<LaneNote> lane();
    void narrowing(const domain::Narrowing&);
    [[nodiscard]] domain::Narrowing narrowing();
    void event(BatchId, const std::string& what, Instant);

private:
    SQLite::Database& db_;
    GroupCommit& group_;
    SQLite::Statement get_, put_, forget_, lane_, lane_put_, lane_clear_, narrowing_, narrowing_put_, event_;
};

}  // namespace motionspool::store
