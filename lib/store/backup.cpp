#include "store/backup.hpp"
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include "base/unique_fd.hpp"

namespace motionspool::store {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what + ": " + std::strerror(errno)); }

void sync(const fs::path& path, int flags) {
    const UniqueFd file{::open(path.c_str(), flags | O_CLOEXEC)};
    if (!file || ::fsync(file.get()) != 0) fail("cannot write " + path.string() + " to disk");
}

void sync_folder_of(const fs::path& file) { sync(file.has_parent_path() ? file.parent_path() : fs::path{"."}, O_RDONLY | O_DIRECTORY); }

void copy(SQLite::Database& source, const fs::path& to) {
    SQLite::Database target{to.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
    auto* backup = sqlite3_backup_init(target.getHandle(), "main", source.getHandle(), "main");
    if (backup == nullptr) throw SQLite::Exception(target.getHandle());
    const int stepped = sqlite3_backup_step(backup, -1);  // all in one read: a writer goes on meanwhile
    const int finished = sqlite3_backup_finish(backup);
    if (stepped != SQLITE_DONE || finished != SQLITE_OK) throw SQLite::Exception(target.getHandle(), stepped != SQLITE_DONE ? stepped : finished);
    target.exec("PRAGMA journal_mode = DELETE");
}

/// Writes the copy under a hidden name beside `to`. @return that name
fs::path copy_beside(SQLite::Database& source, const fs::path& to) {
    auto hidden = to;
    hidden.replace_filename("." + to.filename().string() + "." + std::to_string(::getpid()));
    ::unlink(hidden.c_str());
    const UniqueFd made{::open(hidden.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!made) fail("cannot create a file beside " + to.string());
    try {
        copy(source, hidden);
        if (::chmod(hidden.c_str(), 0640) != 0) fail("cannot set the mode of " + to.string());
        sync(hidden, O_RDONLY);
    } catch (...) {
        for (const auto* more : {"", "-journal", "-wal", "-shm"}) ::unlink((hidden.string() + more).c_str());
        throw;
    }
    return hidden;
}

/// Where the filesystem has no rename that keeps what is there, a moment is left for another to take the name.
bool rename_new(const fs::path& from, const fs::path& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
    return (errno == EINVAL || errno == ENOSYS) && ::rename(from.c_str(), to.c_str()) == 0;
}

/// What is in the WAL alone goes into the database itself, so that the one is whole without the other. A damaged database is kept as it is.
void fold_in_wal(const fs::path& database) {
    try {
        SQLite::Database db{database.string(), SQLite::OPEN_READWRITE};
        db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (const SQLite::Exception&) {}
}

/// A WAL that stays behind would be played over whatever database is put under its name, even if its own is gone.
void set_wal_aside(const fs::path& database, const fs::path& aside) {
    const auto wal = database.string() + "-wal";
    if (::rename(wal.c_str(), (aside.string() + "-wal").c_str()) != 0 && errno != ENOENT) fail("cannot keep the old database's " + wal);
    if (::unlink((database.string() + "-shm").c_str()) != 0 && errno != ENOENT) fail("cannot remove " + database.string() + "-shm");
}

/// The old database keeps its WAL, whose name follows from its own.
void set_aside(const fs::path& database, const fs::path& aside) {
    if (::link(database.c_str(), aside.c_str()) != 0) fail("cannot keep the old database as " + aside.string());
    set_wal_aside(database, aside);
}

/// A restore as root leaves the file to whom the folder belongs.
void give_to_owner_of_folder(const fs::path& file, const fs::path& folder) {
    struct stat facts {};
    if (::geteuid() != 0 || ::stat(folder.c_str(), &facts) != 0) return;
    if (::chown(file.c_str(), facts.st_uid, facts.st_gid) != 0) fail("cannot give " + file.string() + " to the daemon's user");
}

}  // namespace

Result<fs::path> set_log_aside(const fs::path& database, const std::string& tag) {
    const fs::path aside = database.string() + ".removed-" + tag;
    try {
        if (::access((database.string() + "-wal").c_str(), F_OK) != 0) return fs::path{};
        set_wal_aside(database, aside);
        return fs::path{aside.string() + "-wal"};
    } catch (const std::exception& error) { return Problem{error.what()}; }
}

Done back_up(SQLite::Database& source, const fs::path& to) {
    try {
        if (::access(to.c_str(), F_OK) == 0) return Problem{to.string() + " is there already; name another file"};
        const auto hidden = copy_beside(source, to);
        if (!rename_new(hidden, to)) {
            const int error = errno;
            ::unlink(hidden.c_str());
            errno = error;
            fail("cannot create " + to.string());
        }
        sync_folder_of(to);
        return done();
    } catch (const std::exception& error) { return Problem{"no backup was made: " + std::string{error.what()}}; }
}

Result<BackupFacts> examine_backup(const fs::path& path) {
    try {
        SQLite::Database db{path.string(), SQLite::OPEN_READONLY};
        BackupFacts facts;
        facts.schema = db.execAndGet("PRAGMA user_version").getInt();
        const std::string verdict = db.execAndGet("PRAGMA integrity_check(1)").getString();
        if (verdict != "ok") return Problem{path.string() + " is damaged (" + verdict + "); take another backup"};
        if (facts.schema < 1 || !db.tableExists("attempts")) return Problem{path.string() + " is no database of motionspool"};
        if (facts.schema > schema_version()) {
            return Problem{path.string() + " was written by a newer motionspool (schema " + std::to_string(facts.schema) + ", this program knows " +
                           std::to_string(schema_version()) + "); install that version"};
        }
        facts.state_id = db.execAndGet("SELECT coalesce((SELECT value FROM meta WHERE key = 'state_id'), '')").getString();
        facts.highest = db.execAndGet("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'attempts'").getInt64();
        facts.jobs = db.execAndGet("SELECT count(*) FROM jobs").getInt64();
        return facts;
    } catch (const std::exception& error) { return Problem{path.string() + " is no database of motionspool, or a damaged one (" + error.what() + ")"}; }
}

std::optional<std::string> state_id_of(const fs::path& database) {
    try {
        if (::access(database.c_str(), R_OK) != 0) return std::nullopt;
        SQLite::Database db{database.string(), SQLite::OPEN_READONLY};
        const std::string id = db.execAndGet("SELECT coalesce((SELECT value FROM meta WHERE key = 'state_id'), '')").getString();
        return id.empty() ? std::nullopt : std::optional{id};
    } catch (const std::exception&) { return std::nullopt; }  // a damaged one is what a backup is put in the place of
}

Result<fs::path> put_back(const fs::path& backup, const fs::path& database, const std::string& tag) {
    fs::path hidden;
    try {
        SQLite::Database source{backup.string(), SQLite::OPEN_READONLY};
        hidden = copy_beside(source, database);
        give_to_owner_of_folder(hidden, database.parent_path());
        fs::path aside;
        if (::access(database.c_str(), F_OK) == 0) {
            aside = database.string() + ".before-restore-" + tag;
            fold_in_wal(database);
            set_aside(database, aside);
        } else {
            set_wal_aside(database, database.string() + ".before-restore-" + tag);
        }
        if (::rename(hidden.c_str(), database.c_str()) != 0) fail("cannot rename to " + database.string());
        sync_folder_of(database);
        return aside;
    } catch (const std::exception& error) {
        if (!hidden.empty()) ::unlink(hidden.c_str());
        return Problem{"the backup was not put back: " + std::string{error.what()}};
    }
}

}  // namespace motionspool::store
