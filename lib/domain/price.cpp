#include "domain/price.hpp"
#include <algorithm>
#include <functional>

namespace motionspool::domain {
namespace {

constexpr std::int64_t belief = 4;
constexpr std::size_t enough = 3;  ///< cheaper ones in a row

std::int64_t divided_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }
std::int64_t charged_ms(std::chrono::milliseconds length) { return whole_seconds(length) * 1000; }
/// What so many seconds cost at the rate of this charge.
Credits at_rate_of(const Charge& charge, std::int64_t seconds) {
    return Credits::from_milli(divided_up(charge.cost.milli() * seconds, std::max<std::int64_t>(whole_seconds(charge.length), 1)));
}

/// Compares a's rate with b's: negative, it is lower.
std::int64_t rates(Credits a, std::int64_t of_a, Credits b, std::int64_t of_b) { return a.milli() * of_b - b.milli() * of_a; }

/// Can one minimum and one rate explain both? The longer is charged no less, and at no higher rate; at the same rate if the shorter cost more than the least
/// there is, and so no minimum. Whether whole seconds are charged is not documented: either may be so.
enum class Agree { yes, longer_is_dear, longer_is_cheap };
Agree explain(const Charge& shorter, const Charge& longer, Credits least) {
    if (longer.cost < shorter.cost) return Agree::longer_is_cheap;
    const auto exactly = rates(longer.cost, longer.length.count(), shorter.cost, shorter.length.count());
    const auto rounded = rates(longer.cost, charged_ms(longer.length), shorter.cost, charged_ms(shorter.length));
    if (exactly > 0 && rounded > 0) return Agree::longer_is_dear;
    if (shorter.cost > least && exactly < 0 && rounded < 0) return Agree::longer_is_cheap;
    return Agree::yes;
}

enum class Against { nothing, as_too_cheap, as_too_dear };
/// What does the new charge say against one that is known?
Against compare(const Charge& fresh, const Charge& known, Credits least) {
    if (fresh.length == known.length && fresh.cost != known.cost) return fresh.cost > known.cost ? Against::as_too_cheap : Against::as_too_dear;
    const bool longer = fresh.length > known.length;
    switch (longer ? explain(known, fresh, least) : explain(fresh, known, least)) {
        case Agree::yes: return Against::nothing;
        case Agree::longer_is_dear: return longer ? Against::as_too_cheap : Against::as_too_dear;
        case Agree::longer_is_cheap: return longer ? Against::as_too_dear : Against::as_too_cheap;
    }
    return Against::nothing;
}

class Known {
public:
    Known(std::vector<Charge>& all, const Charge& fresh) : all_{all}, fresh_{fresh}, least_{fresh.cost} {
        for (const auto& one : all) least_ = std::min(least_, one.cost);
    }
    [[nodiscard]] bool any(Against what) const {
        return std::ranges::any_of(all_, [&](const Charge& one) { return compare(fresh_, one, least_) == what; });
    }
    /// Those of which that is said are no longer true.
    void forget(Against what) {
        std::erase_if(all_, [&](const Charge& one) { return compare(fresh_, one, least_) == what; });
    }
    void add() {
        const auto at = std::ranges::lower_bound(all_, whole_seconds(fresh_.length), {}, [](const Charge& one) { return whole_seconds(one.length); });
        if (at == all_.end() || whole_seconds(at->length) != whole_seconds(fresh_.length))
            all_.insert(at, fresh_);
        else if (fresh_.cost > at->cost || (fresh_.cost == at->cost && fresh_.length > at->length))
            *at = fresh_;
    }

private:
    std::vector<Charge>& all_;
    const Charge& fresh_;
    Credits least_;
};

void know(std::vector<Charge>& known, const Charge& fresh) {
    Known of{known, fresh};
    of.forget(Against::as_too_cheap);
    of.add();
}

}  // namespace

std::int64_t whole_seconds(std::chrono::milliseconds length) {
    return std::max(std::chrono::ceil<std::chrono::seconds>(length), std::chrono::seconds{0}).count();
}

Credits estimate(std::int64_t seconds, Mode mode, const Prices& prices) { return std::max(prices.per_second.of(mode) * seconds, prices.minimum.of(mode)); }

Credits estimate(std::chrono::milliseconds length, Mode mode, const Prices& prices) { return estimate(whole_seconds(length), mode, prices); }

Learned learn(Learned before, Charge fresh) {
    const bool cheaper = Known{before.known, fresh}.any(Against::as_too_dear) && !Known{before.known, fresh}.any(Against::as_too_cheap);
    if (!cheaper) {
        if (Known{before.cheaper, fresh}.any(Against::as_too_cheap)) before.cheaper.clear();
        know(before.known, fresh);
        return before;
    }
    before.cheaper.push_back(fresh);
    if (before.cheaper.size() < enough) return before;
    for (const auto& one : before.cheaper) Known{before.known, one}.forget(Against::as_too_dear);
    std::ranges::sort(before.cheaper, std::greater{}, &Charge::cost);
    for (const auto& one : before.cheaper) {  // the dearest count where they contradict each other
        if (!Known{before.known, one}.any(Against::as_too_dear)) know(before.known, one);
    }
    before.cheaper.clear();
    return before;
}

Credits price(std::int64_t seconds, Mode mode, const Prices& prices, const Learned& learned) {
    const auto configured = estimate(seconds, mode, prices);
    auto most = configured;
    for (const auto& charge : learned.known) {
        const auto its = whole_seconds(charge.length);
        if (charge.cost <= estimate(its, mode, prices)) continue;
        if (its <= seconds) most = std::max(most, charge.cost);
        const auto at_its_rate = at_rate_of(charge, seconds);
        if (charge.cost > learned.known.front().cost)
            most = std::max(most, at_its_rate);
        else if (seconds < its)
            most = std::max(most, std::min(charge.cost, std::max(configured * belief, at_its_rate)));
    }
    return most;
}

bool beyond_belief(Credits cost, Credits reserved, Credits configured) { return cost > reserved && cost > configured * belief; }

Credits Tariff::price(std::int64_t seconds, Mode mode) const { return domain::price(seconds, mode, configured, learned(mode)); }

Credits Tariff::price(std::chrono::milliseconds length, Mode mode) const { return price(whole_seconds(length), mode); }

Credits Tariff::price(const std::vector<Lengths>& all) const {
    Credits sum;
    for (const auto& one : all) sum += price(one.seconds, one.mode) * one.count;
    return sum;
}

std::int64_t Tariff::longest(Credits most, Mode mode) const {
    if (price(std::int64_t{0}, mode) > most) return -1;
    std::int64_t good = 0, bad = longest_of_all;
    if (price(bad, mode) <= most) return bad;
    while (bad - good > 1) {
        const auto middle = good + (bad - good) / 2;
        (price(middle, mode) <= most ? good : bad) = middle;
    }
    return good;
}

std::vector<Charge> raising(const Tariff& tariff, Mode mode) {
    auto charges = tariff.learned(mode).known;
    std::erase_if(charges, [&](const Charge& one) { return one.cost <= estimate(one.length, mode, tariff.configured); });
    return charges;
}

}  // namespace motionspool::domain
