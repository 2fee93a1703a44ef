#include "app/gate.hpp"
#include <spdlog/spdlog.h>
#include <algorithm>
#include <utility>
#include "app/standing.hpp"
#include "async/wait.hpp"
#include "domain/retry.hpp"
#include "kie/tasks.hpp"

namespace motionspool::app {
using namespace std::chrono_literals;

namespace {
constexpr int page = 64, longest_page = 16'384;
constexpr auto slice = 5ms;  ///< so long jobs are let in before others have the loop
/// So many at once are between being let in and ARMED, that their connections, made at the same moment, leave the loop to others.
constexpr std::size_t most_entering = 32;
/// What changes without a word is looked at that often: room on disk, uploads that expire, uncertain tasks that grow old.
constexpr auto at_least_every = 30s;
}  // namespace

Gate::Gate(const Settings& settings, Clock& clock, store::Store& store, http::Client& http)
    : settings_{settings},
      clock_{clock},
      store_{store},
      http_{http},
      wakeup_{store.executor},
      rate_{settings.config.limits.submissions},
      log_{rate_.value_or(domain::Rate{})},
      lane_{domain::open_lane(rate_)} {}

void Gate::recover() {
    store_.notes.lane(std::nullopt);
    if (rate_) log_ = rate_log(store_, *rate_, clock_.boot_id());
}

asio::awaitable<void> Gate::run() {
    for (;;) {
        if (probe_is_due()) co_await probe();
        const auto again = let_in_who_may();
        const auto anyway = clock_.boot() + at_least_every;
        co_await wait(wakeup_, clock_, again ? std::min(*again, anyway) : anyway);
    }
}

void Gate::look_again() {
    stale_ = true;
    wakeup_.ring();
}

std::optional<BootTime> Gate::let_in_who_may() {
    const auto began = clock_.boot();
    auto world = this->world();
    for (auto arms = arms_;;) {
        const auto now = clock_.boot();
        if (now - began >= slice) return now;
        if (entering_.size() >= most_entering) return std::nullopt;
        log_.forget_before(now);
        if (next_.empty() || stale_ || now - refilled_ >= at_least_every) refill();
        if (std::exchange(arms, arms_) != arms_) world = this->world();
        update(world);
        const auto decision = domain::decide(world, next_, now);
        if (const auto* again = std::get_if<domain::LookAgain>(&decision)) return again->at;
        const auto id = std::get<JobId>(decision);
        std::erase_if(next_, [&](const domain::Candidate& candidate) { return candidate.id == id; });
        entering_.insert(id);
        let_in(id);
    }
}

void Gate::refill() {
    stale_ = false;
    refilled_ = clock_.boot();
    const auto known = std::exchange(backing_off_, {});
    for (int limit = page;; limit *= 4) {  // a job's own reason is skipped over, however many have one
        next_.clear();
        const auto rows = store_.jobs.ready(clock_.now(), limit + 2 * static_cast<int>(entering_.size()));
        bool someone_may = false;
        for (const auto& job : rows) {
            if (entering_.contains(job.id)) continue;
            next_.push_back({job.id, backoff_of(job, known)});
            someone_may = someone_may || !next_.back().not_before || *next_.back().not_before <= refilled_;
        }
        if (someone_may || limit >= longest_page || static_cast<int>(rows.size()) < limit) return;
    }
}

std::optional<BootTime> Gate::backoff_of(const store::Jobs::Next& job, const std::map<JobId, Backoff>& known) {
    if (job.not_before == Instant{}) return std::nullopt;
    const auto before = known.find(job.id);
    const bool same = before != known.end() && before->second.not_before == job.not_before;
    const auto backoff = same ? before->second : begin_backoff(job.not_before);
    backing_off_.insert_or_assign(job.id, backoff);
    return backoff.until;
}

Gate::Backoff Gate::begin_backoff(Instant not_before) const {
    const auto left = std::clamp<std::chrono::milliseconds>(not_before - clock_.now(), 0ms, domain::longest_retry_delay);
    return {not_before, clock_.boot() + left};
}

domain::World Gate::world() {
    domain::World world;
    world.quarantine = store_.notes.fact("quarantine");
    world.low_disk = low_disk(settings_.config);
    world.running = store_.attempts.running(clock_.boot_id(), clock_.boot() - settings_.config.limits.task_deadline);
    if (settings_.config.limits.running) world.limit = static_cast<std::size_t>(*settings_.config.limits.running);
    world.rate = rate_ ? &log_ : nullptr;
    return world;
}

void Gate::update(domain::World& world) const {
    world.lane = lane_;
    world.entering = entering_.size();
    world.unanswered = unanswered_;
}

bool Gate::still_open() const { return !lane_.pause && !(lane_.one_at_a_time && unanswered_ > 0); }

void Gate::armed(JobId job, AttemptId attempt, BootTime at) {
    if (entering_.size() == most_entering) wakeup_.ring();
    entering_.erase(job);
    arms_++;
    unanswered_++;
    log_.armed(attempt, at);
}

void Gate::sent(AttemptId attempt, BootTime at) {
    log_.withdrawn(attempt);
    log_.armed(attempt, at);
    sent_.insert_or_assign(attempt, at);
}

void Gate::gave_up(JobId job, const std::string& trouble, bool at_home) {
    entering_.erase(job);
    if (!trouble.empty()) set_lane(domain::after(lane_, domain::NotSent{trouble, at_home}, clock_.boot(), rate_));
    look_again();
}

void Gate::answered(AttemptId attempt, const domain::Submission& outcome, BootTime at) {
    unanswered_--;
    const auto sent = sent_.extract(attempt);
    const bool answered = !std::holds_alternative<domain::NotSent>(outcome) && !std::holds_alternative<domain::Uncertain>(outcome);
    if (answered && !sent.empty()) lane_ = domain::timed(lane_, at - sent.mapped());
    if (std::holds_alternative<domain::NotSent>(outcome))
        log_.withdrawn(attempt);
    else if (!std::holds_alternative<domain::Uncertain>(outcome))
        log_.answered(attempt, at);
    set_lane(domain::after(lane_, outcome, at, rate_));
    wakeup_.ring();
}

void Gate::set_lane(domain::Lane lane) {
    const bool told = lane.pause == lane_.pause;
    lane_ = std::move(lane);
    if (told) return;
    if (!lane_.pause) {
        spdlog::info("submissions go on");
        store_.notes.lane(std::nullopt);
        return;
    }
    const auto left = lane_.pause->until - clock_.boot();
    spdlog::warn("submissions wait ({}) for {}: {}", to_string(lane_.pause->why), to_words(left), lane_.pause->text);
    store_.notes.lane(store::LaneNote{std::string{to_string(lane_.pause->why)}, lane_.pause->text, clock_.now() + left, clock_.now()});
}

bool Gate::probe_is_due() const { return lane_.pause && lane_.pause->until <= clock_.boot(); }

asio::awaitable<void> Gate::probe() {
    domain::Probe seen;
    Credits needed;
    refill();
    if (!next_.empty()) {
        if (const auto job = store_.jobs.get(next_.front().id)) needed = job->estimate;
    }
    if (!lane_.pause->probe)
        seen.answered = true;
    else {
        const http::Limits limits{.total = 30s, .idle = 30s, .body = 1u << 20};
        auto request = kie::ask_balance(settings_.key.reveal());
        auto asking = http_.send(settings_.api, std::move(request), limits, nullptr, http::Reach::anywhere);
        const auto exchange = co_await std::move(asking);
        const auto balance = kie::read_balance(exchange);
        seen = {balance.credits.has_value(), balance.credits, balance.trouble};
        if (!probe_is_due()) co_return;  // an answer that came meanwhile has opened the lane, or paused it anew
    }
    set_lane(domain::after_probe(lane_, seen, needed, clock_.boot()));
}

}  // namespace motionspool::app
