#include "domain/remedy.hpp"
#include <doctest/doctest.h>
#include <set>
#include <string>

namespace motionspool::domain {
namespace {

TEST_CASE("for every reason to wait there is a sentence of its own that says what ends it") {
    std::set<std::string_view> sentences;
    for (int i = 0; i <= static_cast<int>(Why::rate); i++) {
        const auto why = static_cast<Why>(i);
        CAPTURE(to_string(why));
        const auto sentence = remedy(why);
        const bool by_itself = sentence.find("by itself") != std::string_view::npos, by_command = sentence.find("`motionspool ") != std::string_view::npos;
        CHECK((by_itself || by_command));
        CHECK(sentences.insert(sentence).second);
    }
    CHECK(remedy(Why::pause) == "`motionspool resume` ends it");
}

}  // namespace
}  // namespace motionspool::domain
