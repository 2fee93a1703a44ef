#include "store/uploads.hpp"

namespace motionspool::store {

Uploads::Uploads(SQLite::Database& db, GroupCommit& group)
    : db_{db},
      group_{group},
      put_{db, "INSERT INTO uploads (sha256, url, until) VALUES (?, ?, ?) ON CONFLICT (sha256) DO UPDATE SET url = excluded.url, until = excluded.until"},
      forget_{db, "DELETE FROM uploads WHERE sha256 = ?"},
      has_{db, "SELECT 1 FROM uploads WHERE sha256 = ? AND until > ?"} {}

void Uploads::put(const std::string& sha256, const std::string& url, Instant until) {
    Change change{db_, group_};
    Use{put_, sha256, url, until}.run();
    change.keep();
}

void Uploads::forget(const std::string& sha256) {
    Change change{db_, group_};
    Use{forget_, sha256}.run();
    change.keep();
}

bool Uploads::has(const std::string& sha256, Instant now) { return Use{has_, sha256, now}.row(); }

}  // namespace motionspool::store
