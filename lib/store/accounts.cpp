#include "store/accounts.hpp"
#include <algorithm>

namespace motionspool::store {

Accounts::Accounts(SQLite::Database& db)
    : open_{db, "INSERT INTO accounts (name, reserved, spent) VALUES (?, 0, 0) ON CONFLICT (name) DO NOTHING"},
      book_{db, "INSERT INTO bookings (attempt, account) VALUES (?, ?)"},
      moved_{db, "UPDATE accounts SET reserved = reserved + ?2, spent = spent + ?3 WHERE name IN (SELECT account FROM bookings WHERE attempt = ?1)"},
      of_{db, "SELECT reserved, spent FROM accounts WHERE name = ?"},
      from_{db, "SELECT coalesce(sum(reserved), 0), coalesce(sum(spent), 0) FROM accounts WHERE name >= ? AND name < ?"} {}

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
