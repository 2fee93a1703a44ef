#include <doctest/doctest.h>
#include "memory.hpp"

namespace motionspool::store {
namespace {
using namespace test;
using motionspool::test::read_file;

/// As version 1 left it: two batches; an attempt that succeeded, one that failed for nothing, one under way, one overdue whose truth came late, one refused.
constexpr const char* version_1 =
    "INSERT INTO batches (id, name, name_key, state, entry, place, kind, manifest, fingerprint, run, priority, note, labels, created) VALUES "
    "(1, 'a', 'a', 'open', 'a', 'accepted', 'folder', x'', 'f1', 1, 0, '', '', 0), (2, 'b', 'b', 'open', 'b', 'accepted', 'folder', x'', 'f2', 1, 0, '', '', "
    "0);"
    "INSERT INTO inputs (id, batch, source, root, format, bytes, sha256) VALUES (1, 1, 'fox.png', '', 'PNG', 1, 'sha-fox'), "
    "(2, 1, 'https://x/wave.mp4', 'url', 'MP4', 0, ''), (3, 2, 'owl.png', '', 'PNG', 1, 'sha-owl');"
    "INSERT INTO jobs (id, batch, name, name_key, image, motion, prompt, mode, orientation, length_ms, estimate, state, stage, priority, created, updated) "
    "VALUES "
    "(1, 1, 'j1', 'j1', 1, 2, '', '720p', 'video', 4000, 44000, 'done', 'single', 0, 0, 0), (2, 1, 'j2', 'j2', 1, 2, '', '720p', 'video', 4000, 44000, "
    "'running', "
    "'single', 0, 0, 0), (3, 2, 'j3', 'j3', 3, 2, '', '720p', 'video', 4000, 44000, 'done', 'single', 0, 0, 0), (4, 2, 'j4', 'j4', 3, 2, '', '720p', 'video', "
    "4000, "
    "44000, 'queued', 'single', 0, 0, 0);"
    "INSERT INTO attempts (id, job, stage, state, request, estimate, armed, boot, armed_boot, task) VALUES (1, 1, 'single', 'failed', '{}', 44000, 0, 'b', 0, "
    "'t1'), "
    "(2, 1, 'single', 'succeeded', '{}', 44000, 0, 'b', 0, 't2'), (3, 2, 'single', 'submitted', '{}', 44000, 0, 'b', 0, 't3'), "
    "(4, 3, 'single', 'succeeded', '{}', 44000, 0, 'b', 0, 't4'), (5, 4, 'single', 'refused', '{}', 44000, 0, 'b', 0, NULL);"
    "INSERT INTO ledger (attempt, entry, amount, estimated, day, at) VALUES (1, 'reserve', 44000, 0, '2026-11-23', 0), (1, 'release', 44000, 0, '2026-11-23', "
    "0), "
    "(2, 'reserve', 44000, 0, '2026-11-23', 0), (2, 'settle', 40000, 0, '2026-11-23', 0), (3, 'reserve', 44000, 0, '2026-11-24', 0), "
    "(4, 'reserve', 44000, 0, '2026-11-24', 0), (4, 'settle', 44000, 1, '2026-11-24', 0), (4, 'adjust', -4500, 0, '2026-11-24', 0), "
    "(5, 'reserve', 44000, 0, '2026-11-24', 0), (5, 'release', 44000, 0, '2026-11-24', 0);";

TEST_CASE("a database of version 1 gets its accounts, with what was reserved and spent, and its breaker's memory") {
    TempFolder folder;
    const auto file = folder / "motionspool.db";
    {
        SQLite::Database old{file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
        old.exec(read_file(std::filesystem::path{TESTS_DATA} / "../../lib/store/schema.sql"));
        old.exec(version_1);
        old.exec("PRAGMA user_version = 1");
    }
    auto opened = open_for_writing(file);
    REQUIRE(opened.has_value());
    boost::asio::io_context io;
    {
        Store store{io.get_executor(), std::move(opened).value(), [] { return 0ns; }};
        CHECK(store.accounts.of("batch/1") == Booked{44_credits, 40_credits});
        CHECK(store.accounts.of("batch/2") == Booked{0_credits, Credits::from_milli(39'500)});
        CHECK(store.accounts.of("day/2026-11-23") == Booked{0_credits, 40_credits});
        CHECK(store.accounts.of("day/2026-11-24") == Booked{44_credits, Credits::from_milli(39'500)});
        const auto totals = store.attempts.totals();
        CHECK(Booked{totals.reserved, totals.spent} == store.accounts.from("day/", "day/"));
        CHECK(store.queue.ended_with_image("sha-fox", 9).size() == 1);
        CHECK(store.queue.ended_with_image("sha-fox", 9)[0].cause == "");
        CHECK(store.queue.ended_with_motion("https://x/wave.mp4", 9).size() == 2);
        CHECK(store.queue.under_way("sha-fox"));
        REQUIRE(store.queue.batches().size() == 1);
        CHECK(store.queue.batches()[0].name == "b");
        // fingerprints of the manifest's bytes are made anew before any drop is taken
        REQUIRE(store.renders.next_of_before());
        CHECK(store.renders.inputs_of(BatchId{1}) == std::vector<InputId>{InputId{1}, InputId{2}});
        const auto jobs = store.renders.jobs_with_image(InputId{1}, JobId{}, 9);
        REQUIRE(jobs.size() == 2);
        CHECK(jobs[0].image == "sha-fox");
        CHECK(jobs[0].motion == "https://x/wave.mp4");
        CHECK(jobs[0].motion_is_url);
        CHECK_FALSE(store.renders.job_known(""));
        // what goes on is booked on
        CHECK(store.attempts.change(AttemptId{3},
                                    {.from = AttemptState::submitted,
                                     .to = AttemptState::succeeded,
                                     .event = "rendered",
                                     .task = {},
                                     .answered = {},
                                     .consumed = 44_credits,
                                     .result_url = {},
                                     .job = JobStep{.from = JobState::running, .to = JobState::downloading, .error = {}, .not_before = {}},
                                     .cause = {}},
                                    t0));
        CHECK(store.accounts.of("batch/1") == Booked{0_credits, 84_credits});
        CHECK(store.accounts.of("day/2026-11-24") == Booked{0_credits, Credits::from_milli(83'500)});
    }
    io.poll();
}

}  // namespace
}  // namespace motionspool::store
