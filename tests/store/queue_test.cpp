#include <doctest/doctest.h>
#include <sqlite3.h>
#include <chrono>
#include "memory.hpp"

namespace motionspool::store {
namespace {
using namespace test;

struct Fixture : Memory {
    BatchId b = batch();
    InputId image = input(b, "a.png", "a"), motion = input(b, "m.mp4", "m");
    void uploaded(const std::string& sha256, Instant until = t0 + 1h) { store->uploads.put(sha256, "https://up/" + sha256, until); }
    std::vector<std::int64_t> ready(Instant now = t0, int limit = 100) {
        std::vector<std::int64_t> ids;
        for (const auto& waiting : store->queue.batches()) {
            for (const auto& next : store->queue.ready(waiting.id, {}, now, limit - static_cast<int>(ids.size()))) ids.push_back(next.id.value());
        }
        return ids;
    }
    std::vector<std::string> to_upload(Instant now = t0, int ahead = 100) {
        std::vector<std::string> names;
        for (const auto& waiting : store->queue.batches()) {
            for (const auto& needed : store->queue.to_upload(waiting.id, {}, now, ahead).inputs) names.push_back(needed.source);
        }
        return names;
    }
    /// How SQLite answers the prepared statement that holds this text, a line a step.
    std::string plan(const std::string& part) { return explained("EXPLAIN QUERY PLAN ", part, 3); }
    /// Does it build a table first, each time?
    bool builds_a_table(const std::string& part) { return explained("EXPLAIN ", part, 1).find("OpenEphemeral") != std::string::npos; }
    std::string explained(const std::string& how, const std::string& part, int column) {
        for (auto* statement = sqlite3_next_stmt(store->db->getHandle(), nullptr); statement != nullptr;
             statement = sqlite3_next_stmt(store->db->getHandle(), statement)) {
            const std::string sql = sqlite3_sql(statement);
            if (sql.find(part) == std::string::npos) continue;
            SQLite::Statement explain{*store->db, how + sql};
            std::string lines;
            while (explain.executeStep()) lines += explain.getColumn(column).getString() + "\n";
            return lines;
        }
        throw std::logic_error("no such statement: " + part);
    }
    /// `count` queued jobs, a hundred to an image; every image but the first `skipped` has been uploaded.
    void crowd(int count, int skipped) {
        const auto n = std::to_string(count);
        store->uploads.put("m", "https://up/m", t0 + 1h);
        turn();
        store->db->exec(
            "INSERT INTO inputs (id, batch, source, root, format, bytes, sha256) WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < " +
            n +
            " / 100) SELECT 1000 + i, 1, 'i' || i, '', 'PNG', 1, 'sha' || i FROM s;"
            "INSERT INTO uploads SELECT 'sha' || (id - 1000), 'https://up', " +
            std::to_string((t0 + 1h).time_since_epoch().count()) + " FROM inputs WHERE id > 1000 + " + std::to_string(skipped) +
            ";"
            "INSERT INTO jobs (batch, name, name_key, image, motion, prompt, mode, orientation, length_ms, state, stage, priority, created, updated) "
            "WITH RECURSIVE s(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM s WHERE i + 1 < " +
            n + ") SELECT 1, 'j' || i, 'j' || i, 1001 + i / 100, 2, '', '720p', 'video', 4000, 'queued', 'single', i % 3, 0, 0 FROM s");
    }
};

TEST_CASE_FIXTURE(Fixture, "a job is ready once both its inputs lie at the upload host") {
    const auto id = job(b, "1", image, motion);
    CHECK(ready().empty());
    CHECK(to_upload() == std::vector<std::string>{"a.png", "m.mp4"});
    uploaded("a");
    CHECK(ready().empty());
    CHECK(to_upload() == std::vector<std::string>{"m.mp4"});
    uploaded("m");
    CHECK(ready() == std::vector{id.value()});
    CHECK(to_upload().empty());
    CHECK(store->jobs.input(image, t0)->url == "https://up/a");
}

TEST_CASE_FIXTURE(Fixture, "an upload is not reused from its end on, and may be renewed or forgotten") {
    job(b, "1", image, motion);
    uploaded("a", t0 + 1h);
    uploaded("m", t0 + 2h);
    CHECK(ready(t0 + 1h - 1ms).size() == 1);
    CHECK(ready(t0 + 1h).empty());
    CHECK(to_upload(t0 + 1h) == std::vector<std::string>{"a.png"});
    CHECK_FALSE(store->jobs.input(image, t0 + 1h)->url);
    CHECK_FALSE(store->uploads.has("a", t0 + 1h));
    CHECK(store->uploads.has("a", t0 + 1h - 1ms));
    store->uploads.put("a", "https://up/anew", t0 + 3h);
    CHECK(ready(t0 + 1h).size() == 1);
    CHECK(store->jobs.input(image, t0 + 1h)->url == "https://up/anew");
    CHECK(ready(t0 + 2h - 1ms).size() == 1);
    CHECK(ready(t0 + 2h).empty());
    CHECK(to_upload(t0 + 2h) == std::vector<std::string>{"m.mp4"});
    store->uploads.forget_beyond(t0 + 2h);  // the wall clock was set back
    CHECK_FALSE(store->uploads.has("a", t0));
    CHECK(store->uploads.has("m", t0));
    store->uploads.put("a", "https://up/again", t0 + 3h);
    store->forget_uploads(*store->jobs.get(JobId{1}));
    CHECK(ready().empty());
    CHECK(to_upload().size() == 2);
}

TEST_CASE_FIXTURE(Fixture, "one content is uploaded once, whatever files of whatever batches hold it") {
    const auto other = batch("other");
    const auto copy = input(other, "copy.png", "a");
    job(b, "1", image, motion);
    const auto second = job(other, "2", copy, input(other, "m2.mp4", "m"));
    uploaded("a");
    uploaded("m");
    CHECK(ready().size() == 2);
    CHECK(store->jobs.input(copy, t0)->url == "https://up/a");
    CHECK(ready()[1] == second.value());
}

TEST_CASE_FIXTURE(Fixture, "a URL needs no upload") {
    const auto url = store->batches.add_input(b, {"https://x/a.png", "url", "PNG", 0, ""});
    const auto id = job(b, "1", url, motion);
    CHECK(to_upload() == std::vector<std::string>{"m.mp4"});
    uploaded("m");
    CHECK(ready() == std::vector{id.value()});
    CHECK(store->jobs.input(url, t0)->url == "https://x/a.png");
}

TEST_CASE_FIXTURE(Fixture, "within a batch the oldest goes first; the limit cuts the end off") {
    uploaded("a");
    uploaded("m");
    const auto first = job(b, "1", image, motion), second = job(b, "2", image, motion), third = job(b, "3", image, motion);
    CHECK(ready() == std::vector{first.value(), second.value(), third.value()});
    CHECK(ready(t0, 2) == std::vector{first.value(), second.value()});
    CHECK(ready(t0, 0).empty());
    store->jobs.step(first, {.from = JobState::queued, .to = JobState::cancelled, .error = {}, .not_before = {}}, "", t0);
    CHECK(ready(t0, 3) == std::vector{second.value(), third.value()});
}

TEST_CASE_FIXTURE(Fixture, "a batch is told with its place in line and its purse, while any of its jobs waits") {
    const auto other = batch("other", 7);
    store->db->exec("UPDATE batches SET share = 'marketing', window = 'night', budget = 1200000, review = 1, held = 1 WHERE id = " +
                    std::to_string(other.value()));
    const auto id = job(other, "1", image, motion);
    const auto waiting = store->queue.batches();
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].id == other);
    CHECK(waiting[0].priority == 7);
    CHECK(waiting[0].turns_as() == "marketing");
    CHECK(waiting[0].window == "night");
    CHECK(waiting[0].budget == 1200_credits);
    CHECK(waiting[0].review);
    CHECK(waiting[0].held);
    CHECK(store->queue.batch(b)->turns_as() == "#1");
    CHECK(store->queue.shortest(other).p720 == 4s);
    CHECK_FALSE(store->queue.shortest(other).p1080);
    step(id, JobState::queued, JobState::failed);
    CHECK(store->queue.batches().empty());
    CHECK_FALSE(store->queue.shortest(other).p720);
}

