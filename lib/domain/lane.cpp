#include "domain/lane.hpp"
#include <algorithm>
#include "domain/waiting.hpp"

namespace motionspool::domain {
namespace {
using namespace std::chrono_literals;

void pause(Lane& lane, LanePause::Why why, const std::string& text, BootTime until, bool probe) { lane.pause.emplace(LanePause{why, text, until, probe}); }

constexpr int too_many_uncertain = 3;  ///< in a row

/// Submissions that were in flight together tell of one trouble, not of many.
bool under_way(const Lane& lane, LanePause::Why why, BootTime now) { return lane.pause && lane.pause->why == why && lane.pause->until > now; }

void trouble(Lane& lane, LanePause::Why why, const std::string& text, BootTime now, std::chrono::milliseconds at_least) {
    lane.one_at_a_time = true;
    if (under_way(lane, why, now)) return;
    lane.trouble_in_row++;
    pause(lane, why, text, now + std::max(at_least, pause_length(lane.trouble_in_row)), true);
}

void clean(Lane& lane) {
    lane.trouble_in_row = lane.uncertain_in_row = 0;
    lane.one_at_a_time = false;
    if (lane.pause && lane.pause->why != LanePause::Why::rate) lane.pause.reset();
}

void narrow(Lane& lane) {
    lane.width = std::max(1, lane.width / 2);
    lane.accepted = 0;
}

struct After {
    Lane& lane;
    BootTime now;
    const std::optional<Rate>& rate;

