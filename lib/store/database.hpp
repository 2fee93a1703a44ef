#pragma once
#include <SQLiteCpp/SQLiteCpp.h>
#include <filesystem>
#include <memory>
#include "base/result.hpp"
#include "store/group_commit.hpp"

namespace motionspool::store {

/// The database file. For the daemon: WAL, synchronous=FULL (read back), migrated, checked. For readers: read-only, the daemon running or not.
/// @return a Problem naming the file and what to do: no such file, newer than this program, damaged, not permitted
[[nodiscard]] Result<std::unique_ptr<SQLite::Database>> open_for_writing(const std::filesystem::path& file);
[[nodiscard]] Result<std::unique_ptr<SQLite::Database>> open_for_reading(const std::filesystem::path& file);

/// The version this program reads and writes (`PRAGMA user_version`).
[[nodiscard]] int schema_version();

/// Groups changes into one SAVEPOINT of the group's transaction: all of them, or, if it goes without keep(), none.
class Change {
public:
    Change(SQLite::Database&, GroupCommit&);
    Change(const Change&) = delete;
    Change& operator=(const Change&) = delete;
    ~Change();
    void keep();

private:
    SQLite::Database& db_;
    GroupCommit& group_;
    bool kept_ = false;
};

}  // namespace motionspool::store
