#pragma once
#include "domain/calendar.hpp"

namespace motionspool::domain::test {

inline Instant instant(const char* text) { return parse_rfc3339(text).value(); }
inline Local local(int year, unsigned month, unsigned day, std::chrono::milliseconds time) {
    return Local{std::chrono::local_days{std::chrono::year{year} / static_cast<int>(month) / static_cast<int>(day)}} + time;
}

/// Central Europe in 2026: summer time from 29 March to 25 October, 01:00 UTC each.
inline const Zone berlin = [](Instant at) {
    const bool summer = at >= instant("2026-03-29T01:00:00Z") && at < instant("2026-10-25T01:00:00Z");
    return std::chrono::seconds{std::chrono::hours{summer ? 2 : 1}};
};
inline const Zone new_york_summer = [](Instant) { return std::chrono::seconds{std::chrono::hours{-4}}; };
inline const Zone utc = [](Instant) { return std::chrono::seconds{0}; };

}  // namespace motionspool::domain::test
