#include "store/uploads.hpp"

namespace motionspool::store {

Uploads::Uploads(SQLite::Database& db, GroupCommit& group)
    : db_{db},
      group_{group},
      put_{db, "INSERT INTO uploads (sha256, url, until) VALUES (?, ?, ?) ON CONFLICT (sha256) DO UPDATE SET url = excluded.url, until = excluded.until"},
      forget_{db, "DELETE FROM uploads WHERE sha256 = ?"},
      has_{db, "SELECT 1 FROM uploads WHERE sha256 = ? AND until > ?"},
      forget_beyond_{db, "DELETE FROM uploads WHERE until > ?"},
      trouble_{db,
               "INSERT INTO upload_troubles (sha256, text, until, since) VALUES (?, ?, ?, ?) ON CONFLICT (sha256) DO UPDATE SET text = excluded.text, until = "
               "excluded.until"},
      no_trouble_{db, "DELETE FROM upload_troubles WHERE sha256 = ?1 OR ?1 IS NULL"},
      try_again_{db, "UPDATE upload_troubles SET until = ?2 WHERE sha256 = ?1 AND until > ?2"},
      latest_trouble_{db, "SELECT text, until, since FROM upload_troubles ORDER BY until DESC LIMIT 1"} {}

void Uploads::put(const std::string& sha256, const std::string& url, Instant until) {
    Change change{db_, group_};
    Use{put_, sha256, url, until}.run();
    Use{no_trouble_, sha256}.run();
    change.keep();
}

void Uploads::put_off(const std::string& sha256, const std::string& why, Instant until, Instant now) {
    Change change{db_, group_};
    Use{trouble_, sha256, why, until, now}.run();
    change.keep();
}

void Uploads::try_again(const std::string& sha256, Instant now) {
    Change change{db_, group_};
    Use{try_again_, sha256, now}.run();
    change.keep();
}

void Uploads::forget_trouble(const std::optional<std::string>& sha256) {
    Change change{db_, group_};
    Use{no_trouble_, sha256}.run();
    change.keep();
}

std::optional<LaneNote> Uploads::trouble() {
    Use use{latest_trouble_};
    if (!use.row()) return std::nullopt;
    return LaneNote{"provider", use.text(0), use.instant(1), use.instant(2)};
}

void Uploads::forget(const std::string& sha256) {
    Change change{db_, group_};
    Use{forget_, sha256}.run();
    change.keep();
}

void Uploads::forget_beyond(Instant latest) {
    Change change{db_, group_};
    Use{forget_beyond_, latest}.run();
    change.keep();
}

bool Uploads::has(const std::string& sha256, Instant now) { return Use{has_, sha256, now}.row(); }

}  // namespace motionspool::store
