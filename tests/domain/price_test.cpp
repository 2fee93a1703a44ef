#include "domain/price.hpp"
#include <doctest/doctest.h>
#include <algorithm>

namespace motionspool::domain {
namespace {
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using namespace motionspool::literals;

constexpr Mode p720 = Mode::p720;

/// What is known after these charges, one after the other.
Learned after(const std::vector<Charge>& charges, Learned known = {}) {
    for (const auto& charge : charges) known = learn(known, charge);
    return known;
}
/// What clips of 3, 4, 10, 20 and 30 s are estimated at then.
std::vector<int> prices(const Learned& known, const Prices& configured = {}) {
    std::vector<int> all;
    for (const int seconds : {3, 4, 10, 20, 30}) all.push_back(static_cast<int>(price(seconds, p720, configured, known).milli() / 1000));
    return all;
}
std::vector<int> prices(const std::vector<Charge>& charges, const Prices& configured = {}) { return prices(after(charges), configured); }
using Ints = std::vector<int>;
const Ints plain{33, 44, 110, 220, 330};

}  // namespace

TEST_CASE("a begun second costs a whole one, and no video less than the minimum") {
    Prices prices;
    CHECK(estimate(6s, p720, prices) == 66_credits);
    CHECK(estimate(6'001ms, p720, prices) == 77_credits);
    CHECK(estimate(6'500ms, Mode::p1080, prices) == 126_credits);
    CHECK(estimate(0ms, p720, prices) == 0_credits);
    CHECK(estimate(-1ms, p720, prices) == 0_credits);
    prices.per_second.p720 = Credits::from_milli(5'500);
    CHECK(estimate(30s, p720, prices) == 165_credits);
    prices.minimum = {120_credits, 0_credits};
    CHECK(estimate(21s, p720, prices) == 120_credits);
    CHECK(estimate(22s, p720, prices) == 121_credits);
    CHECK(estimate(0ms, p720, prices) == 120_credits);
    CHECK(estimate(4s, Mode::p1080, prices) == 72_credits);
}

TEST_CASE("what costs as much as configured, or less, changes no estimate") {
    CHECK(prices(after({})) == plain);
    CHECK(prices({{4s, 44_credits}, {30s, 330_credits}}) == plain);
    CHECK(prices({{4s, 20_credits}, {30s, 0_credits}, {10s, 110_credits}}) == plain);
}

TEST_CASE("a dear charge of one length does not raise longer ones by its ratio: they cost no less than it") {
    CHECK(prices({{4s, 120_credits}}) == Ints{120, 120, 120, 220, 330});
    CHECK(prices({{4s, 88_credits}}) == Ints{88, 88, 110, 220, 330});
    CHECK(prices({{4s, 88_credits}, {4s, 88_credits}, {4s, 88_credits}}) == Ints{88, 88, 110, 220, 330});  // nor do many of that length
    CHECK(prices({{20s, 440_credits}}) == Ints{132, 176, 440, 440, 440});  // shorter ones may cost as much; up to four times the configured price
}

TEST_CASE("a second length tells which part of the price it was") {
    CHECK(prices({{4s, 120_credits}, {20s, 220_credits}}) == Ints{120, 120, 120, 220, 330});  // the minimum
    CHECK(prices({{4s, 120_credits}, {10s, 120_credits}}) == Ints{120, 120, 120, 220, 330});
    CHECK(prices({{4s, 88_credits}, {20s, 440_credits}}) == Ints{88, 88, 220, 440, 660});  // the rate
    CHECK(prices({{20s, 440_credits}, {4s, 88_credits}}) == Ints{88, 88, 220, 440, 660});
    CHECK(prices({{4s, 120_credits}, {20s, 440_credits}}) == Ints{120, 120, 220, 440, 660});  // both
    CHECK(prices({{4s, 48_credits}, {30s, 360_credits}}) == Ints{48, 48, 120, 240, 360});
    CHECK(prices({{4s, 40_credits}, {30s, 300_credits}}, {.per_second = {9_credits, 18_credits}}) == Ints{40, 40, 100, 200, 300});
    CHECK(prices({{4s, 44_credits}, {4s, 88_credits}}) == Ints{88, 88, 110, 220, 330});     // what it cost before tells nothing
    CHECK(prices({{4s, 44_credits}, {6s, 132_credits}}) == Ints{132, 132, 132, 220, 330});  // nor what cannot be true beside it
}

TEST_CASE("charges of many lengths that no one tariff explains: the dearest counts, and older ones it contradicts are forgotten") {
    CHECK(prices({{30s, 330_credits}, {4s, 88_credits}}) == Ints{88, 88, 110, 220, 330});
    CHECK(prices({{30s, 330_credits}, {4s, 88_credits}, {10s, 220_credits}}) == Ints{88, 88, 220, 440, 660});
    CHECK(prices({{4s, 44_credits}, {10s, 110_credits}, {30s, 330_credits}, {6s, 132_credits}, {10s, 220_credits}}) == Ints{132, 132, 220, 440, 660});
}

TEST_CASE("whole seconds or not: what either way of charging explains contradicts nothing") {
    CHECK(after({{3'100ms, Credits::from_milli(68'200)}, {6s, 132_credits}}).known.size() == 2);  // 22 a second, to the millisecond
    CHECK(after({{3'100ms, 88_credits}, {6s, 132_credits}}).known.size() == 2);                   // and for each second begun
    CHECK(after({{3'100ms, 60_credits}, {6s, 132_credits}}).known.size() == 1);                   // neither
    CHECK(prices({{3'100ms, Credits::from_milli(68'200)}, {6s, 132_credits}}) == Ints{68, 88, 220, 440, 660});
    CHECK(after({{3'100ms, 68_credits}, {3'900ms, 80_credits}}).known == std::vector{Charge{3'900ms, 80_credits}});  // one a second, the dearest
}

TEST_CASE("it became cheaper once three in a row have told so, and then only what they contradict is forgotten") {
    const auto dear = after({{4s, 88_credits}, {20s, 440_credits}});
    const auto twice = after({{4s, 44_credits}, {10s, 110_credits}}, dear);
    CHECK(prices(twice) == prices(dear));
    CHECK(twice.cheaper.size() == 2);
    CHECK(prices(after({{4s, 44_credits}}, twice)) == plain);
    CHECK(prices(after({{4s, 60_credits}}, twice)) == Ints{60, 60, 110, 220, 330});  // the dearest of three of one length
    CHECK(after({{20s, 440_credits}}, twice).cheaper.empty());                       // not in a row
    CHECK(after({{4s, 90_credits}}, twice).cheaper.empty());
    // the minimum fell, the rate did not
    const auto minimum = after({{4s, 120_credits}, {20s, 440_credits}, {30s, 660_credits}});
    CHECK(prices(after({{4s, 88_credits}, {4s, 88_credits}, {4s, 88_credits}}, minimum)) == Ints{88, 88, 220, 440, 660});
}

TEST_CASE("what was charged holds under other prices, too") {
    const auto seen = after({{4s, 88_credits}, {20s, 440_credits}});
    Prices corrected;
    corrected.per_second.p720 = 22_credits;
    CHECK(prices(seen, corrected) == Ints{66, 88, 220, 440, 660});  // it explains them: nothing is raised any more
    CHECK(raising({corrected, seen, {}}, p720).empty());
    CHECK(raising({Prices{}, seen, {}}, p720).size() == 2);
    corrected.per_second.p720 = 30_credits;
    CHECK(prices(seen, corrected) == Ints{90, 120, 300, 600, 900});
    corrected.per_second.p720 = 5_credits;
    CHECK(prices(seen, corrected) == Ints{66, 88, 220, 440, 660});
    corrected.minimum.p720 = 100_credits;
    CHECK(prices(seen, corrected) == Ints{100, 100, 220, 440, 660});
}

TEST_CASE("no estimate is ever lower than what that length was last charged, and none falls with the length, whatever was charged before") {
    std::uint64_t dice = 7;
    const auto next = [&dice](std::uint64_t most) {
        return static_cast<std::int64_t>((dice = dice * 6364136223846793005u + 1442695040888963407u) >> 33) % static_cast<std::int64_t>(most);
    };
    for (int world = 0; world < 300; world++) {
        Tariff tariff;
        for (int n = 0; n < 40; n++) {
            const Charge charge{milliseconds{next(28'000) + 2'001}, Credits::from_milli(next(2) == 0 ? next(900'000) : (next(30) + 1) * 11'000)};
            const auto before = tariff.price(charge.length, p720);
            tariff.p720 = learn(tariff.p720, charge);
            const auto now = tariff.price(charge.length, p720);
            if (charge.cost >= before) CHECK(now >= charge.cost);
            CHECK(tariff.p720.cheaper.size() < 3);
            CHECK(std::ranges::is_sorted(tariff.p720.known, {}, &Charge::length));
            for (std::int64_t seconds = 1; seconds <= 40; seconds++) {
                CHECK(tariff.price(seconds, p720) >= tariff.price(seconds - 1, p720));
                CHECK(tariff.price(seconds, p720) >= estimate(seconds, p720, tariff.configured));
            }
            for (const auto& known : tariff.p720.known) CHECK(tariff.price(known.length, p720) >= known.cost);
            const auto most = Credits::from_milli(next(900'000));
            const auto longest = tariff.longest(most, p720);
            if (longest >= 0) CHECK(tariff.price(longest, p720) <= most);
            CHECK(tariff.price(longest + 1, p720) > most);
        }
        // whatever it was, after three of one price for each length that is what they cost
        for (int round = 0; round < 4; round++)
            for (std::int64_t seconds = 3; seconds <= 30; seconds += 3)
                for (int n = 0; n < 3; n++) tariff.p720 = learn(tariff.p720, {std::chrono::seconds{seconds}, 13_credits * seconds});
        for (std::int64_t seconds = 3; seconds <= 30; seconds += 3) CHECK(tariff.price(seconds, p720) == 13_credits * seconds);
    }
}

TEST_CASE("prices of many, and the longest that fits") {
    Tariff tariff;
    tariff.configured.minimum.p720 = 50_credits;
    CHECK(tariff.price({{p720, 3, 2}, {p720, 10, 1}, {Mode::p1080, 1, 3}}) == 264_credits);
    CHECK(tariff.longest(49_credits, p720) == -1);
    CHECK(tariff.longest(50_credits, p720) == 4);
    CHECK(tariff.longest(55_credits, p720) == 5);
    CHECK(tariff.longest(Credits{} - 1_credits, Mode::p1080) == -1);
    CHECK(tariff.longest(0_credits, Mode::p1080) == 0);
    CHECK(tariff.longest(Credits::whole(9'000'000'000), p720) == 1'000'000);
}

TEST_CASE("beyond belief is more than four times the configured price and more than was reserved") {
    CHECK_FALSE(beyond_belief(176_credits, 44_credits, 44_credits));
    CHECK(beyond_belief(177_credits, 44_credits, 44_credits));
    CHECK_FALSE(beyond_belief(240_credits, 240_credits, 44_credits));  // reserved under a higher price
}

}  // namespace motionspool::domain
