#include "store/funds.hpp"
#include "store/values.hpp"

namespace motionspool::store {

Funds::Funds(SQLite::Database& db, GroupCommit& group)
    : db_{db},
      group_{group},
      put_{db,
           "INSERT INTO balance (id, credits, at, entry) VALUES (1, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET credits = excluded.credits, at = excluded.at, "
           "entry = excluded.entry WHERE excluded.entry >= entry"},
      get_{db, "SELECT credits, at, entry FROM balance"},
      unknown_{db, "DELETE FROM balance"},
      last_{db, "SELECT coalesce(max(id), 0) FROM ledger"},
      open_{db,
            "SELECT (SELECT coalesce(sum(estimate), 0) FROM attempts WHERE state = 'armed') + (SELECT coalesce(sum(estimate), 0) FROM attempts WHERE state = "
            "'submitted') + (SELECT coalesce(sum(estimate), 0) FROM attempts WHERE state = 'uncertain')"},
      closed_{db,
              "SELECT coalesce(sum(CASE entry WHEN 'settle' THEN max(amount, (SELECT r.amount FROM ledger r WHERE r.attempt = l.attempt AND r.entry = "
              "'reserve')) WHEN 'adjust' THEN max(amount, 0) ELSE 0 END), 0), coalesce(max(id), ?1) FROM ledger l WHERE id > ?1"},
      quiet_{db,
             "SELECT NOT EXISTS (SELECT 1 FROM attempts WHERE state = 'armed') AND NOT EXISTS (SELECT 1 FROM attempts WHERE state = 'submitted') AND NOT "
             "EXISTS (SELECT 1 FROM attempts WHERE state = 'uncertain')"},
      spent_{db, "SELECT coalesce(sum(amount), 0) FROM ledger WHERE id > ? AND (entry = 'settle' OR entry = 'adjust')"},
      learned_{db, "SELECT turn, length_ms, cost FROM charges WHERE model = ? AND mode = ? ORDER BY turn, length_ms"},
      learn_{db, "INSERT INTO charges (model, mode, turn, length_ms, cost) VALUES (?, ?, ?, ?, ?)"},
      forget_{db, "DELETE FROM charges WHERE model = ? AND mode = ?"} {}

void Funds::balance(const BalanceNote& note) {
    Change change{db_, group_};
    Use{put_, note.credits, note.at, note.entry}.run();
    change.keep();
}

std::optional<BalanceNote> Funds::balance() {
    Use use{get_};
    if (!use.row()) return std::nullopt;
    return BalanceNote{use.credits(0), use.instant(1), use.number(2)};
}

void Funds::forget_balance() {
    Change change{db_, group_};
    Use{unknown_}.run();
    change.keep();
}

std::int64_t Funds::last_entry() {
    Use use{last_};
    (void)use.row();
    return use.number(0);
}

Credits Funds::at_stake(std::int64_t entry) {
    if (tally_.since != entry || tally_.undone != group_.undone()) tally_ = {entry, entry, group_.undone(), {}};
    Use closed{closed_, tally_.upto}, open{open_};
    (void)closed.row();
    tally_.sum += closed.credits(0);
    tally_.upto = closed.number(1);
    (void)open.row();
    return tally_.sum + open.credits(0);
}

bool Funds::quiet() {
    Use use{quiet_};
    return use.row() && use.number(0) == 1;
}

Credits Funds::spent_since(std::int64_t entry) {
    Use use{spent_, entry};
    (void)use.row();
    return use.credits(0);
}

domain::Learned Funds::learned(const std::string& model, domain::Mode mode) {
    domain::Learned learned;
    Use use{learned_, model, to_string(mode)};
    while (use.row()) (use.number(0) == 0 ? learned.known : learned.cheaper).push_back({std::chrono::milliseconds{use.number(1)}, use.credits(2)});
    return learned;
}

void Funds::learned(const std::string& model, domain::Mode mode, const domain::Learned& learned) {
    Use{forget_, model, to_string(mode)}.run();
    for (const auto& one : learned.known) Use{learn_, model, to_string(mode), 0, one.length, one.cost}.run();
    int turn = 0;
    for (const auto& one : learned.cheaper) Use{learn_, model, to_string(mode), ++turn, one.length, one.cost}.run();
}

}  // namespace motionspool::store
