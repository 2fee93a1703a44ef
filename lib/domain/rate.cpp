#include "domain/rate.hpp"
#include <algorithm>

namespace motionspool::domain {

BootTime held_until(const Rate& rate, BootTime armed, std::optional<BootTime> answered) {
    constexpr std::chrono::seconds longest{15};
    const auto margin = rate.window / 100 + std::chrono::milliseconds{rate.window.count() % 100 != 0};
    return std::min(answered.value_or(armed + longest), armed + longest) + rate.window + margin;
}

void RateLog::armed(AttemptId id, BootTime at, std::optional<BootTime> answered) { put(id, at, held_until(rate_, at, answered)); }

void RateLog::answered(AttemptId id, BootTime at) {
    const auto it = held_.find(id);
    if (it == held_.end()) return;
    const auto armed = it->second.armed;
    withdrawn(id);
    put(id, armed, held_until(rate_, armed, at));
}

void RateLog::withdrawn(AttemptId id) {
    const auto it = held_.find(id);
    if (it == held_.end()) return;
    until_.erase(until_.find(it->second.until));
    held_.erase(it);
}

std::size_t RateLog::occupied(BootTime now) const {
    return static_cast<std::size_t>(std::distance(until_.upper_bound(now), until_.end()));
}

std::optional<BootTime> RateLog::next(BootTime now, std::size_t entering, int count) const {
    const auto places = static_cast<std::size_t>(std::max(count, 1));
    if (entering >= places) return std::nullopt;
    const auto may_hold = places - entering - 1;   // so many may still be held when the next one is armed
    if (until_.size() <= may_hold) return now;
    const auto release = *std::prev(until_.end(), static_cast<std::ptrdiff_t>(may_hold) + 1);
    return std::max(now, release);
}

void RateLog::forget_before(BootTime now) {
    if (until_.empty() || *until_.begin() > now) return;
    until_.erase(until_.begin(), until_.upper_bound(now));
    std::erase_if(held_, [&](const auto& held) { return held.second.until <= now; });
}

void RateLog::put(AttemptId id, BootTime armed, BootTime until) {
    held_.insert_or_assign(id, Held{armed, until});
    until_.insert(until);
}

}  // namespace motionspool::domain
