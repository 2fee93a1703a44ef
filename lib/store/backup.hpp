#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include "store/database.hpp"

namespace motionspool::store {

/// Copies a database as it is at one moment into a new file of mode 0640, durably: one file, without a WAL beside it. Whoever writes to it meanwhile is not
/// kept from it. @param source open for reading
/// @return a Problem if `to` is there already, or cannot be written; then nothing is left of it
[[nodiscard]] Done back_up(SQLite::Database& source, const std::filesystem::path& to);

/// What a backup is.
struct BackupFacts {
    std::string state_id;      ///< of the state directory it is of; empty: it never ran with a spool
    std::int64_t highest = 0;  ///< the highest submission it knows
    std::int64_t jobs = 0;
    int schema = 0;
};
/// Looks at every page of it. @return a Problem if it is no database of motionspool, damaged, or of a newer version
[[nodiscard]] Result<BackupFacts> examine_backup(const std::filesystem::path&);

/// The state id a database names; nothing if there is no database, none in it, or it cannot be read.
[[nodiscard]] std::optional<std::string> state_id_of(const std::filesystem::path& database);

/// Moves the write-ahead log that belongs to no database any more out of the way: it would be played over whatever is put under the name of its own.
/// @return its new name, or why not; empty: there was none
[[nodiscard]] Result<std::filesystem::path> set_log_aside(const std::filesystem::path& database, const std::string& tag);

/// Puts a backup in the place of `database`; a power cut leaves one of both there. What was there lies beside it under the name that is returned (empty: there
/// was none). @pre nobody has `database` open, and the backup is a good one
/// @param tag makes that name unique: "before-restore-TAG"
[[nodiscard]] Result<std::filesystem::path> put_back(const std::filesystem::path& backup, const std::filesystem::path& database, const std::string& tag);

}  // namespace motionspool::store
