#include "store/accounts.hpp"
#include <algorithm>

namespace motionspool::store {

Accounts::Accounts(SQLite::Database& db)
    : db_{db},
      open_{db, "INSERT INTO accounts (name, reserved, spent) VALUES (?, 0, 0) ON CONFLICT (name) DO NOTHING"},
      book_{db, "INSERT INTO bookings (attempt, account) VALUES (?, ?)"},
      moved_{db, "UPDATE accounts SET reserved = reserved + ?2, spent = spent + ?3 WHERE name IN (SELECT account FROM bookings WHERE attempt = ?1)"},
      of_{db, "SELECT reserved, spent FROM accounts WHERE name = ?"},
      from_{db, "SELECT coalesce(sum(reserved), 0), coalesce(sum(spent), 0) FROM accounts WHERE name >= ? AND name < ?"},
      ahead_{
          db,
          "SELECT name, reserved, spent FROM accounts WHERE (reserved <> 0 OR spent <> 0) AND ((name >= 'day/' AND name < 'day0' OR name >= 'share/' AND name "
          "< 'share0' OR name >= 'window/' AND name < 'window0') AND substr(name, -10) > ?1 OR name >= 'turn/' AND name < 'turn0' AND substr(name, -10) > "
          "substr(?2, -10))"} {}

void Accounts::book(AttemptId attempt, std::span<const std::string> names) {
    for (const auto& name : names) {
        Use{open_, name}.run();
        Use{book_, attempt, name}.run();
    }
}

void Accounts::moved(AttemptId attempt, const domain::Account& before, const domain::Account& after) {
    Use{moved_, attempt, after.reserved - before.reserved, after.spent - before.spent}.run();
}

Booked Accounts::of(const std::string& name) {
    Use use{of_, name};
    if (!use.row()) return {};
    return {use.credits(0), use.credits(1)};
}

Booked Accounts::from(const std::string& prefix, const std::string& first) {
    Use use{from_, first, prefix + "\x7f"};
    (void)use.row();
    return {use.credits(0), use.credits(1)};
}

std::vector<std::pair<std::string, Booked>> Accounts::ahead(const std::string& last_date, const std::string& turn) {
    std::vector<std::pair<std::string, Booked>> names;
    Use use{ahead_, last_date, turn};
    while (use.row()) names.emplace_back(use.text(0), Booked{use.credits(1), use.credits(2)});
    return names;
}

void Accounts::rename(const std::map<std::string, std::string>& names) {
    db_.exec("CREATE TEMP TABLE renamed (was TEXT PRIMARY KEY, is_now TEXT NOT NULL) WITHOUT ROWID");
    SQLite::Statement list{db_, "INSERT INTO renamed VALUES (?, ?)"};
    for (const auto& [old, now] : names) {
        Use{list, old, now}.run();
        Use{open_, now}.run();
    }
    db_.exec(
        "UPDATE accounts SET reserved = accounts.reserved + m.reserved, spent = accounts.spent + m.spent FROM (SELECT r.is_now, sum(a.reserved) AS reserved, "
        "sum(a.spent) AS spent FROM renamed r JOIN accounts a ON a.name = r.was GROUP BY r.is_now) m WHERE accounts.name = m.is_now; "
        "UPDATE accounts SET reserved = 0, spent = 0 WHERE name IN (SELECT was FROM renamed); "
        "UPDATE bookings SET account = (SELECT is_now FROM renamed WHERE was = account) WHERE account IN (SELECT was FROM renamed); "
        "DROP TABLE renamed");
}

std::string batch_account(BatchId batch) { return "batch/" + std::to_string(batch.value()); }
std::string day_account(const std::string& day) { return "day/" + day; }
std::string share_account(const std::string& share, const std::string& day) { return "share/" + share + "/" + day; }
std::string window_account(const std::string& window, const std::string& day) { return "window/" + window + "/" + day; }
std::string own_share(BatchId batch) { return "#" + std::to_string(batch.value()); }

std::string turn_prefix(const std::string& share) { return "turn/" + share + "/"; }

std::string turn_account(const std::string& share, Instant at) {
    const auto hour = std::to_string(std::chrono::floor<std::chrono::hours>(at).time_since_epoch().count());
    return turn_prefix(share) + std::string(10 - std::min<std::size_t>(hour.size(), 10), '0') + hour;
}

}  // namespace motionspool::store
