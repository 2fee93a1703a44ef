#include "domain/schedule.hpp"
#include <algorithm>
#include <array>

namespace motionspool::domain {
namespace {

Why reason_of(LanePause::Why why) {
    switch (why) {
        case LanePause::Why::provider: return Why::provider;
        case LanePause::Why::credits: return Why::credits;
        case LanePause::Why::rate: return Why::rate;
    }
    return Why::provider;
}

std::string in_gigabytes(std::uint64_t bytes) {
    const auto tenths = bytes / 100'000'000;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GB";
}

std::optional<Blocked> by_rate(const World& world, BootTime now) {
    if (world.rate == nullptr) return std::nullopt;
    const auto next = world.rate->next(now, world.entering, world.lane.width);
    if (next && *next <= now) return std::nullopt;
    const auto used = world.rate->occupied(now) + world.entering;
    return Blocked{Why::rate, next, std::to_string(used) + " of " + std::to_string(world.lane.width) + " places of the rate window are taken"};
}

std::optional<Blocked> by_narrowing(const World& world) {
    if (!world.lane.one_at_a_time || world.entering + world.unanswered == 0) return std::nullopt;
    return Blocked{Why::provider, std::nullopt, "one submission at a time until one is answered cleanly"};
}

std::optional<Blocked> by_answers(const World& world) {
    if (world.rate == nullptr) return std::nullopt;
    const auto under_way = world.entering + world.unanswered;
    if (under_way < abreast(world.lane, world.rate->rate())) return std::nullopt;
    return Blocked{Why::rate, std::nullopt, std::to_string(under_way) + " submissions are under way; the next one follows their answers"};
}

std::optional<Blocked> by_disk(const World& world) {
    const auto& low = world.low_disk;
    if (!low) return std::nullopt;
    return Blocked{Why::disk, std::nullopt,
                   low->where + " has " + in_gigabytes(low->free) + " free, less than the " + in_gigabytes(low->keep) + " of output.keep_free"};
}

std::optional<Blocked> by_running(const World& world) {
    const auto busy = world.running + world.entering;
    if (!world.limit || busy < *world.limit) return std::nullopt;
    return Blocked{Why::running, std::nullopt, std::to_string(busy) + " of " + std::to_string(*world.limit) + " tasks are running"};
}

}  // namespace

std::string_view to_string(Why why) {
    static constexpr std::array names{"review", "hold",    "approval", "quarantine", "pause",   "provider", "disk",
                                      "window", "breaker", "backoff",  "budget",     "credits", "running",  "rate"};
    return names[static_cast<std::size_t>(why)];
}

std::optional<Blocked> lane_blocked(const World& world, BootTime now) {
    const auto paused = [&](LanePause::Why why) -> std::optional<Blocked> {
        const auto& pause = world.lane.pause;
        const bool holds = pause && pause->why == why && (pause->probe || pause->until > now);  // with a probe, only its answer reopens
        if (!holds) return std::nullopt;
        return Blocked{reason_of(why), pause->until, pause->text};
    };
    if (world.quarantine) return Blocked{Why::quarantine, std::nullopt, *world.quarantine};
    if (auto provider = paused(LanePause::Why::provider)) return provider;
    if (auto narrowed = by_narrowing(world)) return narrowed;
    if (auto disk = by_disk(world)) return disk;
    if (auto credits = paused(LanePause::Why::credits)) return credits;
    if (auto running = by_running(world)) return running;
    if (auto throttled = paused(LanePause::Why::rate)) return throttled;
    if (auto busy = by_answers(world)) return busy;
    return by_rate(world, now);
}

std::optional<Blocked> blocked(const Candidate& job, const World& world, BootTime now) {
    const auto by_lane = lane_blocked(world, now);
    const bool backing_off = job.not_before && *job.not_before > now;
    if (!backing_off) return by_lane;
    Blocked own{Why::backoff, job.not_before, "tries again after a failure that cost nothing"};
    if (by_lane && by_lane->why < own.why) return by_lane;
    return own;
}

std::variant<JobId, LookAgain> decide(const World& world, std::span<const Candidate> in_order, BootTime now) {
    if (in_order.empty()) return LookAgain{};
    if (const auto lane = lane_blocked(world, now)) return LookAgain{lane->until};
    LookAgain again;
    for (const auto& job : in_order) {
        const auto wait = blocked(job, world, now);
        if (!wait) return job.id;
        if (wait->until) again.at = again.at ? std::min(*again.at, *wait->until) : *wait->until;
    }
    return again;
}

}  // namespace motionspool::domain
