#include "store/database.hpp"
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>
#include <array>
#include <stdexcept>
#include "base/seeded.hpp"
#include "store/schema_sql.hpp"

namespace motionspool::store {
namespace {

/// Script n brings a database from version n to n + 1.
constexpr std::array migrations{schema_sql, schema_2_sql, schema_3_sql, schema_4_sql};

/// What went wrong, and what to do where SQLite itself says no more than "malformed".
std::string in_words(const std::exception& error) {
    const auto* sqlite = dynamic_cast<const SQLite::Exception*>(&error);
    const bool damaged = sqlite != nullptr && (sqlite->getErrorCode() == SQLITE_NOTADB || sqlite->getErrorCode() == SQLITE_CORRUPT);
    return damaged ? std::string{"the database is damaged ("} + error.what() + "); put a backup back" : error.what();
}

void migrate(SQLite::Database& db, const std::filesystem::path& file) {
    const int found = db.execAndGet("PRAGMA user_version").getInt();
    if (found > schema_version()) {
        throw std::runtime_error(file.string() + " was written by a newer motionspool (schema " + std::to_string(found) + ", this program knows " +
                                 std::to_string(schema_version()) + "); install that version");
    }
    for (auto version = static_cast<std::size_t>(found); version < migrations.size(); version++) {
        SQLite::Transaction transaction{db};
        db.exec(migrations.at(version));
        db.exec("PRAGMA user_version = " + std::to_string(version + 1));
        transaction.commit();
    }
}

void set_up(SQLite::Database& db) {
    db.setBusyTimeout(250);
    const std::string mode = db.execAndGet("PRAGMA journal_mode = WAL").getString();
    const int full = seeded("normal-for-full") ? 1 : 2;
    db.exec("PRAGMA synchronous = " + std::to_string(full) + "; PRAGMA foreign_keys = ON; PRAGMA cache_size = -4000; PRAGMA temp_store = MEMORY");
    if (mode != "wal") throw std::runtime_error("SQLite gives journal mode " + mode + " instead of WAL; is the state directory on a network filesystem?");
    if (db.execAndGet("PRAGMA synchronous").getInt() != full) throw std::runtime_error("SQLite does not accept synchronous=FULL");
    int keep = 1;  // readers of the group need the WAL when the daemon is down
    sqlite3_file_control(db.getHandle(), "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
    const std::string verdict = db.execAndGet("PRAGMA quick_check(1)").getString();
    if (verdict != "ok") throw std::runtime_error("the database is damaged (" + verdict + "); put a backup back");
}

void sync_folder(const std::filesystem::path& folder) {
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) throw std::runtime_error("cannot open " + folder.string());
    const int rc = ::fsync(fd);
    ::close(fd);
    if (rc != 0) throw std::runtime_error("cannot write " + folder.string() + " to disk");
}

}  // namespace

int schema_version() { return static_cast<int>(migrations.size()); }

Result<std::unique_ptr<SQLite::Database>> open_for_writing(const std::filesystem::path& file) {
    try {
        const bool fresh = !std::filesystem::exists(file);
        auto db = std::make_unique<SQLite::Database>(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX);
        if (fresh) ::chmod(file.c_str(), 0640);
        set_up(*db);
        migrate(*db, file);
        sync_folder(file.parent_path());
        return db;
    } catch (const std::exception& error) { return Problem{"cannot open the database " + file.string() + ": " + in_words(error)}; }
}

Result<std::unique_ptr<SQLite::Database>> open_for_reading(const std::filesystem::path& file) {
    try {
        if (::access(file.c_str(), F_OK) != 0) return Problem{"there is no database " + file.string() + " yet; has the daemon run with this configuration?"};
        auto db = std::make_unique<SQLite::Database>(file.string(), SQLite::OPEN_READONLY);
        db->setBusyTimeout(2000);
        const int found = db->execAndGet("PRAGMA user_version").getInt();
        if (found != schema_version()) {
            return Problem{file.string() + " has schema " + std::to_string(found) + " and this program knows " + std::to_string(schema_version()) +
                           "; use the version of motionspool that the daemon runs"};
        }
        return db;
    } catch (const std::exception& error) { return Problem{"cannot read the database " + file.string() + ": " + in_words(error)}; }
}

Change::Change(SQLite::Database& db, GroupCommit& group) : db_{db}, group_{group} {
    group_.begin();
    group_.begin_part();
}

void Change::keep() {
    group_.assert_still_open();
    group_.end_part();
    kept_ = true;
}

Change::~Change() {
    if (kept_) return;
    group_.count_undone();
    if (sqlite3_get_autocommit(db_.getHandle())) return;
    sqlite3_exec(db_.getHandle(), "ROLLBACK TO change; RELEASE change", nullptr, nullptr, nullptr);
}

}  // namespace motionspool::store
