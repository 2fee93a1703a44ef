#include "domain/calendar.hpp"
#include <doctest/doctest.h>
#include "domain/zones.hpp"

namespace motionspool::domain {
namespace {
using namespace test;
using namespace std::chrono_literals;

std::string day(const char* at, const Zone& zone, std::chrono::minutes starts = 0min) { return to_string(accounting_date(instant(at), zone, starts)); }

TEST_CASE("local time is ahead of UTC by what the zone says") {
    CHECK(in_words(instant("2026-01-15T12:00:00Z"), berlin) == "Thu 2026-01-15 13:00");
    CHECK(in_words(instant("2026-07-15T12:00:00Z"), berlin) == "Wed 2026-07-15 14:00");
    CHECK(in_words(instant("2026-07-15T02:30:00Z"), new_york_summer) == "Tue 2026-07-14 22:30");
}

TEST_CASE("a local time has one instant on most days, in summer and in winter") {
    CHECK(first_at(local(2026, 1, 15, 22h), berlin) == instant("2026-01-15T21:00:00Z"));
    CHECK(first_at(local(2026, 7, 15, 22h), berlin) == instant("2026-07-15T20:00:00Z"));
    CHECK(first_at(local(2026, 3, 29, 1h + 59min), berlin) == instant("2026-03-29T00:59:00Z"));
    CHECK(first_at(local(2026, 3, 29, 3h), berlin) == instant("2026-03-29T01:00:00Z"));
    CHECK(first_at(local(2026, 3, 28, 12h), berlin) == instant("2026-03-28T11:00:00Z"));
    CHECK(first_at(local(2026, 10, 25, 12h), berlin) == instant("2026-10-25T11:00:00Z"));
}

TEST_CASE("in the hour that is left out the clock jumps over the time, and that is its instant") {
    CHECK(first_at(local(2026, 3, 29, 2h), berlin) == instant("2026-03-29T01:00:00Z"));
    CHECK(first_at(local(2026, 3, 29, 2h + 30min), berlin) == instant("2026-03-29T01:00:00Z"));
    CHECK(first_at(local(2026, 3, 29, 2h + 59min), berlin) == instant("2026-03-29T01:00:00Z"));
}

TEST_CASE("in the hour that comes twice the first turn counts") {
    CHECK(first_at(local(2026, 10, 25, 2h), berlin) == instant("2026-10-25T00:00:00Z"));
    CHECK(first_at(local(2026, 10, 25, 2h + 30min), berlin) == instant("2026-10-25T00:30:00Z"));
    CHECK(first_at(local(2026, 10, 25, 3h), berlin) == instant("2026-10-25T02:00:00Z"));
}

TEST_CASE("an accounting day follows the local date, or begins later in the day") {
    CHECK(day("2026-11-24T22:59:59Z", berlin) == "2026-11-24");
    CHECK(day("2026-11-24T23:00:00Z", berlin) == "2026-11-25");
    CHECK(day("2026-11-25T10:59:59Z", berlin, 12h) == "2026-11-24");  // a night is one day
    CHECK(day("2026-11-25T11:00:00Z", berlin, 12h) == "2026-11-25");
    CHECK(day("2026-12-31T23:30:00Z", berlin) == "2027-01-01");
    CHECK(date_at(instant("2026-12-31T22:59:59Z"), berlin) == "2026-12-31");
    CHECK(date_at(instant("2026-12-31T23:00:00Z"), berlin) == "2027-01-01");
}

TEST_CASE("a day ends when the next begins: after 23, 24 or 25 hours") {
    const auto length = [](const char* noon) {
        const auto date = accounting_date(instant(noon), berlin, 0min);
        return day_ends(date, berlin, 0min) - day_ends(date - std::chrono::days{1}, berlin, 0min);
    };
    CHECK(length("2026-03-28T12:00:00Z") == 24h);
    CHECK(length("2026-03-29T12:00:00Z") == 23h);
    CHECK(length("2026-10-25T12:00:00Z") == 25h);
    const auto november = accounting_date(instant("2026-11-24T12:00:00Z"), berlin, 0min);
    CHECK(month_ends(november, berlin, 0min) == instant("2026-11-30T23:00:00Z"));
    CHECK(month_ends(november + std::chrono::days{30}, berlin, 12h) == instant("2027-01-01T11:00:00Z"));
}

TEST_CASE("through a whole year every instant lies before its day's end and not before the last day's") {
    for (auto at = instant("2026-01-01T00:00:00Z"); at < instant("2027-01-02T00:00:00Z"); at += 37min) {
        for (const auto starts : {0min, 150min, 720min}) {
            const auto date = accounting_date(at, berlin, starts);
            CHECK_MESSAGE(at < day_ends(date, berlin, starts), to_rfc3339(at));
            CHECK_MESSAGE(at >= day_ends(date - std::chrono::days{1}, berlin, starts) - 1h, to_rfc3339(at));
        }
    }
}

}  // namespace
}  // namespace motionspool::domain