TEST_CASE_FIXTURE(Fixture, "only jobs that fit are told: not held, not too dear, with no content of a broken group unless released") {
    uploaded("a");
    uploaded("m");
    uploaded("m2");
    const auto plain = job(b, "1", image, motion), held = job(b, "2", image, motion), other = job(b, "3", image, input(b, "m2.mp4", "m2")),
               released = job(b, "4", image, motion);
    store->db->exec("UPDATE jobs SET held = 1 WHERE id = " + std::to_string(held.value()) +
                    "; UPDATE jobs SET released = 5 WHERE id = " + std::to_string(released.value()));
    const auto fitting = [&](const Fitting& question) {
        std::vector<std::int64_t> ids;
        for (const auto& next : store->queue.ready(b, question, t0, 9)) ids.push_back(next.id.value());
        return ids;
    };
    CHECK(fitting({}) == std::vector{plain.value(), other.value(), released.value()});
    CHECK(fitting({.longest_720 = 4}).size() == 3);
    CHECK(fitting({.longest_720 = 3}).empty());
    CHECK(fitting({.longest_720 = -1}).empty());
    CHECK(fitting({.longest_1080 = -1}).size() == 3);
    CHECK(fitting({.without = {"m"}}) == std::vector{other.value(), released.value()});
    CHECK(fitting({.without = {"a"}}) == std::vector{released.value()});
    CHECK(fitting({.without = {"b", "https://x/\"y"}}).size() == 3);
}

