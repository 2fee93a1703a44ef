#include "domain/schedule.hpp"
#include <algorithm>
#include <array>
#include "domain/waiting.hpp"

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
    const auto under_way = world.entering + world.unanswered;
    if (world.places && under_way >= *world.places) return Blocked{Why::rate, std::nullopt, words_for_places(under_way)};
    if (world.let_in || under_way < abreast(world.lane, world.rate == nullptr ? std::nullopt : std::optional{world.rate->rate()})) return std::nullopt;
    return Blocked{Why::rate, std::nullopt, std::to_string(under_way) + " submissions are under way; the next one follows their answers"};
}

std::optional<Blocked> by_pause(const std::optional<Stopped>& stopped, BootTime now) {
    if (!stopped || (stopped->until && *stopped->until <= now)) return std::nullopt;
    return Blocked{Why::pause, stopped->until, stopped->text};
}

std::optional<Blocked> by_funds(const Funds& funds, Credits price) {
    const bool enough = funds.available ? *funds.available - funds.entering - price >= funds.keep : funds.keep <= Credits{};
    if (enough) return std::nullopt;
    return Blocked{Why::credits, std::nullopt, words_for(funds, price)};
}

std::optional<Blocked> by_running(const World& world, BootTime now) {
    const auto tasks = world.running + world.entering;
    if (!world.limit || tasks + world.lost < *world.limit) return std::nullopt;
    if (world.lost == 0) return Blocked{Why::running, std::nullopt, words_for_running(tasks, *world.limit)};
    return Blocked{Why::running, world.lost_until, words_for_lost(world, now), std::string{remedy_for_lost}};
}

/// The lane's reason that a job of this price may not be submitted.
std::optional<Blocked> by_lane(const World& world, Credits price, BootTime now) {
    const auto paused = [&](LanePause::Why why) -> std::optional<Blocked> {
        const auto& pause = world.lane.pause;
        const bool holds = pause && pause->why == why && (pause->probe || pause->until > now);  // with a probe, only its answer reopens
        if (!holds) return std::nullopt;
        return Blocked{reason_of(why), pause->until, pause->text};
    };
    if (world.quarantine) return Blocked{Why::quarantine, std::nullopt, *world.quarantine};
    if (auto pause = by_pause(world.pause, now)) return pause;
    if (world.away) return Blocked{Why::output, std::nullopt, words_for(*world.away)};
    if (world.key_doubt) return Blocked{Why::provider, std::nullopt, *world.key_doubt, std::string{remedy_for_key_doubt}};
    if (auto provider = paused(LanePause::Why::provider)) return provider;
    if (auto narrowed = by_narrowing(world)) return narrowed;
    if (world.low_disk) return Blocked{Why::disk, std::nullopt, words_for(*world.low_disk)};
    if (auto credits = paused(LanePause::Why::credits)) return credits;
    if (auto poor = by_funds(world.funds, price)) return poor;
    if (auto running = by_running(world, now)) return running;
    if (auto throttled = paused(LanePause::Why::rate)) return throttled;
    if (auto busy = by_answers(world)) return busy;
    return by_rate(world, now);
}

/// A job's own reason, without its words: the search skips over thousands.
struct Own {
    Why why;
    std::optional<BootTime> until;
    const Purse* purse = nullptr;  ///< budget: which; nothing: nobody knows the date
};

std::optional<Own> by_breaker(const Candidate& job, BootTime now) {
    if (!job.breaker) return std::nullopt;
    if (job.breaker->trial_runs) return Own{Why::breaker, std::nullopt};
    if (job.breaker->until > now) return Own{Why::breaker, job.breaker->until};
    return std::nullopt;
}

/// Of several purses that are short, the one that stays so longest decides.
std::optional<Own> by_budget(const Candidate& job) {
    if (job.terms->dispute && std::ranges::any_of(job.terms->purses, &Purse::dated)) return Own{Why::budget, std::nullopt};
    std::optional<Own> short_of;
    for (const auto& purse : job.terms->purses) {
        if (purse.left() >= job.price) continue;
        const auto renews = job.price > purse.limit ? std::nullopt : purse.renews;  // one that is too small for it stays so
        const bool longer = !short_of || !renews || (short_of->until && *short_of->until < *renews);
        if (longer) short_of = Own{Why::budget, renews, &purse};
    }
    return short_of;
}

