#include "spool/watcher.hpp"
#include <linux/magic.h>
#include "async/task_group.hpp"
#include "place_for_tests.hpp"
#include "support/manual_clock.hpp"
#include "support/run.hpp"

using namespace motionspool;
using namespace motionspool::test;
using namespace std::chrono_literals;
using spool::Changes;
using spool::WatchMode;

namespace {

/// Waits again and again; what came lies in `seen`.
struct Bench {
    explicit Bench(WatchMode mode) {
        fs::create_directory(incoming);
        auto made = spool::make_watcher(io.get_executor(), clock, incoming, mode, 100ms);
        REQUIRE(made.has_value());
        watcher = std::move(*made);
        group.spawn(follow());
    }
    ~Bench() {
        group.cancel();
        io.restart();
        io.run();
    }
    asio::awaitable<void> follow() {
        for (;;) {
            auto changes = co_await watcher->wait();
            seen.push_back(std::move(changes));
        }
    }
    /// Lets what must happen happen: one interval and a bit.
    std::vector<Changes> next() {
        seen.clear();
        clock.run_for(110ms);
        return seen;
    }
    TempFolder folder;
    fs::path incoming = folder / "incoming", outside = folder / "outside";
    asio::io_context io;
    ManualClock clock{io};
    std::unique_ptr<spool::Watcher> watcher;
    TaskGroup group{io.get_executor()};
    std::vector<Changes> seen;
};

/// Names renamed in, of all changes.
std::vector<std::string> renamed(const std::vector<Changes>& all) {
    std::vector<std::string> names;
    for (const auto& changes : all) names.insert(names.end(), changes.renamed_in.begin(), changes.renamed_in.end());
    return names;
}

}  // namespace

TEST_CASE("both watchers tell of everything that arrives, and of a folder that goes and comes back") {
    for (const auto mode : {WatchMode::inotify, WatchMode::poll}) {
        Bench bench{mode};
        const std::string kind = bench.watcher->polls() ? "poll" : "inotify";
        INFO(kind);
        bench.next();

        write_file(bench.incoming / "fox.yaml", "version: 1");
        CHECK_FALSE(bench.next().empty());
        fs::create_directory(bench.incoming / "bear");
        CHECK_FALSE(bench.next().empty());
        put(bench.outside / "manifest.yaml");
        fs::rename(bench.outside, bench.incoming / "owl");
        CHECK_FALSE(bench.next().empty());
        fs::create_hard_link(bench.incoming / "fox.yaml", bench.incoming / "twin.yaml");
        CHECK_FALSE(bench.next().empty());

        fs::rename(bench.incoming, bench.folder / "away");
        const auto gone = bench.next();
        REQUIRE_FALSE(gone.empty());
        CHECK(gone.front().gone);
        CHECK(bench.next().empty());

        fs::create_directory(bench.incoming);
        const auto back = bench.next();
        REQUIRE_FALSE(back.empty());
        CHECK(back.front().back);
        write_file(bench.incoming / "fox.yaml", "version: 1");
        CHECK_FALSE(bench.next().empty());

        fs::remove_all(bench.incoming);
        bool said = false;
        for (const auto& changes : bench.next()) said = said || changes.gone;
        CHECK(said);
    }
}

TEST_CASE("inotify tells what was renamed in, and only that") {
    Bench bench{WatchMode::inotify};
    put(bench.outside / "manifest.yaml");
    fs::rename(bench.outside, bench.incoming / "fox");
    write_file(bench.incoming / "copied.yaml", "version: 1");
    CHECK(renamed(bench.next()) == std::vector<std::string>{"fox"});
}

TEST_CASE("inotify sleeps over what nobody wants to know: nothing, notes, droppings, what leaves") {
    Bench bench{WatchMode::inotify};
    write_file(bench.incoming / "fox.yaml", "version: 1");
    bench.next();
    CHECK(bench.next().empty());
    write_file(bench.incoming / "fox.waiting.txt", "fox.png is missing");
    write_file(bench.incoming / ".DS_Store", "");
    fs::rename(bench.incoming / "fox.yaml", bench.folder / "fox.yaml");
    CHECK(bench.next().empty());
}

