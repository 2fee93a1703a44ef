#include "base/complaint.hpp"
#include <doctest/doctest.h>

using namespace motionspool;
using Severity = Complaint::Severity;

TEST_CASE("a place is 1-based and its column counts characters") {
    CHECK(place_of("", {0}) == Place{1, 1});
    CHECK(place_of("ab\ncd", {1}) == Place{1, 2});
    CHECK(place_of("ab\ncd", {2}) == Place{1, 3});
    CHECK(place_of("ab\ncd", {3}) == Place{2, 1});
    CHECK(place_of("öß: x", {6}) == Place{1, 5});
    CHECK(place_of("a\r\nb", {3}) == Place{2, 1});
}

TEST_CASE("a BOM takes no column") {
    CHECK(place_of("\xEF\xBB\xBF"
                   "ab",
                   {0}) == Place{1, 1});
    CHECK(place_of("\xEF\xBB\xBF"
                   "ab",
                   {3}) == Place{1, 1});
    CHECK(place_of("\xEF\xBB\xBF"
                   "ab",
                   {4}) == Place{1, 2});
}

TEST_CASE("a place beyond the end is the end") { CHECK(place_of("ab\nc", {1000}) == Place{2, 2}); }

TEST_CASE("warnings are not errors") {
    CHECK_FALSE(any_error({}));
    CHECK_FALSE(any_error({{Severity::warning, {0}, "w"}}));
    CHECK(any_error({{Severity::warning, {0}, "w"}, {Severity::error, {0}, "e"}}));
}

TEST_CASE("lines come in the order of the text, equal places in the order given") {
    const Complaints complaints{{Severity::error, {3}, "c"}, {Severity::warning, {0}, "a"}, {Severity::error, {3}, "d"}, {Severity::error, {2}, "b"}};
    const auto lines = to_lines(complaints, "m.yaml", "x\n\xC3\xB6y");
    const std::vector<std::string> expected{"m.yaml:1:1: warning: a", "m.yaml:2:1: error: b", "m.yaml:2:2: error: c", "m.yaml:2:2: error: d"};
    CHECK(lines == expected);
}

TEST_CASE("places come in the order of the complaints") {
    const Complaints complaints{{Severity::error, {3}, "c"}, {Severity::warning, {0}, "a"}, {Severity::error, {2}, "b"}};
    CHECK(places_of(complaints, "x\n\xC3\xB6y") == std::vector<Place>{{2, 2}, {1, 1}, {2, 1}});
}

TEST_CASE("a quoted line end does not make two lines of one") {
    CHECK(to_lines({{Severity::error, {0}, "\"a\nb:1:1: error: c\""}}, "m", "").front() == "m:1:1: error: \"a b:1:1: error: c\"");
}

TEST_CASE("what would mislead a reader's eyes or terminal is taken out of a line") {
    const auto line = [](const std::string& text) {
        return to_lines({{Severity::error, {0}, text}}, "m", "").front().substr(std::string{"m:1:1: error: "}.size());
    };
    CHECK(line("a\x1b[2Jb") == "a [2Jb");
    CHECK(line("a\xC2\x9B"
               "2Jb") == "a?2Jb");
    CHECK(line("gnp.\xE2\x80\xAExof") == "gnp.?xof");
    CHECK(line("\xE2\x81\xA6x\xE2\x81\xA9") == "?x?");
    const std::string honest = "\xC2\xA0\xC3\xBC \xD8\xA7 \xE2\x80\x8C \xE2\x80\x93 \xE2\x82\xAC";
    CHECK(line(honest) == honest);
}
