#include <doctest/doctest.h>
#include "memory.hpp"

namespace motionspool::store {
namespace {
using namespace test;

struct Fixture : Memory {
    AttemptId attempt = *arm(job("wave"));
};

TEST_CASE_FIXTURE(Fixture, "a hint is kept once, open until something was found out, and outlives the process") {
    CHECK(store->hints.add(attempt, "t1", std::nullopt, t0, 8));
    CHECK_FALSE(store->hints.add(attempt, "t1", std::nullopt, t0, 8));
    reopen();
    const auto open = store->hints.open();
    REQUIRE(open.size() == 1);
    CHECK(open[0].attempt == attempt);
    CHECK(open[0].task == "t1");
    CHECK(open[0].at == t0);
    CHECK(store->hints.close(attempt, "t1", "taken up"));
    CHECK_FALSE(store->hints.close(attempt, "t1", "again"));
    CHECK(store->hints.open().empty());
    CHECK(store->hints.of(attempt)[0].verdict == "taken up");
}

TEST_CASE_FIXTURE(Fixture, "only a hint with that verdict is opened again, from now on") {
    CHECK(store->hints.add(attempt, "t1", "unknown", t0, 8));
    CHECK_FALSE(store->hints.reopen(attempt, "t1", "taken up", t0 + 1h));
    CHECK(store->hints.open().empty());
    CHECK(store->hints.reopen(attempt, "t1", "unknown", t0 + 1h));
    REQUIRE(store->hints.open().size() == 1);
    CHECK(store->hints.open()[0].at == t0 + 1h);
}

TEST_CASE_FIXTURE(Fixture, "an attempt has so many hints and no more") {
    CHECK(store->hints.add(attempt, "t1", std::nullopt, t0, 2));
    CHECK(store->hints.add(attempt, "t2", "another task", t0, 2));
    CHECK_FALSE(store->hints.add(attempt, "t3", std::nullopt, t0, 2));
    CHECK(store->hints.of(attempt).size() == 2);
}

TEST_CASE_FIXTURE(Fixture, "an attempt is found by its callback's hash, the open one of a job by the job, and no two share a hash") {
    const auto named = [&](const std::string& name) {
        return NewAttempt{.job = job(name),
                          .request = "{}",
                          .estimate = 44_credits,
                          .armed = t0,
                          .boot = "boot-1",
                          .armed_boot = BootTime{1s},
                          .day = "2026-11-24",
                          .callback = "hash"};
    };
    const auto order = named("jump");
    const auto id = store->attempts.arm(order);
    REQUIRE(id);
    CHECK(store->attempts.with_callback("hash")->id == *id);
    CHECK_FALSE(store->attempts.with_callback("other"));
    CHECK(store->attempts.open_of(order.job)->id == *id);
    CHECK_THROWS_AS((void)store->attempts.arm(named("run")), SQLite::Exception);
    REQUIRE(lose(*id));
    CHECK(store->attempts.open_of(order.job)->id == *id);
    REQUIRE(move(*id, AttemptState::uncertain, AttemptState::written_off, JobState::uncertain, JobState::queued));
    CHECK_FALSE(store->attempts.open_of(order.job));
}

TEST_CASE_FIXTURE(Fixture, "an attempt may change without its job, whose log is told; the result delivered is the first that came") {
    const auto first = attempt;
    const auto id = store->attempts.get(first)->job;
    REQUIRE(lose(first));
    REQUIRE(move(first, AttemptState::uncertain, AttemptState::written_off, JobState::uncertain, JobState::queued));
    const auto second = *arm(id);
    REQUIRE(submit(second, "t2"));
    const auto succeeded = [](AttemptState from, const std::string& url) {
        return AttemptChange{
            .from = from, .to = AttemptState::succeeded, .event = "rendered " + url, .consumed = 40_credits, .result_url = url, .job = std::nullopt};
    };
    CHECK_FALSE(store->attempts.rendered(id, domain::Stage::single));
    CHECK(store->attempts.change(second, succeeded(AttemptState::submitted, "u2"), t0 + 1s));
    CHECK(store->attempts.change(first, succeeded(AttemptState::written_off, "u1"), t0 + 2s));
    CHECK(state(id) == JobState::running);
    CHECK(store->attempts.rendered(id, domain::Stage::single)->id == second);
    CHECK(store->views.events(id).back().what == "rendered u1");
    CHECK(store->attempts.totals_of(id).spent == 80_credits);
}

}  // namespace
}  // namespace motionspool::store
