#include "base/text.hpp"
#include <doctest/doctest.h>
#include <array>

using namespace motionspool;

TEST_CASE("only ASCII letters change their case") {
    CHECK(lower_ascii("AbZ-Ä") == "abz-Ä");
    CHECK(equal_ignoring_case("Host", "hOST"));
    CHECK_FALSE(equal_ignoring_case("Host", "Hos"));
    CHECK_FALSE(equal_ignoring_case("@", "`"));
}

TEST_CASE("a part is found whatever its case") {
    CHECK(contains_ignoring_case("Credits INSUFFICIENT now", "credits insufficient"));
    CHECK(contains_ignoring_case("abc", ""));
    CHECK(contains_ignoring_case("", ""));
    CHECK(contains_ignoring_case("abc", "C"));
    CHECK_FALSE(contains_ignoring_case("abc", "cd"));
}

TEST_CASE("trim takes blanks and line ends from both sides only") {
    CHECK(trim(" \t a b \r\n") == "a b");
    CHECK(trim("\r\n ").empty());
    CHECK(trim("").empty());
}

TEST_CASE("join puts the separator between, not around") {
    const std::vector<std::string> parts{"a", "", "c"};
    CHECK(join(parts, ", ") == "a, , c");
    CHECK(join(std::span{parts}.first(1), ", ") == "a");
    CHECK(join({}, ", ").empty());
}

TEST_CASE("hex is lower case, two digits a byte") { CHECK(to_hex(std::string_view{"\x00\xAB\x7f", 3}) == "00ab7f"); }

TEST_CASE("a text from outside cannot steer a terminal or begin a new line") {
    CHECK(one_line("a\x1b[31mb\nc\x7f\xc2\x9b") == "a [31mb c  ");
    CHECK(one_line("Größe 狐 \xc2\xa0") == "Größe 狐 \xc2\xa0");
    CHECK(one_line("\xc2") == "\xc2");
}

TEST_CASE("the nearest candidate is the one a person meant") {
    constexpr std::array<std::string_view, 5> keys{"prompt", "priority", "image", "id", "note"};
    CHECK(nearest("promt", keys) == "prompt");
    CHECK(nearest("PROMPT", keys) == "prompt");
    CHECK(nearest("imgae", keys) == "image");
    CHECK(nearest("notes", keys) == "note");
    CHECK(nearest("priorty", keys) == "priority");
    CHECK(nearest("ids", keys) == "id");
    CHECK(nearest("colour", keys).empty());
    CHECK(nearest("", {}).empty());
    CHECK(nearest(std::string(1'000'000, 'x'), keys).empty());
}

TEST_CASE("short words allow one edit only, and of equals the first wins") {
    constexpr std::array<std::string_view, 2> keys{"ab", "ac"};
    CHECK(nearest("ad", keys) == "ab");
    CHECK(nearest("xyab", keys).empty());
    CHECK(nearest("ac", keys) == "ac");
}

TEST_CASE("a count agrees with its noun") {
    CHECK(count_of(1, "job") == "1 job");
    CHECK(count_of(0, "job") == "0 jobs");
    CHECK(count_of(3, "batch", "batches") == "3 batches");
    CHECK(count_of(1, "batch", "batches") == "1 batch");
}
