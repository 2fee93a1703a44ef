#include <doctest/doctest.h>
#include <algorithm>
#include "memory.hpp"

namespace motionspool::store {
namespace {
using namespace test;

struct Fixture : Memory {
    JobView view(JobId id) {
        for (auto& row : store->views.jobs({})) {
            if (row.id == id) return row;
        }
        FAIL("no such row");
        return {};
    }
    std::vector<std::string> names(const JobFilter& filter) {
        std::vector<std::string> names;
        for (const auto& row : store->views.jobs(filter)) names.push_back(row.batch + "/" + row.job);
        return names;
    }
};

TEST_CASE_FIXTURE(Fixture, "a row shows what a job is, and what it holds and has spent over all its attempts") {
    const auto id = job("wave");
    auto row = view(id);
    CHECK(row.batch == "batch-of-wave");
    CHECK(row.job == "wave");
    CHECK(row.state == JobState::queued);
    CHECK(row.image == "a.png");
    CHECK(row.motion == "m.mp4");
    CHECK(row.mode == "720p");
    CHECK(row.orientation == "video");
    CHECK(row.length == 4s);
    CHECK(row.length == 4s);
    CHECK(row.attempts == 0);
    CHECK_FALSE(row.task);
    CHECK(row.reserved == 0_credits);
    CHECK(row.spent == 0_credits);
    const auto first = *arm(id);
    CHECK(view(id).reserved == 44_credits);
    submit(first, "t1");
    move(first, AttemptState::submitted, AttemptState::failed, JobState::running, JobState::queued, 0_credits);
    CHECK(view(id).reserved == 0_credits);
    CHECK(view(id).spent == 0_credits);
    const auto second = *arm(id, 50_credits);
    submit(second, "t2");
    row = view(id);
    CHECK(row.attempts == 2);
    CHECK(row.task == "t2");
    CHECK(row.reserved == 50_credits);
    move(second, AttemptState::submitted, AttemptState::succeeded, JobState::running, JobState::downloading, Credits::from_milli(50'125));
    row = view(id);
    CHECK(row.reserved == 0_credits);
    CHECK(row.spent == Credits::from_milli(50'125));
}

TEST_CASE_FIXTURE(Fixture, "the credits of a row follow every way an attempt can end") {
    struct Row {
        AttemptState to;
        JobState job;
        std::optional<Credits> consumed;
        Credits reserved, spent;
    };
    int n = 0;
    for (const auto& row :
         {Row{AttemptState::succeeded, JobState::downloading, {}, 0_credits, 44_credits},
          Row{AttemptState::succeeded, JobState::downloading, 60_credits, 0_credits, 60_credits},
          Row{AttemptState::failed, JobState::failed, 12_credits, 0_credits, 12_credits},
          Row{AttemptState::failed, JobState::failed, 0_credits, 0_credits, 0_credits}, Row{AttemptState::overdue, JobState::failed, {}, 0_credits, 44_credits},
          Row{AttemptState::failed, JobState::failed, {}, 0_credits, 44_credits}}) {
        const auto id = job("j" + std::to_string(++n));
        const auto attempt = *arm(id);
        submit(attempt, "t" + std::to_string(n));
        move(attempt, AttemptState::submitted, row.to, JobState::running, row.job, row.consumed);
        CHECK(view(id).reserved == row.reserved);
        CHECK(view(id).spent == row.spent);
        CHECK(store->attempts.totals_of(id).reserved == row.reserved);
        CHECK(store->attempts.totals_of(id).spent == row.spent);
    }
    const auto late = job("late");
    const auto attempt = *arm(late);
    lose(attempt);
    CHECK(view(late).reserved == 44_credits);
    move(attempt, AttemptState::uncertain, AttemptState::written_off, JobState::uncertain, JobState::failed);
    CHECK(view(late).spent == 44_credits);
    move(attempt, AttemptState::written_off, AttemptState::submitted, JobState::failed, JobState::running);
    move(attempt, AttemptState::submitted, AttemptState::failed, JobState::running, JobState::failed, 4_credits);
    CHECK(view(late).spent == 4_credits);
    CHECK(view(late).reserved == 0_credits);
    CHECK(store->attempts.totals().spent == 208_credits);
    CHECK(store->attempts.totals().reserved == 0_credits);
}

TEST_CASE_FIXTURE(Fixture, "rows are found by batch, name, state and label, in the order of arrival") {
    for (const auto* name : {"a", "b"}) {
        const auto id = store->batches.begin({.name = name,
                                              .name_key = name,
                                              .entry = name,
                                              .kind = "lone",
                                              .manifest = "",
                                              .fingerprint = name,
                                              .note = {},
                                              .labels = {{"client", name}, {"project", "4711"}},
                                              .created = t0});
        store->batches.open(id);
        const auto i = input(id, "i", "i");
        job(id, "1", i, i);
        job(id, "2", i, i);
    }
    const auto hidden = store->batches.begin({.name = "c",
                                              .name_key = "c",
                                              .entry = "c",
                                              .kind = "lone",
                                              .manifest = "",
                                              .fingerprint = "c",
                                              .note = {},
                                              .labels = {{"project", "4711"}},
                                              .created = t0});
    const auto i = input(hidden, "i", "i");
    job(hidden, "1", i, i);
    step(JobId{2}, JobState::queued, JobState::cancelled);
    using Names = std::vector<std::string>;
    const auto by = [](auto set) {
        JobFilter filter;
        set(filter);
        return filter;
    };
    CHECK(names({}) == Names{"a/1", "a/2", "b/1", "b/2"});
    CHECK(names(by([](JobFilter& f) { f.batch_key = "b"; })) == Names{"b/1", "b/2"});
    CHECK(names(by([](JobFilter& f) { f.job_key = "2"; })) == Names{"a/2", "b/2"});
    CHECK(names(by([](JobFilter& f) { f.state = "cancelled"; })) == Names{"a/2"});
    CHECK(names(by([](JobFilter& f) { f.label = {"client", "a"}; })) == Names{"a/1", "a/2"});
    CHECK(names(by([](JobFilter& f) { f.label = {"project", "4711"}; })).size() == 4);
    CHECK(names(by([](JobFilter& f) {
              f.label = {"client", "b"};
              f.batch_key = "a";
          })).empty());
    for (const auto& label : std::vector<std::pair<std::string, std::string>>{
             {"project", "471"}, {"project", "711"}, {"roject", "4711"}, {"client", ""}, {"", "a"}, {"project", "%"}}) {
        CHECK(names(by([&](JobFilter& f) { f.label = label; })).empty());
    }
}

TEST_CASE_FIXTURE(Fixture, "jobs are counted by their state, arriving ones are not") {
    const auto id = job("wave");
    job("jump");
    step(id, JobState::queued, JobState::cancelled);
    const auto hidden = store->batches.begin(
        {.name = "c", .name_key = "c", .entry = "c", .kind = "lone", .manifest = "", .fingerprint = "c", .note = {}, .labels = {}, .created = t0});
    const auto i = input(hidden, "i", "i");
    job(hidden, "1", i, i);
    CHECK(store->views.counts() == std::map<JobState, std::size_t>{{JobState::queued, 1}, {JobState::cancelled, 1}});
    CHECK(store->views.counts(store->jobs.get(id)->batch) == std::map<JobState, std::size_t>{{JobState::cancelled, 1}});
}

TEST_CASE_FIXTURE(Fixture, "a job's log is told in order, and apart from its batch's") {
    const auto id = job("wave"), other = job("jump");
    const auto b = store->jobs.get(id)->batch;
    store->jobs.note(id, "first", t0);
    store->notes.event(b, "the batch's", t0 + 1s);
    store->jobs.note(other, "not this one's", t0);
    store->jobs.note(id, "second", t0 - 1h);
    const auto events = store->views.events(id);
    REQUIRE(events.size() == 2);
    CHECK(events[0].what == "first");
    CHECK(events[1].what == "second");
    CHECK(events[1].at == t0 - 1h);
    REQUIRE(store->views.events(b).size() == 1);
    CHECK(store->views.events(b)[0].what == "the batch's");
}

TEST_CASE_FIXTURE(Fixture, "an upload that fails is told with the jobs that wait for it, until it succeeds") {
    const auto id = job("wave");
    store->uploads.put_off("m", "connection refused", t0 + 9s, t0);
    store->uploads.put_off("m", "still refused", t0 + 20s, t0 + 9s);
    REQUIRE(view(id).upload);
    CHECK(view(id).upload->text == "still refused");
    CHECK(view(id).upload->until == t0 + 20s);
    CHECK(view(id).upload->since == t0);
    REQUIRE(store->uploads.trouble());
    CHECK(store->why_waiting()->text == "still refused");
    store->uploads.put("m", "https://up/m", t0 + 1h);
    CHECK_FALSE(view(id).upload);
    CHECK_FALSE(store->uploads.trouble());
    store->uploads.put_off("a", "x", t0, t0);
    store->uploads.forget_trouble({});
    CHECK_FALSE(store->why_waiting());
}

TEST_CASE_FIXTURE(Fixture, "facts, the lane's pause and deliveries are remembered") {
    CHECK_FALSE(store->notes.fact("state_id"));
    store->notes.set_fact("state_id", "1");
    store->notes.set_fact("state_id", "2");
    store->notes.lane(LaneNote{"credits", "poor", t0 + 5s, t0});
    store->notes.lane(LaneNote{"provider", "down", std::nullopt, t0 + 1s});
    const auto id = job("wave"), other = job("jump");
    const auto attempt = *arm(id);
    const Placing placing{id, domain::Stage::single, attempt, "/out/wave.mp4", 123'456'789'012, "abc"};
    store->deliveries.placing({id, domain::Stage::single, attempt, "/out/old.mp4", 1, "x"});
    store->deliveries.placing(placing);
    reopen();
    CHECK(store->notes.fact("state_id") == "2");
    CHECK(store->notes.lane()->why == "provider");
    CHECK_FALSE(store->notes.lane()->until);
    store->notes.lane(std::nullopt);
    CHECK_FALSE(store->notes.lane());
    const auto found = *store->deliveries.find(id, domain::Stage::single);
    CHECK(found.path == "/out/wave.mp4");
    CHECK(found.bytes == 123'456'789'012);
    CHECK(found.sha256 == "abc");
    CHECK(found.attempt == attempt);
    CHECK_FALSE(store->deliveries.find(id, domain::Stage::final));
    CHECK(store->deliveries.taken("/out/wave.mp4", other));
    CHECK_FALSE(store->deliveries.taken("/out/wave.mp4", id));
    CHECK_FALSE(store->deliveries.taken("/out/old.mp4", other));
    CHECK_FALSE(store->deliveries.done(placing, t0));  // not downloading
    CHECK_FALSE(view(id).output);
    submit(attempt, "t1");
    move(attempt, AttemptState::submitted, AttemptState::succeeded, JobState::running, JobState::downloading);
    CHECK(store->deliveries.done(placing, t0));
    CHECK_FALSE(store->deliveries.done(placing, t0));
    CHECK(view(id).output == "/out/wave.mp4");
    CHECK(state(id) == JobState::done);
}

TEST_CASE_FIXTURE(Fixture, "batches are listed with what became of their jobs and what they cost") {
    const auto id = job("wave");
    job("jump");
    const auto attempt = *arm(id);
    const auto rows = [&] { return store->views.batches(store->batches); };
    REQUIRE(rows().size() == 2);
    CHECK(rows()[0].batch.name == "batch-of-wave");
    CHECK(rows()[0].jobs == std::map<JobState, std::size_t>{{JobState::submitting, 1}});
    CHECK(rows()[0].reserved == 44_credits);
    CHECK(rows()[0].spent == Credits{});
    submit(attempt, "t1");
    move(attempt, AttemptState::submitted, AttemptState::failed, JobState::running, JobState::queued, 7_credits);
    const auto second = *arm(id);
    CHECK(rows()[0].reserved == 44_credits);
    CHECK(rows()[0].spent == 7_credits);
    lose(second);
    CHECK(rows()[0].reserved == 44_credits);
    CHECK(rows()[1].jobs == std::map<JobState, std::size_t>{{JobState::queued, 1}});
    CHECK(rows()[1].reserved + rows()[1].spent == Credits{});
}

TEST_CASE_FIXTURE(Fixture, "submissions whose answer was lost are listed, also of jobs that were given up since") {
    const auto id = job("wave"), other = job("jump");
    CHECK(store->views.uncertain().empty());
    lose(*arm(id));
    store->operations.discard(id, JobState::uncertain, t0);
    arm(other);
    const auto rows = store->views.uncertain();
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].batch + "/" + rows[0].job == "batch-of-wave/wave");
    CHECK(rows[0].state == JobState::cancelled);
    CHECK(rows[0].armed == t0);
    CHECK(rows[0].estimate == 44_credits);
    CHECK(rows[0].image == "a.png");
    CHECK(rows[0].prompt == "waves");
    CHECK_FALSE(rows[0].callback);
}

}  // namespace
}  // namespace motionspool::store
