#include "app/gate.hpp"
#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>
#include "app/key_watch.hpp"
#include "app/standing.hpp"
#include "async/wait.hpp"
#include "domain/waiting.hpp"
#include "system/log.hpp"

namespace motionspool::app {
using namespace std::chrono_literals;

namespace {
constexpr auto slice = 5ms;  ///< so long jobs are let in before others have the loop
/// So many at once are between being let in and ARMED, that their connections, made at the same moment, leave the loop to others.
constexpr std::size_t most_entering = 32;
/// What changes without a word is looked at that often: room on disk, uploads that expire, uncertain tasks that grow old.
constexpr auto at_least_every = 30s;

/// Of those the lane makes by itself.
constexpr auto longest_pause = 15min;
}  // namespace

Gate::Gate(const Settings& settings, Clock& clock, AccountingClock& accounting, store::Store& store, Balance& balance, Places& places)
    : settings_{settings},
      clock_{clock},
      accounting_{accounting},
      store_{store},
      balance_{balance},
      places_{places},
      wakeup_{store.executor},
      rate_{settings.config.limits.submissions},
      log_{rate_.value_or(domain::Rate{})},
      lane_{domain::open_lane(rate_)},
      line_{settings.config, store} {}

void Gate::recover(bool lost) {
    auto pause = lane_pause(store_, clock_.now(), clock_.boot());
    if (pause) pause->until = std::min(pause->until, clock_.boot() + longest_pause);  // the wall clock may have been set
    lane_ = domain::take_up(store_.notes.narrowing(), pause, lost, clock_.boot(), rate_);
    note_lane();
    store_.funds.forget_balance();  // nobody knows who has spent meanwhile, or how old this database is
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
    line_.look_again();
    balance_.something_ended();
    wakeup_.ring();
}

Moment Gate::look_at_clocks() {
    const auto now = accounting_.moment();
    if (now.dispute && !disputed_) log::warn("{}; jobs with such a budget wait; {}", domain::words_for(*now.dispute), domain::remedy_for_dispute);
    if (!now.dispute && disputed_) log::info("this machine's clock and the provider's agree again");
    disputed_ = now.dispute.has_value();
    if (!accounting_.right_again(now)) return now;
    const auto moved = line_.books().take_back(now.at);
    if (moved > Credits{}) log::warn("{} had been booked to days far ahead by a clock that was wrong; they count for today", in_words(moved));
    line_.look_again();
    return now;
}

Line::Now Gate::moment() {
    const auto accounting = look_at_clocks();  // a dispute ends by itself when a clock is set
    return {clock_.now(), accounting};
}

void Gate::look_whether_reached() {
    const bool reached = balance_.reached() || accounting_.has_heard();
    if (!reached && !lane_.pause) {
        unreached_ = true;
        set_lane(domain::unreached(lane_, balance_.trouble(), clock_.boot()));
    }
    if (!reached || !std::exchange(unreached_, false)) return;  // any answer will do: it has told the time
    if (!lane_.pause) return;
    lane_.pause.reset();
    note_lane();
    log::info("submissions go on");
}

std::optional<BootTime> Gate::let_in_who_may() {
    if (!balance_.looked()) return std::nullopt;
    look_whether_reached();
    const auto began = clock_.boot();
    if (began - refreshed_ >= at_least_every) {
        refreshed_ = began;
        line_.look_again();
    }
    auto world = whole_world();
    for (auto arms = arms_;;) {
        const auto now = moment();
        if (now.accounting.boot - began >= slice) return now.accounting.boot;
        if (entering_.size() >= most_entering) return std::nullopt;
        log_.forget_before(now.accounting.boot);
        if (std::exchange(arms, arms_) != arms_) world = whole_world();
        update(world);
        const auto decision = line_.next(world, now, entering_);
        if (std::holds_alternative<Line::Unfinished>(decision)) continue;
        if (const auto* again = std::get_if<domain::LookAgain>(&decision)) {
            closed_by(again->lane);
            return again->at;
        }
        const auto id = std::get<JobId>(decision);
        entering_.insert_or_assign(id, line_.enter(id, now));
        let_in(id);
    }
}

void Gate::closed_by(const std::optional<domain::Why>& lane) {
    balance_.wanted(lane == domain::Why::credits && !lane_.pause);  // a pause reads the balance itself
    say_prices();
    say_trips();
    if (line_.lacks_inputs()) lacks_inputs();
}

void Gate::say_prices() {
    const auto& tariff = line_.tariff();
    std::set<std::string> raising;
    for (const auto mode : {domain::Mode::p720, domain::Mode::p1080}) {
        for (const auto& charge : domain::raising(tariff, mode)) {
            const auto configured = domain::estimate(charge.length, mode, tariff.configured);
            raising.insert(fmt::format("a video of {} in {} was charged {}, and credits.per_second and credits.minimum make it {}", to_words(charge.length),
                                       to_string(mode), in_words(charge.cost), to_string(configured)));
        }
    }
    for (const auto& text : raising) {
        if (!said_.contains(text)) log::warn("{}; estimates are raised by that until three in a row have cost less. Has the price changed?", text);
    }
    said_ = std::move(raising);
}

void Gate::say_trips() {
    for (auto& trip : line_.groups().take_trips()) {
        const auto job = store_.jobs.get(trip.job);
        if (!job) continue;
        trip.held.name = name_of_input(store_, *job, trip.held.what, clock_.now());
        const auto text = "held back: " + domain::words_for(trip.held);
        log::warn("{}: jobs are {}", job->batch_name, text);
        store_.notes.event(job->batch, text, clock_.now());
    }
}

bool Gate::look_ahead(Line::Ahead& ahead) { return line_.look_ahead(ahead, moment(), entering_); }

domain::World Gate::world() {
    domain::World world;
    world.quarantine = store_.notes.fact("quarantine");
    world.away = places_.away();
    world.low_disk = low_disk(settings_.config);
    world.key_doubt = key_doubt(store_);
    world.pause = pause_of(store_, clock_.now(), clock_.boot());
    world.funds = funds_of(store_, settings_.config, clock_.now());
    return world;
}

domain::World Gate::whole_world() {
    auto world = this->world();
    count_running(store_, settings_.config, clock_.boot(), clock_.boot_id(), world);
    world.rate = rate_ ? &log_ : nullptr;
    return world;
}

void Gate::update(domain::World& world) const {
    world.lane = lane_;
    world.entering = entering_.size();
    world.unanswered = unanswered_;
    world.places = answers_kept();
    world.funds.entering = {};
    for (const auto& [job, entered] : entering_) world.funds.entering += entered.price;
}

std::optional<Gate::Booking> Gate::still_open(JobId id) {
    const auto now = moment();
    auto others = entering_;
    others.erase(id);
    line_.booked();
    const auto one = line_.look_at(id, now, others);
    if (!one) return std::nullopt;
    auto world = this->world();
    update(world);
    world.entering = 0;  // its place among the running, and in the rate window, it was given when it was let in
    world.let_in = true;
    world.funds.entering = {};
    for (const auto& [job, entered] : others) world.funds.entering += entered.price;
    if (lane_.pause || domain::blocked(one->candidate, world, now.accounting.boot)) return std::nullopt;
    return Booking{one->entered, line_.books().day(now.accounting.at)};
}

void Gate::armed(JobId job, AttemptId attempt, BootTime at) {
    if (entering_.size() == most_entering) wakeup_.ring();
    entering_.erase(job);
    line_.booked();
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
    line_.booked();
    wakeup_.ring();
}

void Gate::set_lane(domain::Lane lane) {
    const bool told = lane.pause == lane_.pause;
    const bool kept = narrowing_of(lane, rate_) == narrowing_of(lane_, rate_);
    lane_ = std::move(lane);
    if (!told || !kept) note_lane();
    if (told) return;
    if (lane_.pause)
        log::warn("submissions wait ({}) for {}: {}", to_string(lane_.pause->why), to_words(lane_.pause->until - clock_.boot()), lane_.pause->text);
    else
        log::info("submissions go on");
}

void Gate::note_lane() {
    store_.notes.narrowing(narrowing_of(lane_, rate_));
    const auto& pause = lane_.pause;
    const auto before = store_.notes.lane();
    std::optional<store::LaneNote> note;
    if (pause) {
        const auto left = pause->until - clock_.boot();
        note.emplace(store::LaneNote{std::string{to_string(pause->why)}, pause->text, clock_.now() + left, clock_.now()});
        if (before && before->why == note->why && before->text == note->text) note->since = before->since;
    }
    if (note || before) store_.notes.lane(note);
}

bool Gate::probe_is_due() const { return lane_.pause && lane_.pause->until <= clock_.boot(); }

asio::awaitable<void> Gate::probe() {
    domain::Probe seen{true, std::nullopt, {}};
    if (lane_.pause->probe) {
        auto reading = balance_.read();
        seen = co_await std::move(reading);
        if (!probe_is_due()) co_return;  // an answer that came meanwhile has opened the lane, or paused it anew
    }
    const auto funds = funds_of(store_, settings_.config, clock_.now());
    if (seen.balance && funds.available) seen.balance = *funds.available - funds.keep;
    line_.look_again();
    auto price = line_.next_price(moment(), entering_);
    for (; !price; price = line_.next_price(moment(), entering_)) {
        co_await asio::post(store_.executor, asio::use_awaitable);
        if (!probe_is_due()) co_return;
    }
    set_lane(domain::after_probe(lane_, seen, *price, clock_.boot()));
}

}  // namespace motionspool::app
