#pragma once
#include <optional>
#include <string>
#include <vector>
#include "base/id.hpp"
#include "base/time.hpp"
#include "store/database.hpp"
#include "store/statement.hpp"

namespace motionspool::store {

/// A task that a genuine callback named for an attempt.
struct Hint {
    AttemptId attempt;
    std::string task;
    Instant at;
    std::optional<std::string> verdict;  ///< nothing: still to be looked into
};

/// What callbacks said beyond what was known; kept until recordInfo has been asked.
class Hints {
public:
    Hints(SQLite::Database&, GroupCommit&);
    /// Takes a callback down. @return false, nothing changed: it is known already, or the attempt has `most` of them
    bool add(AttemptId, const std::string& task, const std::optional<std::string>& verdict, Instant now, std::size_t most);
    /// What was found out. @return false if it was closed already
    bool close(AttemptId, const std::string& task, const std::string& verdict);
    /// A repeated callback asks again about a task that was unknown. @return whether it had this verdict
    bool reopen(AttemptId, const std::string& task, const std::string& verdict, Instant now);
    [[nodiscard]] std::vector<Hint> of(AttemptId);
    /// All that are still to be looked into.
    [[nodiscard]] std::vector<Hint> open();

private:
    SQLite::Database& db_;
    GroupCommit& group_;
    SQLite::Statement add_, close_, reopen_, of_, open_;
};

}  // namespace motionspool::store
