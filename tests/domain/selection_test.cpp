#include "domain/selection.hpp"
#include <doctest/doctest.h>
#include "domain/names.hpp"

namespace motionspool::domain {
namespace {

bool picks(const std::string& target, const std::string& job) { return selects(*parse_selection(target), name_key(job)); }

TEST_CASE("a selection is a batch, one job of it, or several by a glob") {
    CHECK(*parse_selection("Spring") == Selection{"spring", std::nullopt});
    CHECK(*parse_selection("Spring/Fox-1") == Selection{"spring", "fox-1"});
    CHECK_FALSE(names_one(*parse_selection("spring")));
    CHECK(names_one(*parse_selection("spring/fox-1")));
    CHECK_FALSE(names_one(*parse_selection("spring/fox-*")));
    CHECK_FALSE(names_one(*parse_selection("spring/fox-?")));
}

TEST_CASE("what is no selection says what was expected") {
    for (const std::string wrong : {"", "/fox", "spring/", "spring/fox/1", "spr*/fox", "s?ring"}) {
        CAPTURE(wrong);
        const auto selection = parse_selection(wrong);
        REQUIRE_FALSE(selection);
        CHECK(selection.problem().text.find("\"" + wrong + "\"") == 0);
        CHECK(selection.problem().text.find("expected BATCH, BATCH/JOB or a glob such as BATCH/fox-*") != std::string::npos);
    }
}

TEST_CASE("a glob picks by whole names: * is any text, ? one character") {
    struct Case {
        std::string target, job;
        bool picked;
    };
    for (const auto& c : std::initializer_list<Case>{
             {"b", "anything", true},
             {"b/fox-*", "fox-", true},
             {"b/fox-*", "fox-wave", true},
             {"b/fox-*", "a-fox-wave", false},
             {"b/*-wave", "fox-wave", true},
             {"b/*-wave", "fox-wave-t2", false},
             {"b/*", "x", true},
             {"b/fox-?", "fox-1", true},
             {"b/fox-?", "fox-", false},
             {"b/fox-?", "fox-12", false},
             {"b/?", "ä", true},
             {"b/??", "ä", false},
             {"b/a*b*c", "axxbyyc", true},
             {"b/a*b*c", "axxbyy", false},
             {"b/*a*", "banana", true},
             {"b/**", "x", true},
             {"b/a*ab", "aab", true},
             {"b/*?", "ä", true},
             {"b/fox", "fox-1", false},
             {"b/fox-1", "fox", false},
             {"b/*ab", "aaab", true},
             {"b/*ß", "straße", false},
             {"b/*e", "straße", true},
         }) {
        CAPTURE(c.target);
        CAPTURE(c.job);
        CHECK(picks(c.target, c.job) == c.picked);
    }
}

TEST_CASE("names are picked without regard to case, however they are composed") {
    CHECK(picks("B/FOX-*", "fox-wave"));
    CHECK(picks("b/fox-*", "FOX-Wave"));
    CHECK(picks("b/F\u00DCCHSE-?", "fu\u0308chse-1"));
    CHECK(picks("b/fu\u0308chse-*", "F\u00FCchse-1"));
    CHECK(parse_selection("Fu\u0308chse")->batch_key == name_key("F\u00DCCHSE"));
}

}  // namespace
}  // namespace motionspool::domain