TEST_CASE_FIXTURE(Fixture, "who is held, too dear, of a broken group or backs off for long keeps nobody's inputs from being uploaded") {
    const auto reasons = {"UPDATE jobs SET held = 1 WHERE id = 1", "UPDATE jobs SET length_ms = 4001 WHERE id = 1", "UPDATE jobs SET image = 1 WHERE id = 1",
                          "UPDATE jobs SET not_before = 1795514701000 + 60001 WHERE id = 1"};
    const auto late = input(b, "late.png", "late"), other = input(b, "other.mp4", "other");
    REQUIRE(job(b, "1", input(b, "b.png", "b"), motion).value() == 1);
    job(b, "2", late, other);
    const Fitting fitting{.longest_720 = 4, .without = {"a"}};
    CHECK(store->queue.to_upload(b, fitting, t0, 1).inputs[0].source == "b.png");
    CHECK(store->queue.to_upload(b, fitting, t0, 9).jobs == 2);
    for (const auto* reason : reasons) {
        INFO(reason);
        store->db->exec(reason);
        const auto needed = store->queue.to_upload(b, fitting, t0, 1).inputs;
        REQUIRE(needed.size() == 2);
        CHECK(needed[0].source == "late.png");
        CHECK(store->queue.to_upload(b, fitting, t0, 9).jobs == 1);
        store->db->exec("UPDATE jobs SET held = 0, length_ms = 4000, image = 5, not_before = 0 WHERE id = 1");
    }
}