TEST_CASE("inotify tells what happens inside the folders that are asked about, until they are no more") {
    Bench bench{WatchMode::inotify};
    fs::create_directories(bench.incoming / "fox/media");
    fs::create_directories(bench.incoming / "bear");
    bench.next();
    write_file(bench.incoming / "fox/fox.png", "x");
    CHECK(bench.next().empty());
    const std::vector<std::string> asked{"fox", "fox/media", "gone"};
    CHECK(bench.watcher->look_inside(asked));
    CHECK_FALSE(bench.watcher->look_inside(asked));
    for (const auto* inside : {"fox/bear.png", "fox/media/wave.mp4"}) {
        write_file(bench.incoming / inside, "x");
        const auto changes = bench.next();
        REQUIRE_FALSE(changes.empty());
        CHECK(renamed(changes).empty());
    }
    for (const auto* nobody : {"bear/fox.png", "fox/.DS_Store"}) write_file(bench.incoming / nobody, "x");
    CHECK(bench.next().empty());
    fs::remove(bench.incoming / "fox/bear.png");
    CHECK_FALSE(bench.next().empty());
    fs::remove_all(bench.incoming / "fox/media");
    bench.next();
    CHECK_FALSE(bench.watcher->look_inside(std::vector<std::string>{"fox"}));
    CHECK_FALSE(bench.watcher->look_inside({}));
    write_file(bench.incoming / "fox/owl.png", "x");
    CHECK(bench.next().empty());
    write_file(bench.incoming / "fox.yaml", "version: 1");
    CHECK_FALSE(bench.next().empty());
}

TEST_CASE("what happened before the first wait is told then") {
    Bench bench{WatchMode::inotify};
    put(bench.outside / "manifest.yaml");
    fs::rename(bench.outside, bench.incoming / "fox");
    CHECK(renamed(bench.next()) == std::vector<std::string>{"fox"});
}

TEST_CASE("an overflow of the queue is told") {
    Bench bench{WatchMode::inotify};
    bench.next();
    // One file opened for writing and closed makes one event; equal neighbours are merged, so two take turns.
    write_file(bench.incoming / "a", "");
    write_file(bench.incoming / "b", "");
    for (int i = 0; i < 16'500; ++i) UniqueFd{::open((bench.incoming / (i % 2 == 0 ? "a" : "b")).c_str(), O_WRONLY | O_CLOEXEC)}.reset();
    bool overflowed = false;
    for (const auto& changes : bench.next()) overflowed = overflowed || changes.overflowed;
    CHECK(overflowed);
}

TEST_CASE("file systems whose changes the kernel does not see are polled") {
    for (const long type : std::initializer_list<long>{NFS_SUPER_MAGIC, SMB_SUPER_MAGIC, FUSE_SUPER_MAGIC, V9FS_MAGIC}) CHECK(spool::needs_polling(type));
    CHECK(spool::needs_polling(0xff534d42L));
    CHECK(spool::needs_polling(static_cast<std::int32_t>(0xfe534d42U)));
    for (const long type : std::initializer_list<long>{EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC, BTRFS_SUPER_MAGIC, TMPFS_MAGIC})
        CHECK_FALSE(spool::needs_polling(type));
}

TEST_CASE("a folder that cannot be watched by inotify is a problem, or polled") {
    asio::io_context io;
    ManualClock clock{io};
    CHECK_FALSE(spool::make_watcher(io.get_executor(), clock, "/no/such/folder", WatchMode::inotify).has_value());
    CHECK((*spool::make_watcher(io.get_executor(), clock, "/no/such/folder", WatchMode::automatic))->polls());
    CHECK_FALSE((*spool::make_watcher(io.get_executor(), clock, fs::temp_directory_path(), WatchMode::automatic))->polls());
    CHECK((*spool::make_watcher(io.get_executor(), clock, fs::temp_directory_path(), WatchMode::poll))->polls());
}
