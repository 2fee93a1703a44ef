#pragma once
#include "base/time.hpp"
#include "store/database.hpp"
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

private:
    SQLite::Database& db_;
    GroupCommit& group_;
    SQLite::Statement put_, forget_, has_;
};

}  // namespace motionspool::store
