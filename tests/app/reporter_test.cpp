#include "app/reporter.hpp"
#include <doctest/doctest.h>
#include <spdlog/spdlog.h>
#include "async/task_group.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_folder.hpp"

namespace motionspool::app {
namespace {
using namespace std::chrono_literals;
namespace fs = std::filesystem;

struct Fixture {
    test::TempFolder folder;
    asio::io_context io;
    test::ManualClock clock{io};
    Settings settings{{}, "test", {}, {}, system::Secret{"key-1"}};
    spool::Layout layout = [this] {
        auto opened = spool::open_layout(folder / "spool");
        REQUIRE(opened.has_value());
        return std::move(*opened);
    }();
    store::Store store{io.get_executor(),
                       [this] {
                           auto opened = store::open_for_writing(folder / "motionspool.db");
                           REQUIRE(opened.has_value());
                           return std::move(*opened);
                       }(),
                       [] { return std::chrono::nanoseconds{0}; }};

    /// An accepted batch of one job, which has failed from the start or still waits.
    BatchId batch(const std::string& name, const std::string& entry, bool over) {
        const auto id = store.batches.begin({name, name, entry, "folder", "version: 1\n", name, 1, 0, "", {}, clock.now()});
        const auto input = store.batches.add_input(id, {"fox.png", "", "jpeg", 1, "aa"});
        store::NewJob job{.batch = id, .name = "job", .name_key = "job", .image = input, .motion = input};
        if (over) job.invalid = store::JobError{"invalid", "bad"};
        store.jobs.add(job, clock.now());
        store.batches.open(id);
        store.batches.moved(id, "accepted", entry);
        return id;
    }
    /// A filed batch of a `partial` manifest whose jobs have all been invalid from the start, with its report beside it.
    void file_invalid(const std::string& manifest, const std::vector<std::string>& jobs) {
        const auto id = store.batches.begin({"spring", "spring", "spring", "folder", manifest, "print", 1, 5, "for Ana", {{"project", "4711"}}, clock.now()});
        const auto input = store.batches.add_input(id, {"fox.png", "", "jpeg", 1, "aa"});
        for (const auto& name : jobs) {
            store::NewJob job{.batch = id, .name = name, .name_key = name, .image = input, .motion = input};
            job.invalid = store::JobError{"invalid", "bad"};
            store.jobs.add(job, clock.now());
        }
        store.batches.open(id);
        store.batches.moved(id, "accepted", "spring");
        fs::create_directories(spool("accepted/spring"));
        run_reporter();
    }
    fs::path spool(const std::string& inside) { return folder / ("spool/" + inside); }

