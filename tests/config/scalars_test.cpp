#include "config/scalars.hpp"
#include <doctest/doctest.h>

using namespace motionspool;
using namespace motionspool::config;
using namespace std::chrono_literals;

TEST_CASE("an integer is decimal and nothing else") {
    CHECK(parse_integer("0") == 0);
    CHECK(parse_integer("010") == 10);
    CHECK(parse_integer("-42") == -42);
    CHECK(parse_integer("999999999999999") == 999'999'999'999'999);
    for (const auto* text : {"", "-", "+1", "1.0", "1e3", "0x1", "1_000", " 1", "1 ", "1000000000000000", "1,5", "--1"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_integer(text).has_value());
    }
}

TEST_CASE("a span is a duration, or zero without a unit") {
    CHECK(parse_span("0") == 0ms);
    CHECK(parse_span("5s") == 5s);
    CHECK_FALSE(parse_span("5").has_value());
    CHECK_FALSE(parse_span("00").has_value());
}

TEST_CASE("sizes are decimal or binary by their unit") {
    CHECK(parse_size("0") == 0u);
    CHECK(parse_size("12B") == 12u);
    CHECK(parse_size("1KB") == 1'000u);
    CHECK(parse_size("1kB") == 1'000u);
    CHECK(parse_size("10MB") == 10'000'000u);
    CHECK(parse_size("5 GB") == 5'000'000'000u);
    CHECK(parse_size("2TB") == 2'000'000'000'000u);
    CHECK(parse_size("1KiB") == 1'024u);
    CHECK(parse_size("3MiB") == 3'145'728u);
    CHECK(parse_size("1GiB") == 1'073'741'824u);
    CHECK(parse_size("1.5MB") == 1'500'000u);
    CHECK(parse_size("0.001KB") == 1u);
    for (const auto* text : {"", "5", "MB", "-1MB", "1mb", "1Mb", "1 000MB", "1.0001MB", "0.0001KB", "1.5B", "1..5MB", ".5MB", "5.MB", "1  MB", "1MB ",
                             "1001TB", "999999999999999999GB", "1e3MB"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_size(text).has_value());
    }
}

TEST_CASE("a rate is a count per duration") {
    CHECK(parse_rate("20 per 10s") == domain::Rate{.count = 20, .window = 10s});
    CHECK(parse_rate("1 per 500ms") == domain::Rate{.count = 1, .window = 500ms});
    CHECK(parse_rate("20  per  10s") == domain::Rate{.count = 20, .window = 10s});
    for (const auto* text : {"", "20", "20/10s", "20 per", "per 10s", "20 per 10", "20per10s", "-1 per 10s", "2.5 per 1s", "9999999999 per 1s", "20 per 10s x",
                             "20 per 1 per 2s"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_rate(text).has_value());
    }
}

TEST_CASE("a time of day has hours and minutes") {
    CHECK(parse_time_of_day("00:00") == 0min);
    CHECK(parse_time_of_day("6:05") == 365min);
    CHECK(parse_time_of_day("22:00") == 22h);
    CHECK(parse_time_of_day("24:00") == 24h);
    for (const auto* text : {"", "22", "22:0", "22:000", "24:01", "25:00", "22:60", "-1:00", ":30", "222:00", "22:00:00", "10pm", "22.00"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_time_of_day(text).has_value());
    }
}
