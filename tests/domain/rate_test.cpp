#include "domain/rate.hpp"
#include <doctest/doctest.h>
#include <vector>

namespace motionspool::domain {
namespace {
using namespace std::chrono_literals;

constexpr BootTime t0{1h};
constexpr Rate two{2, 10s};
AttemptId id(int n) { return AttemptId{n}; }

TEST_CASE("a place is held from ARMED until 1.01 windows after the answer") {
    CHECK(held_until(two, t0, t0 + 1s) == t0 + 11'100ms);
    CHECK(held_until(two, t0, t0) == t0 + 10'100ms);
    CHECK(held_until({2, 1min}, t0, t0 + 1s) == t0 + 61'600ms);
}

TEST_CASE("an answer that is missing or late counts as one after 15 s") {
    CHECK(held_until(two, t0, std::nullopt) == t0 + 25'100ms);
    CHECK(held_until(two, t0, t0 + 15s) == t0 + 25'100ms);
    CHECK(held_until(two, t0, t0 + 100s) == t0 + 25'100ms);
}

TEST_CASE("a hundredth of a window is never rounded down") {
    CHECK(held_until({2, 150ms}, t0, t0) == t0 + 152ms);
    CHECK(held_until({2, 1ms}, t0, t0) == t0 + 2ms);
}

TEST_CASE("an empty window takes all at once") {
    const RateLog log{two};
    CHECK(log.next(t0, 0, 2) == t0);
    CHECK(log.next(t0, 1, 2) == t0);
    CHECK(log.occupied(t0) == 0);
}

TEST_CASE("a full window gives the instant its first place gets free, whoever holds it") {
    RateLog log{two};
    log.armed(id(1), t0);
    CHECK(log.next(t0, 0, 2) == t0);
    log.armed(id(2), t0 + 1s);
    CHECK(log.next(t0 + 1s, 0, 2) == t0 + 25'100ms);
    log.answered(id(2), t0 + 2s);
    CHECK(log.next(t0 + 2s, 0, 2) == t0 + 12'100ms);
    CHECK(log.next(t0 + 12'099ms, 0, 2) == t0 + 12'100ms);
    CHECK(log.next(t0 + 12'100ms, 0, 2) == t0 + 12'100ms);
    CHECK(log.next(t0 + 13s, 0, 2) == t0 + 13s);
}

TEST_CASE("who has been let in has a place before the next") {
    RateLog log{two};
    log.armed(id(1), t0, t0);
    CHECK(log.next(t0, 1, 2) == t0 + 10'100ms);
    CHECK_FALSE(log.next(t0, 2, 2));
    CHECK_FALSE(log.next(t0, 3, 2));
    CHECK(log.next(t0 + 10'100ms, 1, 2) == t0 + 10'100ms);
}

TEST_CASE("a narrowed window waits until enough places are free") {
    RateLog log{Rate{20, 10s}};
    for (int n = 0; n < 10; n++) log.armed(id(n), t0, t0 + 100ms * n);
    CHECK(log.next(t0 + 1s, 0, 20) == t0 + 1s);
    CHECK(log.next(t0 + 1s, 0, 11) == t0 + 1s);
    CHECK(log.next(t0 + 1s, 0, 10) == t0 + 10'100ms);
    CHECK(log.next(t0 + 1s, 0, 5) == t0 + 10'600ms);
    CHECK(log.next(t0 + 1s, 0, 1) == t0 + 11'000ms);
    CHECK(log.next(t0 + 1s, 0, 0) == t0 + 11'000ms);  // a width is at least one
    CHECK(log.next(t0 + 1s, 0, -3) == t0 + 11'000ms);
}

TEST_CASE("what never reached the server gives its place back") {
    RateLog log{two};
    log.armed(id(1), t0);
    log.armed(id(2), t0);
    log.withdrawn(id(1));
    CHECK(log.occupied(t0) == 1);
    CHECK(log.next(t0, 0, 2) == t0);
    log.withdrawn(id(1));
    log.withdrawn(id(7));
    CHECK(log.occupied(t0) == 1);
}

TEST_CASE("an answer after 15 s lengthens nothing, and one to a forgotten place does not come back") {
    RateLog log{two};
    log.armed(id(1), t0);
    log.answered(id(1), t0 + 20s);
    CHECK(log.next(t0 + 20s, 0, 1) == t0 + 25'100ms);
    log.forget_before(t0 + 25'100ms);
    log.answered(id(1), t0 + 90s);
    CHECK(log.occupied(t0 + 90s) == 0);
    CHECK(log.next(t0 + 90s, 1, 2) == t0 + 90s);
}

TEST_CASE("forgetting keeps what is held, and changes no answer") {
    RateLog log{Rate{3, 10s}};
    log.armed(id(1), t0, t0);
    log.armed(id(2), t0, t0 + 5s);
    log.armed(id(3), t0, t0 + 9s);
    const auto now = t0 + 12s;
    CHECK(log.occupied(now) == 2);
    for (const bool forget : {false, true}) {
        if (forget) log.forget_before(now);
        CHECK(log.occupied(now) == 2);
        CHECK(log.next(now, 0, 3) == now);
        CHECK(log.next(now, 1, 3) == t0 + 15'100ms);
        CHECK(log.next(now, 2, 3) == t0 + 19'100ms);
        CHECK(log.next(now, 0, 1) == t0 + 19'100ms);
    }
    log.withdrawn(id(1));
    CHECK(log.occupied(now) == 2);
    log.withdrawn(id(2));
    log.withdrawn(id(3));
    CHECK(log.occupied(now) == 0);
}

TEST_CASE("after a restart the places are held as before") {
    RateLog log{two};
    log.armed(id(1), t0);
    log.armed(id(2), t0 + 1s);
    log.answered(id(2), t0 + 2s);
    const std::vector<PastSubmission> past{{id(2), true, t0 + 1s, t0 + 2s}, {id(1), true, t0, std::nullopt}};
    const auto again = take_up(two, past);
    for (const int count : {1, 2}) CHECK(again.next(t0 + 3s, 0, count) == log.next(t0 + 3s, 0, count));
}

TEST_CASE("what was armed before the machine's start counts from the start") {
    const std::vector<PastSubmission> past{{id(2), false, t0 + 1s, t0 + 2s}, {id(1), false, t0, std::nullopt}};
    const auto log = take_up(two, past);
    CHECK(log.next(BootTime{3s}, 0, 2) == BootTime{10'100ms});  // answered: the server had counted it by then
    CHECK(log.next(BootTime{3s}, 0, 1) == BootTime{25'100ms});  // unanswered: it may still have been on its way
}

TEST_CASE("so many submissions are remembered that one answered late is among them") {
    CHECK(to_remember({20, 10s}) == 60);
    CHECK(to_remember({20, 1min}) == 40);
    CHECK(to_remember({20, 1s}) == 320);
    CHECK(to_remember({1, 24h}) == 2);
    CHECK(to_remember({1, 0ms}) > 0);
    CHECK(to_remember({1'000'000, 1ms}) == 100'000);
}

}  // namespace
}  // namespace motionspool::domain
