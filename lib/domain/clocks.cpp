#include "domain/clocks.hpp"
#include <algorithm>

namespace motionspool::domain {

AccountingTime accounting_time(Instant wall, std::optional<Instant> provider) {
    if (!provider) return {wall, std::nullopt};
    const auto apart = std::max(wall, *provider) - std::min(wall, *provider);
    if (apart <= clocks_may_differ) return {*provider, std::nullopt};
    return {std::max(wall, *provider), Dispute{wall, *provider}};
}

}  // namespace motionspool::domain
