#include "domain/ledger.hpp"
#include <doctest/doctest.h>
#include <random>
#include <stdexcept>
#include <vector>

namespace motionspool::domain {
namespace {
using namespace motionspool::literals;
using enum AttemptState;

const Account nothing, reserved{44_credits, 0_credits, false}, settled{0_credits, 44_credits, true};
std::optional<LedgerEntry> entry(const Account& account, std::optional<AttemptState> from, AttemptState to, std::optional<Credits> consumed = std::nullopt) {
    return entry_for(account, from, to, 44_credits, consumed);
}
LedgerEntry of(Entry kind, Credits amount, bool estimated = false) { return {kind, amount, estimated}; }

TEST_CASE("arming reserves the estimate") {
    CHECK(entry(nothing, std::nullopt, armed) == of(Entry::reserve, 44_credits));
    CHECK(apply(nothing, of(Entry::reserve, 44_credits)) == reserved);
}

TEST_CASE("what was not sent, or refused, gives the reservation back") {
    for (const auto to : {not_sent, refused}) {
        const auto release = entry(reserved, armed, to);
        CHECK(release == of(Entry::release, 44_credits));
        CHECK(apply(reserved, *release) == Account{0_credits, 0_credits, true});
    }
}

TEST_CASE("an answer that was lost, or names a task, leaves the reservation") {
    CHECK_FALSE(entry(reserved, armed, uncertain));
    CHECK_FALSE(entry(reserved, armed, submitted));
    CHECK_FALSE(entry(reserved, uncertain, submitted));
}

TEST_CASE("a success settles what was consumed, or the estimate, flagged") {
    CHECK(entry(reserved, submitted, succeeded, 40_credits) == of(Entry::settle, 40_credits));
    CHECK(entry(reserved, submitted, succeeded, 50_credits) == of(Entry::settle, 50_credits));
    CHECK(entry(reserved, submitted, succeeded, 0_credits) == of(Entry::settle, 0_credits));
    CHECK(entry(reserved, submitted, succeeded) == of(Entry::settle, 44_credits, true));
    CHECK(apply(reserved, of(Entry::settle, 50_credits)) == Account{0_credits, 50_credits, true});
}

TEST_CASE("a failure settles what it consumed, releases if that was nothing, and counts as spent, flagged, if that is not known") {
    CHECK(entry(reserved, submitted, failed) == of(Entry::settle, 44_credits, true));
    CHECK_FALSE(entry(settled, submitted, failed));
    CHECK(entry(reserved, submitted, failed, 0_credits) == of(Entry::release, 44_credits));
    CHECK(entry(reserved, submitted, failed, 12_credits) == of(Entry::settle, 12_credits));
}

TEST_CASE("what is given up is counted as spent, flagged, until the truth is known") {
    CHECK(entry(reserved, submitted, overdue) == of(Entry::settle, 44_credits, true));
    CHECK(entry(reserved, uncertain, written_off) == of(Entry::settle, 44_credits, true));
    CHECK_FALSE(entry(settled, overdue, submitted));
    CHECK_FALSE(entry(settled, written_off, submitted));
    CHECK_FALSE(entry(settled, submitted, overdue));
    CHECK_FALSE(entry(settled, submitted, succeeded));
    CHECK_FALSE(entry(settled, submitted, succeeded, 44_credits));
    CHECK(entry(settled, submitted, succeeded, 40_credits) == of(Entry::adjust, Credits::whole(-4)));
    CHECK(entry(settled, submitted, succeeded, 50_credits) == of(Entry::adjust, 6_credits));
    CHECK(entry(settled, submitted, failed, 12_credits) == of(Entry::adjust, Credits::whole(-32)));
    CHECK(entry(settled, submitted, failed, 0_credits) == of(Entry::adjust, Credits::whole(-44)));
    CHECK(apply(settled, of(Entry::adjust, Credits::whole(-44))) == Account{0_credits, 0_credits, true});
}

TEST_CASE("a transition that the table does not have is a programming error, and named") {
    CHECK_THROWS_WITH_AS((void)entry(reserved, uncertain, refused), "an attempt cannot become refused from uncertain", std::logic_error);
    CHECK_THROWS_AS((void)entry(nothing, std::nullopt, submitted), std::logic_error);
    CHECK_THROWS_AS((void)entry(reserved, armed, succeeded), std::logic_error);
    CHECK_THROWS_AS((void)entry(reserved, failed, submitted), std::logic_error);
}

TEST_CASE("an account is reserved once, closed once, and adjusted only then") {
    CHECK_THROWS_AS((void)apply(reserved, of(Entry::reserve, 44_credits)), std::logic_error);
    CHECK_THROWS_AS((void)apply(settled, of(Entry::reserve, 44_credits)), std::logic_error);
    CHECK_THROWS_AS((void)apply(settled, of(Entry::settle, 1_credits)), std::logic_error);
    CHECK_THROWS_AS((void)apply(settled, of(Entry::release, 44_credits)), std::logic_error);
    CHECK_THROWS_AS((void)apply(reserved, of(Entry::adjust, 1_credits)), std::logic_error);
    CHECK(apply(reserved, of(Entry::none, 0_credits)) == reserved);
}

/// What an attempt should cost and hold, told without a ledger: from its state and the last truth heard.
struct Reference {
    Credits estimate, truth;
    bool given_up = false, known = false;

