#include "store/backup.hpp"
#include <doctest/doctest.h>
#include <sys/stat.h>
#include "store/store.hpp"
#include "support/temp_folder.hpp"

namespace motionspool::store {
namespace {
namespace fs = std::filesystem;
using test::TempFolder;

std::unique_ptr<SQLite::Database> opened(const fs::path& path) {
    auto db = open_for_writing(path);
    REQUIRE(db.has_value());
    return std::move(*db);
}

void set(SQLite::Database& db, const std::string& value) { db.exec("INSERT OR REPLACE INTO meta VALUES ('state_id', '" + value + "')"); }

std::string value_in(const fs::path& path) { return SQLite::Database{path.string()}.execAndGet("SELECT value FROM meta WHERE key = 'state_id'").getString(); }

std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator{folder}) names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

TEST_CASE("a backup is one file, whole, of mode 0640, made while the daemon writes") {
    TempFolder folder, kept;
    const auto file = folder / "motionspool.db";
    const auto daemon = opened(file);
    set(*daemon, "before");
    daemon->exec("BEGIN IMMEDIATE");
    set(*daemon, "not committed");
    const auto reader = open_for_reading(file);
    REQUIRE(reader.has_value());
    REQUIRE(back_up(**reader, kept / "b.db").has_value());
    daemon->exec("COMMIT");
    CHECK(names_in(kept.path()) == std::vector<std::string>{"b.db"});
    struct stat facts {};
    REQUIRE(::stat((kept / "b.db").c_str(), &facts) == 0);
    CHECK((facts.st_mode & 07777) == 0640);
    const auto found = examine_backup(kept / "b.db");
    REQUIRE(found.has_value());
    CHECK(found->state_id == "before");
    CHECK(found->schema == schema_version());
    CHECK(found->highest == 0);
    CHECK(names_in(kept.path()) == std::vector<std::string>{"b.db"});
}

TEST_CASE("a backup overwrites nothing, and leaves nothing where it cannot be made") {
    TempFolder folder;
    const auto daemon = opened(folder / "motionspool.db");
    const auto before = names_in(folder.path());
    test::write_file(folder / "b.db", "mine");
    const auto refused = back_up(*daemon, folder / "b.db");
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.problem().text.find("is there already") != std::string::npos);
    CHECK(test::read_file(folder / "b.db") == "mine");
    fs::remove(folder / "b.db");
    CHECK_FALSE(back_up(*daemon, folder / "no" / "b.db").has_value());
    CHECK(names_in(folder.path()) == before);
}

TEST_CASE("what is no backup is told in words: nonsense, another's database, a damaged one, a newer one") {
    TempFolder folder;
    const auto path = folder / "b.db";
    test::write_file(path, "nonsense, and rather long, so that it is not taken for an empty database by anyone who reads it; it goes on for a while like this");
    CHECK_FALSE(examine_backup(path).has_value());
    fs::remove(path);
    SQLite::Database{path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE}.exec("CREATE TABLE t (a)");
    CHECK(examine_backup(path).problem().text.find("no database of motionspool") != std::string::npos);
    fs::remove(path);
    opened(folder / "d.db")->exec("PRAGMA user_version = 99");
    CHECK(examine_backup(folder / "d.db").problem().text.find("newer motionspool") != std::string::npos);
    REQUIRE(back_up(*opened(folder / "good.db"), path).has_value());
    REQUIRE(examine_backup(path).has_value());
    auto bytes = test::read_file(path);
    for (std::size_t at = 4096; at < bytes.size(); at += 4096) bytes[at] = '\x7f';
    test::write_file(path, bytes);
    CHECK_FALSE(examine_backup(path).has_value());
    CHECK_FALSE(examine_backup(folder / "none.db").has_value());
}

TEST_CASE("a backup takes the database's place, and what was there is kept beside with all its commits") {
    TempFolder folder, kept;
    const auto file = folder / "motionspool.db";
    {
        const auto daemon = opened(file);
        set(*daemon, "old");
        REQUIRE(back_up(*daemon, kept / "b.db").has_value());
        set(*daemon, "newer");  // in the WAL
    }
    REQUIRE(fs::file_size(folder / "motionspool.db-wal") > 0);
    const auto aside = put_back(kept / "b.db", file, "T");
    REQUIRE(aside.has_value());
    CHECK(aside->string() == file.string() + ".before-restore-T");
    CHECK(value_in(file) == "old");
    fs::remove(aside->string() + "-wal");  // wherever a restore ends half-way, the old database is whole without it
    CHECK(value_in(*aside) == "newer");
    CHECK_FALSE(put_back(kept / "b.db", file, "T").has_value());  // that name is taken
    CHECK(value_in(file) == "old");
    set(*opened(file), "on");
    CHECK(value_in(file) == "on");
}

TEST_CASE("a WAL whose database was removed by hand is not played over the backup that is put in its place") {
    TempFolder folder, kept;
    const auto file = folder / "motionspool.db";
    {
        const auto daemon = opened(file);
        set(*daemon, "old");
        REQUIRE(back_up(*daemon, kept / "b.db").has_value());
        set(*daemon, "newer");
        fs::copy_file(file.string() + "-wal", kept / "wal");
    }
    fs::remove(file);
    fs::remove(file.string() + "-shm");
    fs::copy_file(kept / "wal", file.string() + "-wal", fs::copy_options::overwrite_existing);
    const auto aside = put_back(kept / "b.db", file, "T");
    REQUIRE(aside.has_value());
    CHECK(aside->empty());
    CHECK_FALSE(fs::exists(file.string() + "-wal"));
    CHECK(fs::exists(file.string() + ".before-restore-T-wal"));
    CHECK(value_in(file) == "old");
}

TEST_CASE("a backup can be put where there is no database yet") {
    TempFolder folder, kept;
    {
        const auto daemon = opened(folder / "motionspool.db");
        set(*daemon, "old");
        REQUIRE(back_up(*daemon, kept / "b.db").has_value());
    }
    const auto aside = put_back(kept / "b.db", kept / "motionspool.db", "T");
    REQUIRE(aside.has_value());
    CHECK(aside->empty());
    CHECK(value_in(kept / "motionspool.db") == "old");
}

}  // namespace
}  // namespace motionspool::store
