#include "domain/window.hpp"
#include <doctest/doctest.h>
#include "domain/zones.hpp"

namespace motionspool::domain {
namespace {
using namespace test;
using namespace std::chrono_literals;

constexpr std::array every_day{true, true, true, true, true, true, true};
const WindowTimes night{every_day, 22h, 6h};

/// "open DAY until …" or "closed until …", in UTC.
std::string stand(const WindowTimes& window, const char* at, const Zone& zone = berlin) {
    const auto now = stand_of(window, instant(at), zone);
    return (now.day ? "open " + to_string(*now.day) : "closed") + " until " + to_rfc3339(now.changes);
}

TEST_CASE("a night belongs to the day it begins") {
    CHECK(stand(night, "2026-11-24T20:59:59Z") == "closed until 2026-11-24T21:00:00Z");
    CHECK(stand(night, "2026-11-24T21:00:00Z") == "open 2026-11-24 until 2026-11-25T05:00:00Z");
    CHECK(stand(night, "2026-11-25T03:00:00Z") == "open 2026-11-24 until 2026-11-25T05:00:00Z");
    CHECK(stand(night, "2026-11-25T05:00:00Z") == "closed until 2026-11-25T21:00:00Z");
}

TEST_CASE("a window within a day opens and closes on it") {
    const WindowTimes lunch{every_day, 11h + 30min, 13h};
    CHECK(stand(lunch, "2026-07-15T09:29:59Z") == "closed until 2026-07-15T09:30:00Z");
    CHECK(stand(lunch, "2026-07-15T09:30:00Z") == "open 2026-07-15 until 2026-07-15T11:00:00Z");
    CHECK(stand(lunch, "2026-07-15T11:00:00Z") == "closed until 2026-07-16T09:30:00Z");
}

TEST_CASE("of its days only those on which it begins count") {
    const WindowTimes weekend{{false, false, false, false, true, true, false}, 22h, 6h};  // Friday and Saturday nights
    CHECK(stand(weekend, "2026-11-24T22:00:00Z") == "closed until 2026-11-27T21:00:00Z");
    CHECK(stand(weekend, "2026-11-29T03:00:00Z") == "open 2026-11-28 until 2026-11-29T05:00:00Z");  // Sunday morning
    CHECK(stand(weekend, "2026-11-29T21:30:00Z") == "closed until 2026-12-04T21:00:00Z");           // Sunday night
    const WindowTimes sundays{{false, false, false, false, false, false, true}, 0min, 24h};
    CHECK(stand(sundays, "2026-11-28T23:00:00Z") == "open 2026-11-29 until 2026-11-29T23:00:00Z");
    CHECK(stand(sundays, "2026-11-29T23:00:00Z") == "closed until 2026-12-05T23:00:00Z");
}

TEST_CASE("the night of the change to summer time is an hour shorter, that of the change back an hour longer") {
    CHECK(stand(night, "2026-03-28T22:00:00Z") == "open 2026-03-28 until 2026-03-29T04:00:00Z");
    CHECK(stand(night, "2026-03-29T04:00:00Z") == "closed until 2026-03-29T20:00:00Z");
    CHECK(stand(night, "2026-10-24T20:00:00Z") == "open 2026-10-24 until 2026-10-25T05:00:00Z");
    CHECK(stand(night, "2026-10-25T05:00:00Z") == "closed until 2026-10-25T21:00:00Z");
}

TEST_CASE("a window that begins or ends in the hour left out does so when the clock jumps") {
    const WindowTimes late{every_day, 2h + 30min, 6h}, early{every_day, 22h, 2h + 30min};
    CHECK(stand(late, "2026-03-29T00:59:59Z") == "closed until 2026-03-29T01:00:00Z");
    CHECK(stand(late, "2026-03-29T01:00:00Z") == "open 2026-03-29 until 2026-03-29T04:00:00Z");
    CHECK(stand(early, "2026-03-29T00:59:59Z") == "open 2026-03-28 until 2026-03-29T01:00:00Z");
    const WindowTimes within{every_day, 2h + 10min, 2h + 50min};  // left out altogether: there is none that day
    CHECK(stand(within, "2026-03-29T00:00:00Z") == "closed until 2026-03-30T00:10:00Z");
}

TEST_CASE("a window in the hour that comes twice opens once") {
    const WindowTimes late{every_day, 2h + 30min, 6h};
    CHECK(stand(late, "2026-10-25T00:29:00Z") == "closed until 2026-10-25T00:30:00Z");
    CHECK(stand(late, "2026-10-25T00:30:00Z") == "open 2026-10-25 until 2026-10-25T05:00:00Z");
    CHECK(stand(late, "2026-10-25T01:15:00Z") == "open 2026-10-25 until 2026-10-25T05:00:00Z");  // 02:15 for the second time
    const WindowTimes early{every_day, 22h, 2h + 30min};
    CHECK(stand(early, "2026-10-25T00:29:00Z") == "open 2026-10-24 until 2026-10-25T00:30:00Z");
    CHECK(stand(early, "2026-10-25T01:15:00Z") == "closed until 2026-10-25T21:00:00Z");
}

TEST_CASE("windows that follow each other neither overlap nor leave a gap, whatever the clocks do") {
    const WindowTimes first{every_day, 18h, 2h + 30min}, second{every_day, 2h + 30min, 18h};
    for (auto at = instant("2026-01-01T00:00:00Z"); at < instant("2027-01-01T00:00:00Z"); at += 17min) {
        const bool one = stand_of(first, at, berlin).day.has_value(), other = stand_of(second, at, berlin).day.has_value();
        CHECK_MESSAGE(one != other, to_rfc3339(at));
    }
}

}  // namespace
}  // namespace motionspool::domain
