#include "domain/remedy.hpp"
#include <doctest/doctest.h>
#include <set>
#include <string>

namespace motionspool::domain {
namespace {

TEST_CASE("for every reason to wait there is a sentence of its own that says what ends it") {
    std::set<std::string> sentences;
    for (int i = 0; i <= static_cast<int>(Why::rate); i++) {
        const auto why = static_cast<Why>(i);
        CAPTURE(to_string(why));
        const auto sentence = remedy({why, std::nullopt, {}}, "spring", "fox");
        const bool by_itself = sentence.find("by itself") != std::string::npos, by_command = sentence.find("`motionspool ") != std::string::npos;
        CHECK((by_itself || by_command));
        CHECK(sentence.find("BATCH") == std::string::npos);
        CHECK(sentences.insert(sentence).second);
    }
    CHECK(remedy({Why::pause, std::nullopt, {}}, "spring", "fox") == "`motionspool resume` ends it");
}

TEST_CASE("a remedy names the batch and the job it is about, whatever they are called") {
    CHECK(remedy({Why::hold, std::nullopt, {}, "`motionspool release BATCH/JOB` lets it go"}, "BATCH-2", "JOB") ==
          "`motionspool release BATCH-2/JOB` lets it go");
    CHECK(remedy({Why::hold, std::nullopt, {}}, "spring", "fox") == "`motionspool release spring` lets its jobs go");
}

}  // namespace
}  // namespace motionspool::domain
