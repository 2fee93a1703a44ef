#include "system/random.hpp"
#include <doctest/doctest.h>
#include <set>

namespace motionspool::system {
namespace {

TEST_CASE("a token is 64 hexadecimal digits, and no two are alike") {
    std::set<std::string> tokens;
    for (int i = 0; i < 1000; ++i) tokens.insert(random_token());
    CHECK(tokens.size() == 1000);
    for (const auto& token : tokens) {
        CHECK(token.size() == 64);
        CHECK(token.find_first_not_of("0123456789abcdef") == std::string::npos);
    }
}

TEST_CASE("two engines do not give the same numbers") {
    auto first = seeded_engine();
    auto second = seeded_engine();
    CHECK(first() != second());
}

}  // namespace
}  // namespace motionspool::system
