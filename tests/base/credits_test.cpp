#include "base/credits.hpp"
#include <doctest/doctest.h>

using namespace motionspool;
using namespace motionspool::literals;

namespace {
std::optional<std::int64_t> milli(std::string_view text) {
    const auto credits = parse_credits(text);
    return credits ? std::optional{credits->milli()} : std::nullopt;
}
}  // namespace

TEST_CASE("credits are read exactly") {
    CHECK(milli("0") == 0);
    CHECK(milli("-0") == 0);
    CHECK(milli("110") == 110'000);
    CHECK(milli("007") == 7'000);
    CHECK(milli("812.5") == 812'500);
    CHECK(milli("0.001") == 1);
    CHECK(milli("-3.25") == -3'250);
    CHECK(milli("1.230000000000000000000") == 1'230);
}

TEST_CASE("credits may have an exponent") {
    CHECK(milli("1e2") == 100'000);
    CHECK(milli("1.5E+3") == 1'500'000);
    CHECK(milli("12.5e-1") == 1'250);
    CHECK(milli("0e999999999999") == 0);
    CHECK(milli("1e-999999999999") == 1);
}

TEST_CASE("more than three decimals round away from zero") {
    CHECK(milli("0.0001") == 1);
    CHECK(milli("1.2340001") == 1'235);
    CHECK(milli("-1.2340001") == -1'235);
    CHECK(milli("0.99999") == 1'000);
}

TEST_CASE("amounts beyond 9e12 credits are refused") {
    CHECK(milli("9e12") == 9'000'000'000'000'000);
    CHECK(milli("-9000000000000") == -9'000'000'000'000'000);
    CHECK_FALSE(milli("9000000000000.001"));
    CHECK_FALSE(milli("9e13"));
    CHECK_FALSE(milli("99999999999999999999999999999999"));
    CHECK_FALSE(milli("1e400"));
}

TEST_CASE("what is no number is refused") {
    for (const auto* text : {"", "-", "+1", ".5", "5.", "1.2.3", "1e", "1e+", "e5", " 1", "1 ", "1,5", "0x10", "nan", "inf", "1_000", "--1"}) {
        CAPTURE(text);
        CHECK_FALSE(milli(text));
    }
}

TEST_CASE("credits are written with as many decimals as needed") {
    CHECK(to_string(110_credits) == "110");
    CHECK(to_string(Credits::from_milli(812'500)) == "812.5");
    CHECK(to_string(Credits::from_milli(55)) == "0.055");
    CHECK(to_string(Credits::from_milli(-3'250)) == "-3.25");
    CHECK(to_string(Credits::from_milli(-1)) == "-0.001");
    CHECK(to_string(Credits{}) == "0");
}

TEST_CASE("one credit is a credit, any other amount is of credits") {
    CHECK(in_words(1_credits) == "1 credit");
    CHECK(in_words(0_credits) == "0 credits");
    CHECK(in_words(Credits::from_milli(1500)) == "1.5 credits");
    CHECK(in_words(Credits::whole(-1)) == "-1 credits");
}
