#include "domain/attempt.hpp"
#include <doctest/doctest.h>
#include <map>
#include <utility>
#include <vector>

namespace motionspool::domain {
namespace {
using enum AttemptState;

const std::vector<AttemptState> all{armed, not_sent, refused, uncertain, submitted, succeeded, failed, overdue, written_off};

TEST_CASE("an attempt changes its state in these ways and in no other, each with its entry in the ledger") {
    const std::map<std::pair<std::optional<AttemptState>, AttemptState>, Entry> expected{
        {{std::nullopt, armed}, Entry::reserve},   {{armed, submitted}, Entry::none},       {{armed, refused}, Entry::release},
        {{armed, uncertain}, Entry::none},         {{armed, not_sent}, Entry::release},     {{submitted, succeeded}, Entry::settle},
        {{submitted, failed}, Entry::release},     {{submitted, overdue}, Entry::settle},   {{uncertain, submitted}, Entry::none},
        {{uncertain, written_off}, Entry::settle}, {{overdue, submitted}, Entry::none},     {{written_off, submitted}, Entry::none},
        {{written_off, succeeded}, Entry::settle}, {{written_off, failed}, Entry::release},
    };
    CHECK(attempt_transitions().size() == expected.size());
    std::vector<std::optional<AttemptState>> froms{all.begin(), all.end()};
    froms.emplace_back(std::nullopt);
    for (const auto& from : froms) {
        for (const auto to : all) {
            INFO((from ? to_string(*from) : "-") << " -> " << to_string(to));
            const auto it = expected.find({from, to});
            CHECK(entry_of(from, to) == (it == expected.end() ? std::nullopt : std::optional{it->second}));
        }
    }
}

TEST_CASE("an attempt is open while it may still cost or bring something") {
    for (const auto state : all) CHECK(is_open(state) == (state == armed || state == submitted || state == uncertain));
}

TEST_CASE("an attempt whose answer was lost is closed by nobody but the operator") {
    for (const auto& t : attempt_transitions()) {
        if (t.from == uncertain) CHECK((t.to == submitted || t.to == written_off));
    }
}

TEST_CASE("what was proven to cost nothing, or has brought its result, never changes again") {
    for (const auto& t : attempt_transitions()) {
        for (const auto end : {not_sent, refused, succeeded, failed}) CHECK(t.from != end);
    }
}

TEST_CASE("only what is armed can turn out not to have been sent or to be refused") {
    for (const auto& t : attempt_transitions()) {
        if (t.to == not_sent || t.to == refused || t.to == uncertain) CHECK(t.from == armed);
    }
}

TEST_CASE("the names of states and entries are those of the database") {
    for (const auto state : all) CHECK(attempt_state(to_string(state)) == state);
    CHECK(to_string(written_off) == "written_off");
    CHECK(to_string(armed) == "armed");
    for (const auto* wrong : {"", "Armed", "written-off", "queued"}) CHECK_FALSE(attempt_state(wrong));
    CHECK(to_string(Entry::reserve) == "reserve");
    CHECK(to_string(Entry::release) == "release");
    CHECK(to_string(Entry::settle) == "settle");
    CHECK(to_string(Entry::adjust) == "adjust");
}

}  // namespace
}  // namespace motionspool::domain
