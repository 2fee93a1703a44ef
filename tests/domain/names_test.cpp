#include "domain/names.hpp"
#include <doctest/doctest.h>

using namespace motionspool::domain;

namespace {
std::string repeat(std::string_view text, int times) {
    std::string out;
    for (int i = 0; i < times; i++) out += text;
    return out;
}
bool good(std::string_view name) { return !name_problem(name).has_value(); }
}  // namespace

TEST_CASE("composed and decomposed letters are the same name") {
    CHECK(nfc("Fu\xCC\x88"
              "chse") ==
          "F\xC3\xBC"
          "chse");
    CHECK(nfc("fox") == "fox");
    CHECK(nfc("\xFF\xFE") == "\xFF\xFE");
    CHECK(name_key("FU\xCC\x88"
                   "CHSE") == name_key("f\xC3\xBC"
                                       "chse"));
    CHECK(name_key("Straße") == name_key("STRASSE"));
    CHECK(name_key("ΣΊΣΥΦΟΣ") == name_key("σίσυφος"));
    CHECK(name_key("fox-1") != name_key("fox_1"));
}

TEST_CASE("letters and digits of any script make a name") {
    for (const auto* name : {"fox", "fox-wave_2.final", "_hidden", "7", "Füchse", "キツネ", "狐", "لومړی", "лиса-٣", "हिन्दी",
                             "F\x75\xCC\x88"
                             "chse",
                             "com", "com10", "console", "fox-con"}) {
        CAPTURE(name);
        CHECK(good(name));
    }
}

TEST_CASE("a bad name is told what is wrong with it") {
    const auto problem = [](std::string_view name) { return name_problem(name).value_or("nothing"); };
    CHECK(problem("") == "is empty; expected 1 to 100 letters, digits, \".\", \"_\" or \"-\"");
    CHECK(problem("fox wave") == "contains a space; only letters, digits, \".\", \"_\" and \"-\" are allowed");
    CHECK(problem("fox/wave").starts_with("contains \"/\""));
    CHECK(problem("fox²").starts_with("contains \"²\""));
    CHECK(problem("fox🦊").starts_with("contains \"🦊\""));
    CHECK(problem("fox\n").starts_with("contains U+000A"));
    CHECK(problem("a\xE2\x80\x8B").starts_with("contains U+200B"));
    CHECK(problem("a\xE2\x80\xAE").starts_with("contains U+202E"));
    CHECK(problem("\xCC\x88x").starts_with("contains U+0308"));
    CHECK(problem("a\xFF").starts_with("contains a byte that is not UTF-8"));
    CHECK(problem("..").starts_with("begins with \".\""));
    CHECK(problem("-rf").starts_with("begins with \"-\""));
    CHECK(problem("fox.").starts_with("ends with a dot"));
    CHECK(problem("fox:wave").starts_with("contains \":\""));
    CHECK(problem("{image}").starts_with("contains \"{\""));
}

TEST_CASE("a name has at most 100 characters and 180 bytes, counted as NFC") {
    CHECK(good(repeat("x", 100)));
    CHECK(name_problem(repeat("x", 101)) == "is 101 characters long; at most 100 are allowed");
    CHECK(good(repeat("é", 90)));
    CHECK(good(repeat("e\xCC\x81", 90)));
    CHECK(name_problem(repeat("é", 91)) == "is 182 bytes long in UTF-8; at most 180 are allowed");
    CHECK(good(repeat("狐", 60)));
    CHECK_FALSE(good(repeat("狐", 61)));
    CHECK_FALSE(good(repeat("x", 1'000'000)));
}

TEST_CASE("Windows devices are no names, with or without extension") {
    for (const auto* name : {"con", "CON", "Prn", "aux", "nul", "NUL.txt", "com1", "LPT9", "com1.wave.mp4"}) {
        CAPTURE(name);
        CHECK_FALSE(good(name));
        CHECK(good(derived_name(name)));
    }
    CHECK(derived_name("con.wave") == "_con.wave");
}

TEST_CASE("a derived name keeps what is allowed and is always a good name") {
    CHECK(derived_name("fox-wave") == "fox-wave");
    CHECK(derived_name("my fox") == "my-fox");
    CHECK(derived_name("fox (2)") == "fox--2-");
    CHECK(derived_name("-.fox.") == "fox");
    CHECK(derived_name("Fu\xCC\x88"
                       "chse!") == "Füchse-");
    CHECK(derived_name("\xCC\x88x") == "x");
    CHECK(derived_name("a\xFF"
                       "b") == "a-b");
    CHECK(derived_name("") == "unnamed");
    CHECK(derived_name("...") == "unnamed");
    for (const auto* text : {"🦊🦊", " ", "/", "a/../b", "a\n", "x.", ".-.", "con ",
                             "\xE2\x80\xAE"
                             "fox",
                             "\xC3"}) {
        CAPTURE(text);
        CHECK(good(derived_name(text)));
    }
}

TEST_CASE("a derived name that is too long is cut and keeps its difference") {
    const auto a = derived_name(repeat("x", 120)), b = derived_name(repeat("x", 121));
    CHECK(a.size() == 100);
    CHECK(a.substr(0, 94) == repeat("x", 93) + "-");
    CHECK(a != b);
    CHECK(derived_name(repeat("x", 100)) == repeat("x", 100));
    CHECK(derived_name(repeat("x", 120)) == a);
    const auto wide = derived_name(repeat("狐", 70));
    CHECK(wide.size() == 57 * 3 + 7);
    CHECK(good(wide));
    CHECK(derived_name(repeat("e\xCC\x81", 200)) == derived_name(repeat("é", 200)));
}

TEST_CASE("a stem is the last component without its extension") {
    CHECK(stem("cast/fox.png") == "fox");
    CHECK(stem("fox") == "fox");
    CHECK(stem("fox.wave.mp4") == "fox.wave");
    CHECK(stem("cast/.fox") == ".fox");
    CHECK(stem("cast/") == "cast");
    CHECK(stem("https://cdn.example.com/a/wave.mp4?x=1/2.3#t") == "wave");
    CHECK(stem("https://example.com") == "example");
    CHECK(stem("").empty());
    CHECK(stem("/").empty());
}
