#pragma once
#include "base/time.hpp"
#include "store/database.hpp"
#include "store/notes.hpp"
#include "store/statement.hpp"

namespace motionspool::store {

/// What lies at the upload host, by content.
class Uploads {
public:
    Uploads(SQLite::Database&, GroupCommit&);
    void put(const std::string& sha256, const std::string& url, Instant until);
    /// The provider could not fetch it, or it is in doubt: it is uploaded again.
    void forget(const std::string& sha256);
    [[nodiscard]] bool has(const std::string& sha256, Instant now);
    /// Forgets what claims to be good beyond that: it was put down before the wall clock was set back.
    void forget_beyond(Instant);

    /// It could not be uploaded (`why`) and is tried again at `until`; until put() or forget_trouble(), readers are told.
    void put_off(const std::string& sha256, const std::string& why, Instant until, Instant now);
    /// The wait is over, whatever became of the wall clock meanwhile.
    void try_again(const std::string& sha256, Instant now);
    /// Of one content, or of all (at start).
    void forget_trouble(const std::optional<std::string>& sha256);
    /// The upload that is tried again last, if any fails.
    [[nodiscard]] std::optional<LaneNote> trouble();

private:
    SQLite::Database& db_;
    GroupCommit& group_;
    SQLite::Statement put_, forget_, has_, forget_beyond_, trouble_, no_trouble_, try_again_, latest_trouble_;
};

}  // namespace motionspool::store