    void run_reporter() {
        spdlog::set_level(spdlog::level::off);
        Reporter reporter{settings, clock, store, layout};
        reporter.recover();
        TaskGroup group{io.get_executor()};
        group.spawn(reporter.run());
        clock.run_for(1s);
        group.cancel();
        clock.run_ready();
    }
};

}  // namespace

TEST_CASE("a batch whose drop was moved to finished/ before the process died does not take the folder of a later one of the same name") {
    Fixture f;
    const auto earlier = f.batch("fox", "fox", true);
    const auto later = f.batch("fox-2026-11-24", "fox", false);
    fs::create_directories(f.spool("finished/fox"));
    fs::create_directories(f.spool("accepted/fox"));
    f.run_reporter();
    CHECK(fs::exists(f.spool("accepted/fox")));
    CHECK(fs::exists(f.spool("finished/fox.report.txt")));
    CHECK(f.store.batches.get(earlier)->state == "filed");
    CHECK(f.store.batches.get(earlier)->entry == "fox");
    CHECK(f.store.batches.get(later)->state == "open");
}

TEST_CASE("the notes of a folder with a dot in its name are its own, before and after it moves") {
    Fixture f;
    (void)f.batch("shoot", "shoot", false);
    const auto dotted = f.batch("shoot.v2", "shoot.v2", false);
    fs::create_directories(f.spool("accepted/shoot"));
    fs::create_directories(f.spool("accepted/shoot.v2"));
    f.run_reporter();
    CHECK(fs::exists(f.spool("accepted/shoot.status.txt")));
    CHECK(fs::exists(f.spool("accepted/shoot.v2.status.txt")));
    const auto waiting = f.store.views.jobs({.batch_key = "shoot.v2"}).front().id;
    REQUIRE(f.store.jobs.step(waiting, {.from = domain::JobState::queued, .to = domain::JobState::cancelled}, "cancelled", f.clock.now()));
    f.run_reporter();
    CHECK(f.store.batches.get(dotted)->state == "filed");
    CHECK(fs::exists(f.spool("finished/shoot.v2.report.txt")));
    CHECK_FALSE(fs::exists(f.spool("accepted/shoot.v2.status.txt")));
    CHECK(fs::exists(f.spool("accepted/shoot.status.txt")));
}

TEST_CASE("STATUS.txt is there from the start, is rewritten once a minute, and says at the end that nothing runs") {
    Fixture f;
    spdlog::set_level(spdlog::level::off);
    Reporter reporter{f.settings, f.clock, f.store, f.layout};
    TaskGroup group{f.io.get_executor()};
    group.spawn(reporter.run());
    f.clock.run_for(1s);
    const auto first = test::read_file(f.spool("STATUS.txt"));
    CHECK(first.starts_with("motionspool on test\nrunning, as of "));
    CHECK(first.find("no jobs yet\n") != std::string::npos);
    const auto batch = f.batch("fox", "fox", false);
    fs::create_directories(f.spool("accepted/fox"));
    reporter.touched(batch);
    f.clock.run_for(50s);
    CHECK(test::read_file(f.spool("STATUS.txt")) == first);
    f.clock.run_for(10s);
    CHECK(test::read_file(f.spool("STATUS.txt")).find("1 job: 1 queued\n") != std::string::npos);
    group.cancel();
    f.clock.run_ready();
    reporter.stopped();
    const auto last = test::read_file(f.spool("STATUS.txt"));
    CHECK(last.starts_with("motionspool on test\nnot running since "));
    CHECK(last.find("1 job: 1 queued\n") != std::string::npos);
}

TEST_CASE("NAME.again.yaml has what the author of an invalid job wrote, under the names that the batch has for them") {
    Fixture f;
    f.file_invalid(
        "version: 1\npartial: true\ndefaults: {motion: wave.mp4}\njobs:\n"
        "  - {id: fox, image: fox.png, mode: 4k}\n"
        "  - id: \"a b\"\n    image: [fox.png, 'x']\n    takes: 2\n    prompt: >\n      A fox\n      waves.\n",
        {"fox", "a-b", "a-b-t2"});
    for (const auto* suffix : {"txt", "html"}) {
        const auto report = test::read_file(f.spool("finished/spring.report." + std::string{suffix}));
        CHECK(report.find("labels: project=4711") != std::string::npos);
    }
    CHECK(test::read_file(f.spool("finished/spring.report.json")).find("\"project\": \"4711\"") != std::string::npos);
    const auto again = test::read_file(f.spool("finished/spring.again.yaml"));
    CAPTURE(again);
    CHECK(again.find("version: 1\nappend: \"spring\"\npartial: true\njobs:\n") != std::string::npos);
    CHECK(again.find("  - id: \"fox\"\n    image: fox.png\n    motion: \"fox.png\"\n    mode: 4k\n    orientation: video\n") != std::string::npos);
    CHECK(again.find("  - id: \"a-b\"\n    image: [\"fox.png\", \"x\"]\n    motion: \"fox.png\"\n    mode: 720p\n    orientation: video\n    prompt: "
                     "\"A fox waves.\\n\"\n") != std::string::npos);
}

}  // namespace motionspool::app
