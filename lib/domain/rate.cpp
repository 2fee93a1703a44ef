#include "domain/rate.hpp"
#include <algorithm>
#include "base/seeded.hpp"

namespace motionspool::domain {

namespace {
constexpr std::chrono::milliseconds longest_way{15'000};
std::chrono::milliseconds with_margin(std::chrono::milliseconds window) { return window + window / 100 + std::chrono::milliseconds{window.count() % 100 != 0}; }
}  // namespace

BootTime held_until(const Rate& rate, BootTime armed, std::optional<BootTime> answered) {
    if (seeded("rate-from-send")) return armed + with_margin(rate.window);
    return std::min(answered.value_or(armed + longest_way), armed + longest_way) + with_margin(rate.window);
}

int to_remember(const Rate& rate) {
    const auto shortest = std::max(with_margin(rate.window), std::chrono::milliseconds{1});  // at most `count` are armed within it
    const auto windows = (longest_way + shortest + shortest - std::chrono::milliseconds{1}) / shortest;
    return static_cast<int>(std::min<std::int64_t>(rate.count * windows, 100'000));
}

RateLog take_up(const Rate& rate, std::span<const PastSubmission> past) {
    RateLog log{rate};
    if (seeded("rate-forgotten")) return log;
    for (const auto& submission : past) {
        if (submission.of_this_boot)
            log.armed(submission.id, submission.armed, submission.answered);
        else
            log.armed(submission.id, BootTime{}, submission.answered ? std::optional{BootTime{}} : std::nullopt);
    }
    return log;
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

std::size_t RateLog::occupied(BootTime now) const { return static_cast<std::size_t>(std::distance(until_.upper_bound(now), until_.end())); }

std::optional<BootTime> RateLog::next(BootTime now, std::size_t entering, int count) const {
    const auto places = static_cast<std::size_t>(std::max(count, 1));
    if (entering >= places) return std::nullopt;
    const auto may_hold = places - entering - 1;  // so many may still be held when the next one is armed
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