TEST_CASE_FIXTURE(Fixture, "a group's attempts are told newest first, by the content of image or motion") {
    const auto ended = [&](const std::string& name, const std::string& cause) {
        const auto id = job(b, name, image, motion);
        auto risk =
            NewAttempt{.job = id, .request = "{}", .estimate = 44_credits, .armed = t0, .boot = "boot-1", .armed_boot = BootTime{100s}, .day = "2026-11-24"};
        risk.image = "a";
        risk.motion = "m";
        const auto attempt = store->attempts.arm(risk);
        CHECK(store->queue.under_way("a"));
        submit(*attempt, "task-" + name);
        AttemptChange change{.from = AttemptState::submitted, .to = cause.empty() ? AttemptState::succeeded : AttemptState::failed, .event = "over"};
        change.consumed = Credits{};
        change.job = JobStep{.from = JobState::running, .to = cause.empty() ? JobState::downloading : JobState::failed, .error = {}, .not_before = {}};
        if (!cause.empty()) change.cause = cause;
        REQUIRE(store->attempts.change(*attempt, change, t0 + 1min));
    };
    ended("1", "moderation");
    ended("2", "");
    ended("3", "provider-failed");
    CHECK_FALSE(store->queue.under_way("a"));
    const auto with_image = store->queue.ended_with_image("a", 2), with_motion = store->queue.ended_with_motion("m", 9);
    REQUIRE(with_image.size() == 2);
    CHECK(with_image[0].cause == "provider-failed");
    CHECK(with_image[0].ended == t0 + 1min);
    CHECK(with_image[1].cause == "");
    REQUIRE(with_motion.size() == 3);
    CHECK(with_motion[2].cause == "moderation");
    CHECK(store->queue.ended_with_image("m", 9).empty());
}

TEST_CASE_FIXTURE(Fixture, "inputs are uploaded in the order of turn, the image first, for so many jobs ahead") {
    const auto input_of = [&](const std::string& name) { return input(b, name, name); };
    job(b, "1", input_of("i1"), input_of("m1"));
    job(b, "2", input_of("i2"), motion);
    job(b, "3", input_of("i3"), motion);
    CHECK(to_upload() == std::vector<std::string>{"i1", "m1", "i2", "m.mp4", "i3"});
    CHECK(to_upload(t0, 1) == std::vector<std::string>{"i1", "m1"});
    CHECK(to_upload(t0, 2) == std::vector<std::string>{"i1", "m1", "i2", "m.mp4"});
    uploaded("i1");
    uploaded("m1");
    CHECK(to_upload(t0, 1).empty());
    CHECK(to_upload(t0, 2) == std::vector<std::string>{"i2", "m.mp4"});
    CHECK(store->queue.waiting(b, 9) == 3);
    CHECK(store->queue.waiting(b, 2) == 2);
}

TEST_CASE_FIXTURE(Fixture, "a job that backs off is listed with its instant") {
    uploaded("a");
    uploaded("m");
    const auto id = job(b, "1", image, motion);
    REQUIRE(arm(id));
    store->jobs.step(id, {.from = JobState::submitting, .to = JobState::queued, .error = {}, .not_before = t0 + 9s}, "", t0);
    REQUIRE(store->queue.ready(b, {}, t0, 9).size() == 1);
    CHECK(store->queue.ready(b, {}, t0, 9)[0].not_before == t0 + 9s);
}

