#include "domain/recognition.hpp"
#include <doctest/doctest.h>
#include "domain/schedule.hpp"

namespace motionspool::domain {
namespace {
using namespace std::chrono_literals;

constexpr BootTime t0{1h};
constexpr AttemptId a{1}, b{2}, c{3};
constexpr bool known = true, unknown = false, ours = true, anothers = false;

TEST_CASE("an answer tells whether the task is known, or nothing about it") {
    CHECK(knows_task(StillRunning{"generating"}) == true);
    CHECK(knows_task(Succeeded{}) == true);
    CHECK(knows_task(TaskFailed{FailCause::moderation, "", {}}) == true);
    CHECK(knows_task(UnknownTask{}) == false);
    CHECK_FALSE(knows_task(KeyRefused{}));
    CHECK_FALSE(knows_task(PollTooFast{}));
    CHECK_FALSE(knows_task(NoNews{}));
}

TEST_CASE("the key is in doubt when for ten minutes no task was known, and no longer once one is") {
    auto r = after_answer({}, a, unknown, anothers, t0);
    r = after_answer(std::move(r), b, unknown, anothers, t0 + 5min);
    CHECK_FALSE(doubt(r, t0 + 10min - 1ms));
    REQUIRE(doubt(r, t0 + 10min));
    CHECK(doubt(r, t0 + 10min)->tasks == 2);
    CHECK_FALSE(doubt(r, t0 + 10min)->own);
    r = after_answer(std::move(r), c, known, anothers, t0 + 20min);
    CHECK_FALSE(doubt(r, t0 + 20h));
    r = after_answer(std::move(r), a, unknown, anothers, t0 + 21min);
    CHECK_FALSE(doubt(r, t0 + 30min));
    CHECK(doubt(r, t0 + 31min));
}

TEST_CASE("a single unknown task among known ones is not the key's fault, however long") {
    Recognition r;
    for (auto now = t0; now < t0 + 3h; now += 1min) {
        r = after_answer(std::move(r), a, unknown, ours, now);
        CHECK_FALSE(doubt(r, now));
        r = after_answer(std::move(r), b, known, ours, now + 10s);
    }
}

TEST_CASE("any account knows what its own key made: that says nothing while a task of another key is not known") {
    auto r = after_answer({}, a, unknown, anothers, t0);
    for (auto now = t0; now < t0 + 9min; now += 1min) {
        r = after_answer(std::move(r), b, unknown, ours, now);  // just made
        r = after_answer(std::move(r), b, known, ours, now + 10s);
        CHECK_FALSE(doubt(r, now));
    }
    REQUIRE(doubt(r, t0 + 10min));
    CHECK(doubt(r, t0 + 10min)->tasks == 1);
    r = after_answer(std::move(r), c, known, anothers, t0 + 11min);
    CHECK_FALSE(doubt(r, t0 + 20h));
}

TEST_CASE("one task that this very key made and the provider has lost casts no doubt on the key; all of several do, as does one of another key") {
    CHECK_FALSE(doubt(after_answer({}, a, unknown, ours, t0), t0 + 3h));
    CHECK(doubt(after_answer({}, a, unknown, anothers, t0), t0 + 3h));
    const auto two = after_answer(after_answer({}, a, unknown, ours, t0), b, unknown, ours, t0);
    REQUIRE(doubt(two, t0 + 10min));
    CHECK(doubt(two, t0 + 10min)->own);
    CHECK_FALSE(doubt(without(two, a), t0 + 3h));
    CHECK_FALSE(doubt(without(without(two, a), b), t0 + 3h));
}

TEST_CASE("a task of another key that is not known is asked about once an hour, and at its deadline") {
    CHECK(unknown_interval(20s, 9min, anothers, 2h) == 20s);
    CHECK(unknown_interval(60s, 10min, anothers, 2h) == 1h);
    CHECK(unknown_interval(60s, 3h, ours, 2h) == 60s);
    CHECK(unknown_interval(5min, 3h, anothers, -1min) == 1h);
    for (const auto left : {1ms, 1'000ms, 60'000ms, 3'000'000ms}) {
        const auto interval = unknown_interval(60s, 11min, anothers, left);
        CHECK(interval - interval / 8 > left);  // the earliest that jitter makes of it
        CHECK(interval <= 1h);
    }
}

TEST_CASE("a key in doubt holds all submissions back, with the way out") {
    const World world{.lane = open_lane(Rate{20, 10s}), .key_doubt = "the provider knows none"};
    const auto wait = lane_blocked(world, t0);
    REQUIRE(wait);
    CHECK(wait->why == Why::provider);
    CHECK(wait->numbers == "the provider knows none");
    CHECK(wait->remedy.find("put back the key that made them") == 0);
    CHECK(wait->remedy.find("`motionspool resume`") != std::string::npos);
}

}  // namespace
}  // namespace motionspool::domain