    void heard(AttemptState to, std::optional<Credits> consumed) {
        if (to == overdue || to == written_off) given_up = true;
        if (to == succeeded || to == failed || to == refused || to == not_sent) known = true;
        if (to == succeeded) truth = consumed.value_or(estimate);
        if (to == failed) truth = consumed.value_or(estimate);
    }
    [[nodiscard]] Credits spent() const { return known ? truth : given_up ? estimate : Credits{}; }
    [[nodiscard]] Credits held() const { return known || given_up ? Credits{} : estimate; }
};

TEST_CASE("after any sequence of transitions the ledger says what an independent reckoning says") {
    std::mt19937_64 random{20261124};
    const auto pick = [&](std::int64_t most) { return std::uniform_int_distribution<std::int64_t>{0, most}(random); };
    Credits all_spent, all_held, ledger_spent, ledger_held;
    std::size_t transitions = 0, adjusted = 0;
    for (int sequence = 0; sequence < 1'000'000; sequence++) {
        const auto estimate = Credits::from_milli(pick(600'000) + 1);
        Reference reference{.estimate = estimate, .truth = {}};
        Account account;
        std::optional<AttemptState> state;
        Credits sum, open;
        for (int step = 0; step < 9; step++) {
            std::vector<AttemptState> ways;
            for (const auto& t : attempt_transitions()) {
                if (t.from == state) ways.push_back(t.to);
            }
            if (ways.empty() || pick(19) == 0) break;
            const auto to = ways[static_cast<std::size_t>(pick(static_cast<std::int64_t>(ways.size()) - 1))];
            std::optional<Credits> consumed;
            if ((to == succeeded || to == failed) && pick(3) != 0) consumed = Credits::from_milli(pick(2) == 0 ? 0 : pick(700'000));
            if (const auto made = entry_for(account, state, to, estimate, consumed)) {
                account = apply(account, *made);
                if (made->entry == Entry::reserve) open += made->amount;
                if (made->entry == Entry::release || made->entry == Entry::settle) open = Credits{};
                if (made->entry == Entry::settle || made->entry == Entry::adjust) sum += made->amount;
                adjusted += made->entry == Entry::adjust;
            }
            reference.heard(to, consumed);
            state = to;
            transitions++;
            if (account.spent != reference.spent() || account.reserved != reference.held())
                FAIL("sequence " << sequence << " at " << to_string(to) << ": " << to_string(account.spent) << " spent, " << to_string(account.reserved)
                                 << " held; expected " << to_string(reference.spent()) << ", " << to_string(reference.held()));
        }
        if (!state) continue;
        all_spent += reference.spent();
        all_held += reference.held();
        ledger_spent += sum;
        ledger_held += open;
    }
    CHECK(ledger_spent == all_spent);
    CHECK(ledger_held == all_held);
    CHECK(transitions > 2'500'000);
    CHECK(adjusted > 10'000);
}

}  // namespace
}  // namespace motionspool::domain