    void operator()(const Accepted&) {
        clean(lane);
        if (!rate || lane.width >= rate->count || ++lane.accepted < lane.width) return;
        lane.width++;
        lane.accepted = 0;
    }
    void operator()(const Refused& refused) {
        const auto& said = refused.message;
        switch (refused.why) {
            case Refusal::bad_parameter:
            case Refusal::field_required:
            case Refusal::no_upper_body:
            case Refusal::no_character:
            case Refusal::image_fetch: return clean(lane);
            case Refusal::credits: return trouble(lane, LanePause::Why::credits, "the account is out of credits (" + said + "); top it up", now, 5s);
            case Refusal::key_limit:
                return trouble(lane, LanePause::Why::credits, "the API key's own limit is used up (" + said + "); raise it at the provider", now, 5s);
            case Refusal::key:
                return trouble(lane, LanePause::Why::provider, "the provider refuses the API key (" + said + "); " + std::string{remedy_for_refused_key}, now,
                               60s);
            case Refusal::forbidden:
                return trouble(lane, LanePause::Why::provider, "the provider's edge refuses this server (" + said + "); check the key's allow-list", now, 60s);
            case Refusal::maintenance: return trouble(lane, LanePause::Why::provider, "the provider is in maintenance (" + said + ")", now, 30s);
            case Refusal::disabled: return trouble(lane, LanePause::Why::provider, "the provider has disabled this feature (" + said + ")", now, 15min);
            case Refusal::edge: return trouble(lane, LanePause::Why::provider, "the provider's address answers " + said + "; check provider.api_url", now, 60s);
        }
    }
    void operator()(const SlowDown& slow) {
        const auto window = rate ? rate->window : std::chrono::milliseconds{10s};
        const auto length = std::max(window + window / 100, slow.retry_after.value_or(0ms));
        if (!under_way(lane, LanePause::Why::rate, now)) narrow(lane);
        const auto until = lane.pause ? std::max(lane.pause->until, now + length) : now + length;
        if (lane.pause && lane.pause->probe)
            lane.pause->until = until;  // its reason is the graver one
        else
            pause(lane, LanePause::Why::rate, "the provider asks to slow down (" + slow.message + ")", until, false);
    }
    void operator()(const NotSent& not_sent) {
        if (not_sent.away) return;
        trouble(lane, LanePause::Why::provider, (not_sent.at_home ? "" : "the provider cannot be reached: ") + not_sent.why, now, 1s);
    }
    void operator()(const Uncertain& uncertain) {
        lane.uncertain_in_row++;
        lane.one_at_a_time = true;
        if (lane.uncertain_in_row >= too_many_uncertain)
            trouble(lane, LanePause::Why::provider, std::to_string(lane.uncertain_in_row) + " submissions in a row had no clear answer (" + uncertain.why + ")",
                    now, 5s);
    }
};
}  // namespace

std::string_view to_string(LanePause::Why why) {
    switch (why) {
        case LanePause::Why::provider: return "provider";
        case LanePause::Why::credits: return "credits";
        case LanePause::Why::rate: return "rate";
    }
    return {};
}

std::chrono::milliseconds pause_length(int n) { return std::min<std::chrono::milliseconds>(5s * (1 << std::clamp(n - 1, 0, 10)), 5min); }

Lane open_lane(const std::optional<Rate>& rate) {
    Lane lane;
    lane.width = rate ? rate->count : 0;
    return lane;
}

Narrowing narrowing_of(const Lane& lane, const std::optional<Rate>& rate) {
    Narrowing narrowing{lane.one_at_a_time, std::nullopt, lane.trouble_in_row, lane.uncertain_in_row};
    if (rate && lane.width < rate->count) narrowing.width = lane.width;
    return narrowing;
}

Lane take_up(const Narrowing& narrowing, const std::optional<LanePause>& paused, bool lost, BootTime now, const std::optional<Rate>& rate) {
    auto lane = open_lane(rate);
    if (rate && narrowing.width) lane.width = std::clamp(*narrowing.width, 1, std::max(1, rate->count));
    lane.one_at_a_time = narrowing.one_at_a_time;
    lane.trouble_in_row = narrowing.trouble_in_row;
    lane.uncertain_in_row = narrowing.uncertain_in_row;
    lane.pause = paused;
    if (paused && paused->why != LanePause::Why::rate && lane.uncertain_in_row < too_many_uncertain) lane.pause->until = now;
    if (!lost) return lane;
    return after(std::move(lane), Uncertain{"the daemon ended before the answer was recorded"}, now, rate);
}

Lane after(Lane lane, const Submission& outcome, BootTime now, const std::optional<Rate>& rate) {
    std::visit(After{lane, now, rate}, outcome);
    return lane;
}

Lane unreached(Lane lane, const std::string& trouble, BootTime now) {
    pause(lane, LanePause::Why::provider, "the provider cannot be reached: " + trouble, now + pause_length(1), true);
    return lane;
}

Lane timed(Lane lane, std::chrono::milliseconds took) {
    const auto longer = std::max(took, std::chrono::milliseconds{1});
    lane.answer_time = std::max(longer, lane.answer_time - lane.answer_time / 8);
    return lane;
}

std::size_t abreast(const Lane& lane, const std::optional<Rate>& rate) {
    constexpr std::int64_t handful = 4;
    if (!rate) return handful;
    const auto window = std::max<std::int64_t>(rate->window.count(), 1);
    return static_cast<std::size_t>(std::max(handful, (std::int64_t{2} * rate->count * lane.answer_time.count() + window - 1) / window));
}

Lane after_probe(Lane lane, const Probe& probe, Credits needed, BootTime now) {
    if (!lane.pause) return lane;
    const bool poor = lane.pause->why == LanePause::Why::credits && probe.balance && *probe.balance < needed;
    if (probe.answered && !poor) {
        lane.pause.reset();
        return lane;
    }
    auto& again = *lane.pause;
    if (poor) again.text = "the account holds " + in_words(*probe.balance) + " and the next job needs " + to_string(needed) + "; top it up";
    if (!probe.answered && !probe.trouble.empty()) again.text = "the provider does not answer well yet: " + probe.trouble;
    lane.trouble_in_row++;
    const auto longest = again.why == LanePause::Why::credits ? std::chrono::milliseconds{60s} : std::chrono::milliseconds{5min};
    again.until = now + std::min(pause_length(lane.trouble_in_row), longest);
    return lane;
}

}  // namespace motionspool::domain
