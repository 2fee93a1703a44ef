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

/// As version 2 left it: a queue, tasks under way, and a surcharge of a quarter more, learned from a clip of 4 s; a dearer one of before it was forgotten.
constexpr const char* version_2 =
    "INSERT INTO batches (id, name, name_key, state, entry, place, kind, manifest, fingerprint, run, priority, note, labels, created, budget) VALUES "
    "(1, 'a', 'a', 'open', 'a', 'accepted', 'folder', x'', 'f1', 1, 0, '', '', 0, 500000);"
    "INSERT INTO inputs (id, batch, source, root, format, bytes, sha256) VALUES (1, 1, 'fox.png', '', 'PNG', 1, 'sha-fox'), "
    "(2, 1, 'wave.mp4', '', 'MP4', 0, 'sha-wave');"
    "INSERT INTO jobs (id, batch, name, name_key, image, motion, prompt, mode, orientation, length_ms, estimate, state, stage, priority, created, updated) "
    "SELECT column1, 1, 'j' || column1, 'j' || column1, 1, 2, '', column2, 'video', column3, column4, column5, 'single', 0, 0, 0 FROM (VALUES "
    "(1, '720p', 4000, 44000, 'done'), (2, '720p', 4000, 44000, 'done'), (3, '720p', 10200, 121000, 'done'), (4, '720p', 4000, 44000, 'running'), "
    "(5, '1080p', 4000, 72000, 'running'), (6, '720p', 20000, 220000, 'queued'), (7, '1080p', 3100, 72000, 'queued'), (8, '720p', 4000, 44000, 'uncertain'));"
    "INSERT INTO attempts (id, job, stage, state, request, estimate, armed, boot, armed_boot, task, consumed) SELECT column1, column2, 'single', column3, "
    "'{\"model\":\"m/1\"}', column4, 0, 'b', 0, column5, column6 FROM (VALUES (1, 1, 'succeeded', 44000, 't1', 88000), "
    "(2, 2, 'succeeded', 88000, 't2', 55000), (3, 3, 'succeeded', 151250, 't3', 121000), (4, 4, 'submitted', 55000, 't4', NULL), "
    "(5, 5, 'submitted', 72000, 't5', NULL), (6, 8, 'uncertain', 55000, NULL, NULL));"
    "INSERT INTO ledger (attempt, entry, amount, estimated, day, at) SELECT id, 'reserve', estimate, 0, '2026-11-23', 0 FROM attempts;"
    "INSERT INTO ledger (attempt, entry, amount, estimated, day, at) SELECT id, 'settle', consumed, 0, '2026-11-23', 0 FROM attempts WHERE consumed;"
    "INSERT INTO accounts VALUES ('batch/1', 182000, 264000); INSERT INTO bookings SELECT id, 'batch/1' FROM attempts;"
    "INSERT INTO surcharges VALUES ('720p', 1250, 0, 1000);";

TEST_CASE("a database of version 2: what is under way settles against its own reservation, waiting jobs are priced anew, and what was learned stays learned") {
    TempFolder folder;
    const auto file = folder / "motionspool.db";
    {
        SQLite::Database old{file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
        for (const auto* script : {"schema.sql", "schema_2.sql"}) old.exec(read_file(std::filesystem::path{TESTS_DATA} / "../../lib/store" / script));
        old.exec(version_2);
        old.exec("PRAGMA user_version = 2");
    }
    auto opened = open_for_writing(file);
    REQUIRE(opened.has_value());
    boost::asio::io_context io;
    {
        Store store{io.get_executor(), std::move(opened).value(), [] { return 0ns; }};
        const auto learned = store.funds.learned("m/1", domain::Mode::p720);
        CHECK(learned == domain::Learned{{{4s, 55_credits}, {10'200ms, 121_credits}}, {}});
        CHECK(store.funds.learned("m/1", domain::Mode::p1080) == domain::Learned{});
        const domain::Tariff tariff{{}, learned, {}};
        CHECK(tariff.price(4s, domain::Mode::p720) == 55_credits);
        CHECK(tariff.price(store.queue.lengths(BatchId{1})) == 292_credits);  // 220, and four seconds of 18
        CHECK(tariff.price(store.appends.left(BatchId{1})) == 292_credits + 55_credits + 72_credits + 55_credits);
        CHECK(store.queue.shortest(BatchId{1}).p720 == 20s);
        CHECK(store.queue.shortest(BatchId{1}).p1080 == 3'100ms);
        CHECK(store.jobs.get(JobId{6})->length == 20s);
        const auto ended = [&](int attempt, std::optional<Credits> cost) {
            AttemptChange change{.from = AttemptState::submitted, .to = AttemptState::succeeded, .event = "rendered"};
            change.consumed = cost;
            change.job = JobStep{.from = JobState::running, .to = JobState::downloading, .error = {}, .not_before = {}};
            CHECK(store.attempts.change(AttemptId{attempt}, change, t0));
        };
        CHECK(store.accounts.of("batch/1") == Booked{182_credits, 264_credits});
        ended(4, 44_credits);
        CHECK(store.accounts.of("batch/1") == Booked{127_credits, 308_credits});
        ended(5, {});  // as reserved
        CHECK(store.accounts.of("batch/1") == Booked{55_credits, 380_credits});
        CHECK(store.funds.learned("m/1", domain::Mode::p720).cheaper.size() == 1);
    }
    io.poll();
}

}  // namespace
}  // namespace motionspool::store
