#include "domain/clocks.hpp"
#include <doctest/doctest.h>
#include <vector>
#include "domain/schedule.hpp"

namespace motionspool::domain {
namespace {
using namespace std::chrono_literals;
using namespace motionspool::literals;

const Instant noon = parse_rfc3339("2026-11-24T12:00:00Z").value();
constexpr BootTime t0{1h};

TEST_CASE("the provider's clock counts while both are no more than 26 hours apart, the machine's while the provider was never heard") {
    CHECK(accounting_time(noon, std::nullopt) == AccountingTime{noon, std::nullopt});
    for (const auto apart : std::vector<std::chrono::milliseconds>{0ms, 1s, 14h, 25h, 26h}) {
        CHECK(accounting_time(noon, noon + apart) == AccountingTime{noon + apart, std::nullopt});
        CHECK(accounting_time(noon, noon - apart) == AccountingTime{noon - apart, std::nullopt});
    }
}

TEST_CASE("clocks that are further apart leave the date open, and what is booked all the same is booked to the later one") {
    for (const auto apart : std::vector<std::chrono::milliseconds>{26h + 1ms, 27h, 24h * 365, 24h * 3652}) {
        CHECK(accounting_time(noon, noon + apart) == AccountingTime{noon + apart, Dispute{noon, noon + apart}});
        CHECK(accounting_time(noon, noon - apart) == AccountingTime{noon, Dispute{noon, noon - apart}});
    }
}

TEST_CASE("while nobody knows the date, only what a dated budget counts waits; both clocks and the remedy are named") {
    const World world{.lane = open_lane(Rate{20, 10s})};
    const auto wait = [&](std::vector<Purse> purses) {
        const Terms terms{.window = {}, .purses = std::move(purses), .dispute = Dispute{noon + 24h * 3652, noon}};
        return blocked(Candidate{.id = JobId{1}, .not_before = {}, .price = 44_credits, .breaker = {}, .terms = &terms}, world, t0);
    };
    const Purse batch{"the batch's budget", 200_credits, {}, {}, {}, std::nullopt}, day{"the day", 200_credits, {}, {}, {}, t0 + 3h, "credits.per_day", true};
    CHECK_FALSE(wait({}));
    CHECK_FALSE(wait({batch}));
    const auto told = wait({batch, day});
    REQUIRE(told);
    CHECK(told->why == Why::budget);
    CHECK_FALSE(told->until);  // nobody knows: no false end
    CHECK(
        told->numbers ==
        "this machine's clock says 2036-11-23T12:00:00Z and the provider's says 2026-11-24T12:00:00Z; they are more than 26 hours apart, so nobody knows which "
        "day's budget counts");
    CHECK(told->remedy.starts_with("it goes on by itself as soon as both agree; if this machine's clock is wrong, set it right"));
    CHECK_FALSE(needs_a_person(*told));  // one wrong answer passes
}

}  // namespace
}  // namespace motionspool::domain
