#include "domain/breaker.hpp"
#include <algorithm>

namespace motionspool::domain {

std::optional<Tripped> tripped(std::span<const GroupAttempt> newest_first, const BreakerRule& rule, Instant released, Instant now) {
    const auto enough = static_cast<std::size_t>(std::max(rule.failures, 1));
    if (newest_first.size() < enough) return std::nullopt;
    const auto& last = newest_first.front();
    const bool in_a_row = std::ranges::all_of(newest_first.first(enough),
                                              [&](const GroupAttempt& one) { return !one.cause.empty() && one.cause == last.cause && one.ended > released; });
    if (!in_a_row) return std::nullopt;
    const auto since = now - last.ended;  // negative: the wall clock was set back, and the wait counts as over
    const bool over = since < since.zero() || since >= rule.probe_after;
    return Tripped{last.cause, static_cast<int>(enough), over ? since.zero() : rule.probe_after - since};
}

}  // namespace motionspool::domain
