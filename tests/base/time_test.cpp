#include "base/time.hpp"
#include <doctest/doctest.h>

using namespace motionspool;
using namespace std::chrono_literals;

namespace {
constexpr Instant evening{1'795'557'901'123ms};  // 2026-11-24 22:05:01.123
}

TEST_CASE("an instant is written in UTC, milliseconds only where they are not zero") {
    CHECK(to_rfc3339(evening) == "2026-11-24T22:05:01.123Z");
    CHECK(to_rfc3339(evening - 123ms) == "2026-11-24T22:05:01Z");
    CHECK(to_rfc3339(Instant{5ms}) == "1970-01-01T00:00:00.005Z");
    CHECK(to_rfc3339(Instant{-1ms}) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("an instant is read with any offset") {
    CHECK(parse_rfc3339("2026-11-24T22:05:01.123Z") == evening);
    CHECK(parse_rfc3339("2026-11-24t22:05:01.1239z") == evening);
    CHECK(parse_rfc3339("2026-11-24 23:05:01.123+01:00") == evening);
    CHECK(parse_rfc3339("2026-11-24T16:35:01.123-05:30") == evening);
    CHECK(parse_rfc3339("2016-12-31T23:59:60Z") == parse_rfc3339("2017-01-01T00:00:00Z"));
    CHECK(parse_rfc3339("2024-02-29T00:00:00Z").has_value());
}

TEST_CASE("what is no instant is refused") {
    for (const auto* text : {"", "2026-11-24", "2026-11-24T22:05:01", "2026-13-01T00:00:00Z", "2025-02-29T00:00:00Z", "2026-11-24T24:00:00Z",
                             "2026-11-24T22:60:00Z", "2026-11-24T22:05:61Z", "2026-11-24T22:05:01.Z", "2026-11-24T22:05:01Zx", "2026-11-24T22:05:01+0100",
                             "2026-11-24T22:05:01+24:00", "26-11-24T22:05:01Z", "2026-11-24T22:05:01,5Z", "+026-11-24T22:05:01Z"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_rfc3339(text).has_value());
    }
}

TEST_CASE("a duration is a whole number and a unit") {
    CHECK(parse_duration("500ms") == 500ms);
    CHECK(parse_duration("0s") == 0ms);
    CHECK(parse_duration("5min") == 5min);
    CHECK(parse_duration("1h") == 1h);
    CHECK(parse_duration("7d") == 168h);
    for (const auto* text : {"", "5", "s", "-5s", "+5s", "1.5h", "5 min", "5m", "5sec", "1h30min", "5S", "999999999999d", "99999999999999999999s"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_duration(text).has_value());
    }
}

TEST_CASE("a duration in words has at most two units") {
    CHECK(to_words(0ms) == "0 ms");
    CHECK(to_words(250ms) == "250 ms");
    CHECK(to_words(12s) == "12 s");
    CHECK(to_words(6'500ms) == "6.5 s");
    CHECK(to_words(59'999ms) == "59.999 s");
    CHECK(to_words(5min) == "5 min");
    CHECK(to_words(90s) == "1 min 30 s");
    CHECK(to_words(65min + 59s) == "1 h 5 min");
    CHECK(to_words(74h + 59min) == "3 d 2 h");
    CHECK(to_words(48h) == "2 d");
    CHECK(to_words(-90s) == "-1 min 30 s");
}