std::optional<Own> own_reason(const Candidate& job, BootTime now) {
    const auto* terms = job.terms;
    if (terms != nullptr && terms->review) return Own{Why::review, std::nullopt};
    if (job.held || (terms != nullptr && terms->held)) return Own{Why::hold, std::nullopt};
    const bool shut = terms != nullptr && terms->window && (!terms->window->opens || *terms->window->opens > now);
    if (shut) return Own{Why::window, terms->window->opens};
    if (auto breaker = by_breaker(job, now)) return breaker;
    if (job.not_before && *job.not_before > now) return Own{Why::backoff, job.not_before};
    return terms != nullptr ? by_budget(job) : std::nullopt;
}

/// What ends it, where that is this job's own; "" where all that wait for the like have the same remedy.
std::string remedy_of(const Own& own, const Candidate& job) {
    if (own.why == Why::hold && job.held) return "`motionspool release BATCH/JOB` lets it go";
    if (own.why == Why::window && !own.until) return "it never goes on by itself; `motionspool set BATCH window=none`, or a window that there is, lets it go";
    if (own.why != Why::budget) return {};
    return own.purse != nullptr ? remedy_for(*own.purse, job.price) : std::string{remedy_for_dispute};
}

std::string in_words(const Own& own, const Candidate& job) {
    switch (own.why) {
        case Why::review: return words_for_review(*job.terms);
        case Why::hold: return words_for_hold(!job.held);
        case Why::window: return words_for(*job.terms->window);
        case Why::breaker: return words_for(*job.breaker);
        case Why::backoff: return "its last try failed and cost nothing";
        case Why::budget: return own.purse != nullptr ? words_for(*own.purse, job.price) : words_for(*job.terms->dispute);
        case Why::approval:
        case Why::quarantine:
        case Why::pause:
        case Why::output:
        case Why::provider:
        case Why::disk:
        case Why::credits:
        case Why::running:
        case Why::rate: break;
    }
    return {};
}

}  // namespace

std::string_view to_string(Why why) {
    static constexpr std::array names{"review", "hold",    "approval", "quarantine", "pause",   "output",  "provider", "disk",
                                      "window", "breaker", "backoff",  "budget",     "credits", "running", "rate"};
    return names[static_cast<std::size_t>(why)];
}

bool needs_a_person(const Blocked& blocked) {
    switch (blocked.why) {
        case Why::review:
        case Why::hold:
        case Why::approval:
        case Why::quarantine: return true;
        case Why::pause:
        case Why::window:
        case Why::budget: return !blocked.until && !blocked.may_pass;
        case Why::output:
        case Why::provider:
        case Why::disk:
        case Why::breaker:
        case Why::backoff:
        case Why::credits:
        case Why::running:
        case Why::rate: return false;
    }
    return false;
}

std::optional<Credits> room(const Terms& terms) {
    std::optional<Credits> least;
    for (const auto& purse : terms.purses) least = least ? std::min(*least, purse.left()) : purse.left();
    return least;
}

std::optional<Blocked> lane_blocked(const World& world, BootTime now) { return by_lane(world, Credits{}, now); }

std::optional<Blocked> blocked(const Candidate& job, const World& world, BootTime now) {
    const auto own = own_reason(job, now);
    auto lane = by_lane(world, job.price, now);
    const auto raised = job.configured ? words_for_raise(*job.configured) : "";
    if (lane && lane->why == Why::credits && !world.lane.pause) lane->numbers = words_for(world.funds, job.price, raised);
    if (!own || (lane && lane->why < own->why)) return lane;
    const bool of_purse = own->purse != nullptr, disputed = own->why == Why::budget && !of_purse;
    return Blocked{own->why, own->until, in_words(*own, job) + (of_purse ? raised : ""), remedy_of(*own, job), disputed};
}

std::variant<JobId, LookAgain> decide(const World& world, std::span<const Candidate> in_order, BootTime now) {
    LookAgain again;
    for (const auto& job : in_order) {
        if (const auto own = own_reason(job, now)) {
            if (own->until) again.at = again.at ? std::min(*again.at, *own->until) : *own->until;
            continue;
        }
        const auto lane = by_lane(world, job.price, now);
        if (!lane) return job.id;
        return LookAgain{lane->until, lane->why};
    }
    return again;
}

bool goes_before(const Turn& a, const Turn& b) {
    if (a.priority != b.priority) return a.priority > b.priority;
    const auto left = a.used * b.weight, right = b.used * a.weight;  // used / weight, without division; weights are at most 1000
    if (left != right) return left < right;
    return a.age < b.age;
}

}  // namespace motionspool::domain
