#include "domain/surcharge.hpp"
#include <algorithm>

namespace motionspool::domain {
namespace {
std::int64_t divided_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }
constexpr std::int64_t most = 1'000'000;  ///< a thousand times the estimate: beyond it the answer is no price
}  // namespace

std::optional<int> surcharge(Credits estimate, Credits cost) {
    if (cost <= estimate || estimate <= Credits{}) return std::nullopt;
    if (cost.milli() / estimate.milli() >= most / 1000) return static_cast<int>(most);
    return static_cast<int>(divided_up(cost.milli() * 1000, estimate.milli()));
}

bool beyond_belief(int permille) { return permille > 4000; }

Learned learn(Learned known, int permille) {
    constexpr int enough = 3;
    if (permille >= known.permille) return {permille, 0, 1000};
    known.below++;
    known.dearest = std::max(known.dearest, permille);
    return known.below < enough ? known : Learned{known.dearest, 0, 1000};
}

Credits priced(Credits estimate, int permille) { return Credits::from_milli(divided_up(estimate.milli() * permille, 1000)); }

}  // namespace motionspool::domain