TEST_CASE_FIXTURE(Fixture, "jobs of a batch that is still arriving are in no queue") {
    uploaded("m");
    const auto arriving = store->batches.begin(
        {.name = "new", .name_key = "new", .entry = "new", .kind = "folder", .manifest = "", .fingerprint = "x", .note = {}, .labels = {}, .created = t0});
    const auto late = input(arriving, "late.png", "late");
    job(arriving, "1", late, input(arriving, "m.mp4", "m"));
    CHECK(to_upload().empty());
    uploaded("late");
    CHECK(ready().empty());
    REQUIRE(store->batches.open(arriving));
    CHECK(ready().size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "what is not queued is in no queue") {
    uploaded("a");
    const auto sending = job(b, "1", image, motion), gone = job(b, "2", image, motion);
    step(sending, JobState::queued, JobState::uploading);
    step(gone, JobState::queued, JobState::failed);
    CHECK(to_upload().empty());
    uploaded("m");
    CHECK(ready().empty());
}

TEST_CASE_FIXTURE(Fixture, "the questions of every turn are answered from their indexes, without sorting the queue") {
    crowd(1'000, 0);
    const auto next = plan("CROSS JOIN inputs i ON");
    INFO(next);
    CHECK(next.find("SEARCH j USING INDEX jobs_queued (batch=?)") != std::string::npos);
    CHECK(next.find("CO-ROUTINE") != std::string::npos);
    CHECK(next.find("TEMP B-TREE") == std::string::npos);
    for (const auto* scan : {"SCAN b", "SCAN i", "SCAN m", "SCAN u", "SCAN x"}) CHECK(next.find(scan) == std::string::npos);
    const auto sending = plan("SELECT j.image, j.motion FROM jobs j");
    INFO(sending);
    CHECK(sending.find("SEARCH j USING INDEX jobs_queued (batch=?)") != std::string::npos);
    CHECK(sending.find("TEMP B-TREE") == std::string::npos);
    CHECK(sending.find("SCAN x") == std::string::npos);
    const auto missing = plan("i.sha256, NULL FROM inputs i");
    CHECK(missing.find("SEARCH i USING INTEGER PRIMARY KEY") != std::string::npos);
    CHECK(missing.find("SCAN u") == std::string::npos);
    for (const auto* part : {"WHERE image = ?1 AND state IN"}) {
        CHECK(plan(part).find("USING INDEX jobs_by_image") != std::string::npos);
        CHECK(plan(part).find("USING INDEX jobs_by_motion") != std::string::npos);
        CHECK(plan(part).find("SCAN jobs") == std::string::npos);
    }
    CHECK(plan("FROM jobs INDEXED BY jobs_active").find("SEARCH jobs USING COVERING INDEX jobs_active (state=?)") != std::string::npos);
    CHECK(plan("SELECT count(*) FROM attempts").find("attempts_open") != std::string::npos);
    CHECK(plan("SELECT count(oddity) FROM attempts").find("USING INDEX attempts_of_job (job=? AND rowid>?)") != std::string::npos);
    CHECK(plan("asked_late < ? ORDER BY id").find("attempts_open") != std::string::npos);
    CHECK(plan("WHERE job = ? ORDER BY id DESC").find("attempts_of_job") != std::string::npos);
    CHECK(plan("WHERE task = ?").find("attempts_task") != std::string::npos);
    CHECK(plan("SELECT entry, amount FROM ledger").find("ledger_of_attempt") != std::string::npos);
    CHECK(plan("state <> 'not_sent' ORDER BY id DESC").find("TEMP B-TREE") == std::string::npos);
    const auto lots = plan("AND EXISTS (SELECT 1 FROM jobs j INDEXED BY jobs_queued");
    INFO(lots);
    CHECK(lots.find("batches_to_file (state=? AND rowid>?)") != std::string::npos);
    CHECK(lots.find("jobs_queued (batch=?)") != std::string::npos);
    const auto shortest = plan("FROM jobs INDEXED BY jobs_shortest");
    CHECK(shortest.find("INDEX jobs_shortest (batch=? AND mode=?)") != std::string::npos);
    CHECK(shortest.find("TEMP B-TREE") == std::string::npos);
    CHECK(plan("WHERE image = ? AND cause").find("attempts_by_image (image=?)") != std::string::npos);
    CHECK(plan("WHERE motion = ? AND cause").find("attempts_by_motion (motion=?)") != std::string::npos);
    CHECK(plan("state = 'submitted' AND (image = ?1").find("attempts_open") != std::string::npos);
    CHECK(plan("FROM accounts WHERE name >= ?").find("SEARCH accounts USING PRIMARY KEY (name>? AND name<?)") != std::string::npos);
    const auto closed = plan("coalesce(max(id), ?1) FROM ledger");
    INFO(closed);
    CHECK(closed.find("SEARCH l USING INTEGER PRIMARY KEY (rowid>?)") != std::string::npos);
    CHECK(closed.find("SEARCH r USING INDEX ledger_one_reserve (attempt=?)") != std::string::npos);
    CHECK(plan("sum(estimate), 0) FROM attempts").find("USING COVERING INDEX attempts_open (state=?)") != std::string::npos);
    for (const auto* part : {"sum(estimate), 0) FROM attempts", "SELECT NOT EXISTS (SELECT 1 FROM attempts", "state = 'submitted' AND (image = ?1",
                             "(SELECT count(*) FROM attempts WHERE state = 'submitted')"})
        CHECK_FALSE(builds_a_table(part));
    CHECK(plan("UPDATE batches SET state = 'ended'").find("jobs_open (batch=?)") != std::string::npos);
    CHECK(plan("WHERE b.fingerprint = ?").find("batches_by_fingerprint (fingerprint=?)") != std::string::npos);
    const auto rendered = plan("FROM jobs WHERE render = ?");
    INFO(rendered);
    CHECK(rendered.find("jobs_by_render (render=?)") != std::string::npos);
    CHECK(rendered.find("TEMP B-TREE") == std::string::npos);
    const auto before = plan("FROM batches WHERE fingerprint < '1:'");
    CHECK(before.find("SCAN") == std::string::npos);
    CHECK(plan("WHERE j.image = ?1 AND j.id > ?2").find("jobs_by_image (image=? AND rowid>?)") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "of a queue without uploads only the first thousand of a batch are looked at") {
    crowd(6'000, 6'000);                                    // nothing but the motion is there
    store->uploads.put("sha10", "https://up/10", t0 + 1h);  // jobs 901 to 1000
    store->uploads.put("sha11", "https://up/11", t0 + 1h);
    CHECK(ready(t0, 200).size() == 100);
}

TEST_CASE_FIXTURE(Fixture, "jobs whose upload is put off stand in nobody's way, and come back when it is tried again") {
    crowd(6'000, 45);  // the images of the first 4500 jobs are not there
    CHECK(ready(t0, 1'000).empty());
    for (int n = 1; n <= 45; n++) store->uploads.put_off("sha" + std::to_string(n), "refused", t0 + 10s, t0);
    CHECK(ready(t0, 1'000).size() == 1'000);
    CHECK(ready(t0, 4'000).size() == 1'500);  // who asks for more has more looked at
    CHECK(to_upload(t0, 256).empty());
    CHECK(to_upload(t0 + 10s, 256).size() == 3);
    store->uploads.put_off("m", "refused", t0 + 10s, t0);
    CHECK(ready(t0, 100).empty());
    store->uploads.put("m", "https://up/m", t0 + 1h);
    CHECK(ready(t0, 100).size() == 100);
}

TEST_CASE_FIXTURE(Fixture, "a crowd in the queue changes neither the answers nor their order") {
    for (const int count : {10'000, 100'000}) {
        Fixture memory;
        memory.crowd(count, 0);
        const auto timed = [&](const std::string& what, auto question) {
            const auto began = std::chrono::steady_clock::now();
            auto answer = question();
            MESSAGE(count << " queued: " << what << " in "
                          << std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began).count() << " us");
            return answer;
        };
        const auto next = timed("ready(64)", [&] { return memory.ready(t0, 64); });
        REQUIRE(next.size() == 64);
        for (std::size_t i = 0; i < 64; i++) CHECK(next[i] == static_cast<std::int64_t>(i + 1));
        CHECK(timed("to_upload(256), nothing needed", [&] { return memory.to_upload(t0, 256); }).empty());
        CHECK(timed("to_upload(256), all expired", [&] { return memory.to_upload(t0 + 1h, 256); }).size() == 4);  // 256 jobs name 3 images and one motion
        CHECK(timed("ready(64), all expired", [&] { return memory.ready(t0 + 1h, 64); }).empty());
        memory.store->uploads.put_off("m", "refused", t0 + 2h, t0);
        CHECK(timed("to_upload(256), all put off", [&] { return memory.to_upload(t0 + 1h, 256); }).empty());
        CHECK(timed("ready(64), all put off", [&] { return memory.ready(t0 + 1h, 64); }).empty());
        timed("running()", [&] { return memory.store->attempts.running("b", BootTime{}); });
    }
}

}  // namespace
}  // namespace motionspool::store
