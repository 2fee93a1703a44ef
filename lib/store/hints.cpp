#include "store/hints.hpp"

namespace motionspool::store {
namespace {

std::vector<Hint> read_all(Use& use) {
    std::vector<Hint> hints;
    while (use.row()) hints.push_back({AttemptId{use.number(0)}, use.text(1), use.instant(2), use.maybe_text(3)});
    return hints;
}

}  // namespace

Hints::Hints(SQLite::Database& db, GroupCommit& group)
    : db_{db},
      group_{group},
      add_{db,
           "INSERT INTO hints (attempt, task, at, verdict) SELECT ?1, ?2, ?3, ?4 WHERE (SELECT count(*) FROM hints WHERE attempt = ?1) < ?5 "
           "ON CONFLICT DO NOTHING"},
      close_{db, "UPDATE hints SET verdict = ?3 WHERE attempt = ?1 AND task = ?2 AND verdict IS NULL"},
      reopen_{db, "UPDATE hints SET verdict = NULL, at = ?4 WHERE attempt = ?1 AND task = ?2 AND verdict = ?3"},
      of_{db, "SELECT attempt, task, at, verdict FROM hints WHERE attempt = ? ORDER BY at"},
      open_{db, "SELECT attempt, task, at, verdict FROM hints WHERE verdict IS NULL ORDER BY attempt"} {}

bool Hints::add(AttemptId attempt, const std::string& task, const std::optional<std::string>& verdict, Instant now, std::size_t most) {
    Change change{db_, group_};
    const bool added = Use{add_, attempt, task, now, verdict, static_cast<std::int64_t>(most)}.run() == 1;
    change.keep();
    return added;
}

bool Hints::close(AttemptId attempt, const std::string& task, const std::string& verdict) {
    Change change{db_, group_};
    const bool closed = Use{close_, attempt, task, verdict}.run() == 1;
    change.keep();
    return closed;
}

bool Hints::reopen(AttemptId attempt, const std::string& task, const std::string& verdict, Instant now) {
    Change change{db_, group_};
    const bool reopened = Use{reopen_, attempt, task, verdict, now}.run() == 1;
    change.keep();
    return reopened;
}

std::vector<Hint> Hints::of(AttemptId attempt) {
    Use use{of_, attempt};
    return read_all(use);
}

std::vector<Hint> Hints::open() {
    Use use{open_};
    return read_all(use);
}

}  // namespace motionspool::store
