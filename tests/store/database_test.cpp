#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>
#include "memory.hpp"

namespace motionspool::store {
namespace {
using namespace test;
using motionspool::test::read_file;
using motionspool::test::write_file;

std::string refusal(const std::filesystem::path& file) {
    const auto opened = open_for_writing(file);
    return opened ? std::string{} : opened.problem().text;
}
unsigned mode_of(const std::filesystem::path& file) {
    struct stat info {};
    return ::stat(file.c_str(), &info) == 0 ? info.st_mode & 07777u : 0;
}

TEST_CASE("a new database has this program's schema, and is the group's to read") {
    Memory memory;
    memory.job();
    memory.turn();
    CHECK(memory.number("PRAGMA user_version") == schema_version());
    CHECK(memory.number("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('batches', 'inputs', 'uploads', 'jobs', 'attempts', 'ledger', "
                        "'deliveries', 'events', 'lane', 'meta')") == 10);
    for (const auto* suffix : {"", "-wal", "-shm"}) CHECK(mode_of(memory.file().string() + suffix) == 0640);
}

TEST_CASE("every commit is synced: WAL and synchronous=FULL are read back, foreign keys are on") {
    Memory memory;
    CHECK(memory.text("PRAGMA journal_mode") == "wal");
    CHECK(memory.number("PRAGMA synchronous") == 2);
    CHECK(memory.number("PRAGMA foreign_keys") == 1);
    CHECK(memory.number("PRAGMA busy_timeout") <= 250);
}

TEST_CASE("a database is opened again with all that was in it") {
    Memory memory;
    const auto id = memory.job("wave");
    memory.reopen();
    REQUIRE(memory->jobs.get(id));
    CHECK(memory->jobs.get(id)->name == "wave");
    CHECK(memory.number("PRAGMA user_version") == schema_version());
}

TEST_CASE("a database of a newer program is refused, and left as it is") {
    Memory memory;
    memory.store->db->exec("PRAGMA user_version = 99");
    memory.close();
    const auto text = refusal(memory.file());
    CHECK(text.find(memory.file().string()) != std::string::npos);
    CHECK(text.find("newer motionspool (schema 99, this program knows " + std::to_string(schema_version()) + "); install that version") != std::string::npos);
    const auto reading = open_for_reading(memory.file());
    REQUIRE_FALSE(reading.has_value());
    CHECK(reading.problem().text.find("schema 99") != std::string::npos);
    SQLite::Database raw{memory.file().string(), SQLite::OPEN_READWRITE};
    CHECK(raw.execAndGet("PRAGMA user_version").getInt() == 99);
    raw.exec("PRAGMA user_version = " + std::to_string(schema_version()));
    memory.open();
}

TEST_CASE("a file that is no database is refused with what to do") {
    TempFolder folder;
    const auto file = folder / "motionspool.db";
    write_file(file, std::string(8192, 'x'));
    CHECK(refusal(file).find(file.string()) != std::string::npos);
    CHECK(refusal(file).find("put a backup back") != std::string::npos);
    const auto reading = open_for_reading(file);
    REQUIRE_FALSE(reading.has_value());
    CHECK(reading.problem().text.find("put a backup back") != std::string::npos);
    CHECK(read_file(file) == std::string(8192, 'x'));
}

TEST_CASE("a database with a damaged page is refused with what to do") {
    Memory memory;
    for (int i = 0; i < 200; i++) memory.job("job-" + std::to_string(i));
    memory.turn();
    memory.close();
    {
        SQLite::Database raw{memory.file().string(), SQLite::OPEN_READWRITE};
        raw.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    const auto good = read_file(memory.file());
    auto bytes = good;
    for (std::size_t page = 1; page < bytes.size() / 4096; page++) bytes.replace(page * 4096, 64, std::string(64, '\x5a'));
    std::filesystem::remove(memory.file().string() + "-wal");
    std::filesystem::remove(memory.file().string() + "-shm");
    write_file(memory.file(), bytes);
    CHECK(refusal(memory.file()).find("put a backup back") != std::string::npos);
    write_file(memory.file(), good.substr(0, good.size() / 2));
    CHECK(refusal(memory.file()).find("put a backup back") != std::string::npos);
    write_file(memory.file(), good);
    memory.open();
}

TEST_CASE("a database in a folder that is not there is a problem, and not made") {
    TempFolder folder;
    CHECK(refusal(folder / "none/motionspool.db").find("none/motionspool.db") != std::string::npos);
    const auto reading = open_for_reading(folder / "motionspool.db");
    REQUIRE_FALSE(reading.has_value());
    CHECK(reading.problem().text == "there is no database " + (folder / "motionspool.db").string() + " yet; has the daemon run with this configuration?");
    CHECK_FALSE(std::filesystem::exists(folder / "motionspool.db"));
}

TEST_CASE("a reader sees what is committed while the daemon writes, and cannot write") {
    Memory memory;
    memory.job("first");
    memory.turn();
    const auto reader = open_for_reading(memory.file());
    REQUIRE(reader.has_value());
    Views views{**reader};
    CHECK(views.jobs({}).size() == 1);
    memory.job("second");
    CHECK(views.jobs({}).size() == 1);
    memory.turn();
    CHECK(views.jobs({}).size() == 2);
    CHECK_THROWS_AS((*reader)->exec("DELETE FROM events"), SQLite::Exception);
}

TEST_CASE("a reader that keeps a snapshot open does not keep the daemon from committing") {
    Memory memory;
    memory.job("first");
    memory.turn();
    const auto reader = open_for_reading(memory.file());
    (*reader)->exec("BEGIN; SELECT count(*) FROM jobs");
    memory.job("second");
    memory.turn();
    CHECK_NOTHROW(motionspool::test::run(memory.io, memory->commits.durable()));
    CHECK(memory.number("SELECT count(*) FROM jobs") == 2);
}

TEST_CASE("after a clean end of the daemon its group still reads, without a right to write") {
    Memory memory;
    memory.job("first");
    memory.turn();
    memory.close();
    const bool root = ::geteuid() == 0;
    constexpr unsigned nobody = 65'534;
    if (root) {
        for (const auto& path : {memory.folder.path(), memory.file(), std::filesystem::path{memory.file().string() + "-wal"},
                                 std::filesystem::path{memory.file().string() + "-shm"}})
            REQUIRE(::chown(path.c_str(), 0, nobody) == 0);
        REQUIRE(::chmod(memory.folder.path().c_str(), 0750) == 0);
        REQUIRE(::setegid(nobody) == 0);
        REQUIRE(::seteuid(nobody) == 0);
    }
    {
        const auto reader = open_for_reading(memory.file());
        CHECK(reader.has_value());
        if (reader) CHECK(Views{**reader}.jobs({}).size() == 1);
    }
    if (root) {
        REQUIRE(::seteuid(0) == 0);
        REQUIRE(::setegid(0) == 0);
    }
    memory.open();
}

TEST_CASE("a change is all or nothing, and leaves the others of its group alone") {
    Memory memory;
    memory->notes.set_fact("before", "1");
    {
        Change change{*memory->db, memory->commits};
        memory->db->exec("INSERT INTO meta VALUES ('half', '1')");
        CHECK(memory->notes.fact("half") == "1");
    }
    memory->notes.set_fact("after", "1");
    memory.reopen();
    CHECK(memory->notes.fact("before") == "1");
    CHECK_FALSE(memory->notes.fact("half"));
    CHECK(memory->notes.fact("after") == "1");
}

TEST_CASE("a change that throws on its way is undone, one inside another too") {
    Memory memory;
    const auto fails = [&] {
        Change outer{*memory->db, memory->commits};
        memory->notes.set_fact("inner", "1");
        memory->db->exec("INSERT INTO meta VALUES ('inner', 'again')");
        outer.keep();
    };
    CHECK_THROWS_AS(fails(), SQLite::Exception);
    memory->notes.set_fact("after", "1");
    memory.reopen();
    CHECK_FALSE(memory->notes.fact("inner"));
    CHECK(memory->notes.fact("after") == "1");
}

TEST_CASE("once SQLite has undone a whole group, its turn changes nothing more and its commit fails") {
    Memory memory;
    memory->notes.set_fact("good", "1");
    memory.turn();
    memory->db->exec("CREATE TEMP TRIGGER undo BEFORE INSERT ON meta WHEN new.key = 'bad' BEGIN SELECT RAISE(ROLLBACK, 'undone'); END");
    memory->notes.set_fact("lost", "1");
    CHECK_THROWS(memory->notes.set_fact("bad", "1"));
    CHECK_THROWS_AS(memory->notes.set_fact("late", "1"), std::logic_error);
    CHECK_THROWS(motionspool::test::run(memory.io, memory->commits.durable()));
    memory.crash();
    CHECK(memory->notes.fact("good") == "1");
    CHECK_FALSE(memory->notes.fact("lost"));
    CHECK_FALSE(memory->notes.fact("late"));
}

}  // namespace
}  // namespace motionspool::store
