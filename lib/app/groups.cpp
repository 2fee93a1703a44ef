#include "app/groups.hpp"
#include <algorithm>
#include <utility>

namespace motionspool::app {

Groups::Groups(const config::Config& config, store::Store& store) : rule_{config.limits.breaker.failures, config.limits.breaker.probe_after}, store_{store} {}

void Groups::forget() {
    images_.clear();
    motions_.clear();
    held_.clear();
}

std::vector<Groups::Trip> Groups::take_trips() { return std::exchange(trips_, {}); }

std::vector<std::string> Groups::all_held(BootTime now) const {
    std::vector<std::string> contents;
    for (const auto& [content, held] : held_) {
        if (held.trial_runs || held.until > now) contents.push_back(content);
    }
    return contents;
}

std::optional<BootTime> Groups::next_trial(BootTime now) const {
    std::optional<BootTime> first;
    for (const auto& [content, held] : held_) {
        if (!held.trial_runs && held.until > now) first = first ? std::min(*first, held.until) : held.until;
    }
    return first;
}

const Groups::Group& Groups::group(const std::string& content, bool image) {
    auto& known = image ? images_ : motions_;
    if (const auto there = known.find(content); there != known.end()) return there->second;
    Group group;
    group.ended = image ? store_.queue.ended_with_image(content, rule_.failures) : store_.queue.ended_with_motion(content, rule_.failures);
    const bool may_trip = static_cast<int>(group.ended.size()) >= rule_.failures && !group.ended.front().cause.empty();
    group.under_way = may_trip && store_.queue.under_way(content);
    return known.emplace(content, std::move(group)).first->second;
}

std::optional<domain::Held> Groups::held_by(const std::string& content, bool image, const store::NextJob& job, Instant now, BootTime boot,
                                            const Entering& entering) {
    const auto& state = group(content, image);
    const auto tripped = domain::tripped(state.ended, rule_, job.released, now);
    if (!tripped) {
        if (!known_.empty() && !domain::tripped(state.ended, rule_, {}, now)) known_.erase(content);
        return std::nullopt;
    }
    const bool on_its_way =
        std::ranges::any_of(entering, [&](const auto& one) { return one.first != job.id && (one.second.image == content || one.second.motion == content); });
    domain::Held held{image ? "image" : "motion", *tripped, boot + tripped->left, state.under_way || on_its_way, {}, rule_.probe_after};
    if (!held.trial_runs && held.until <= boot) return std::nullopt;
    if (known_.insert(content).second) trips_.push_back({job.id, held});
    held_.insert_or_assign(content, held);
    return held;
}

std::optional<domain::Held> Groups::held(const store::NextJob& job, Instant now, BootTime boot, const Entering& entering) {
    if (auto by_image = held_by(job.image, true, job, now, boot, entering)) return by_image;
    return held_by(job.motion, false, job, now, boot, entering);
}

}  // namespace motionspool::app
