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
      surcharges_{db, "SELECT mode, permille FROM surcharges"},
      learned_{db, "SELECT permille, below, dearest FROM surcharges WHERE mode = ?"},
      learn_{db, "INSERT OR REPLACE INTO surcharges (mode, permille, below, dearest) VALUES (?, ?, ?, ?)"},
      plain_{db, "DELETE FROM surcharges WHERE mode = ?"},
      forget_{db, "DELETE FROM surcharges"} {}

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

domain::Surcharges Funds::surcharges() {
    domain::Surcharges all;
    Use use{surcharges_};
    while (use.row()) all.of(mode_of(use.text(0))) = static_cast<int>(use.number(1));
    return all;
}

domain::Learned Funds::learned(domain::Mode mode) {
    Use use{learned_, to_string(mode)};
    if (!use.row()) return {};
    return {static_cast<int>(use.number(0)), static_cast<int>(use.number(1)), static_cast<int>(use.number(2))};
}

void Funds::learned(domain::Mode mode, const domain::Learned& learned) {
    if (learned.permille > 1000)
        Use{learn_, to_string(mode), learned.permille, learned.below, learned.dearest}.run();
    else
        Use{plain_, to_string(mode)}.run();
}

void Funds::forget_surcharges() {
    Change change{db_, group_};
    Use{forget_}.run();
    change.keep();
}

}  // namespace motionspool::store
