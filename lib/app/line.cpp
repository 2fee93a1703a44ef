#include "app/line.hpp"
#include <algorithm>
#include "domain/retry.hpp"

namespace motionspool::app {
using namespace std::chrono_literals;

namespace {
constexpr int jobs_ahead = 256;   ///< so many waiting jobs have their inputs sent before their turn
constexpr int of_one_batch = 64;  ///< and so many of one batch, if there are others: they take turns
constexpr int page = 64, short_page = 8, longest_page = 16'384;
constexpr std::size_t few_lots = 10;   ///< of more of them a short page is read: they take turns
constexpr std::size_t few = 200;       ///< batches are read anew whenever something happens; more of them
constexpr auto not_too_often = 250ms;  ///< only so often, and of very many less often still: it costs about 20 us each
constexpr int read_at_once = 200;      ///< batches a slice
constexpr int looks_at_once = 800;     ///< a look at a batch's terms is one, at its jobs several
constexpr int looks_of_a_search = 20;
constexpr int looks_of_a_gathering = 200;  ///< about a millisecond

std::chrono::milliseconds pause_between(std::size_t batches) { return std::max<std::chrono::milliseconds>(not_too_often, batches / 4 * 1ms); }
/// Between two passes over so many, whatever happens meanwhile: they take a tenth of the time.
std::chrono::milliseconds pass_of(std::size_t batches) { return std::chrono::milliseconds{batches > few ? batches / 40 : 0}; }

void merge(domain::LookAgain& all, const domain::LookAgain& one) {
    if (one.at) all.at = all.at ? std::min(*all.at, *one.at) : *one.at;
    if (one.lane) all.lane = one.lane;
}
}  // namespace

Line::Line(const config::Config& config, store::Store& store) : config_{config}, store_{store}, books_{config, store}, groups_{config, store} {}

void Line::look_again() {
    stale_ = true;
    booked();
}

void Line::booked() {
    version_++;
    books_.forget();
    groups_.forget();
    tariff_.reset();
}

const domain::Tariff& Line::tariff() {
    if (!tariff_) tariff_ = tariff_of(config_, store_);
    return *tariff_;
}

void Line::reload(const Now& now) {
    const auto boot = now.accounting.boot;
    stale_ = false;
    lacks_inputs_ = false;
    look_anew_ = true;
    pages_++;
    owed_ = reading_ || (reloaded_ && boot - *reloaded_ < pause_between(lots_.size()) && lots_.size() > few);
    if (!owed_) reading_.emplace();
}

void Line::reload_if_due(const Now& now) {
    const bool due = owed_ && !reading_ && now.accounting.boot - *reloaded_ >= pause_between(lots_.size());
    if (stale_ || due) reload(now);
    if (reading_) read_on(now);
}

void Line::read_on(const Now& now) {
    auto batches = store_.queue.batches(reading_->after, read_at_once);
    const bool all = batches.size() < read_at_once;
    for (auto& batch : batches) {
        auto lot = std::make_unique<Lot>();
        lot->turn = books_.turn_of(batch, now.accounting.at);
        lot->shortest = store_.queue.shortest(batch.id);
        lot->turns_as = batch.turns_as();
        lot->batch = std::move(batch);
        reading_->after = lot->batch.id;
        reading_->lots.push_back(std::move(lot));
    }
    if (!all) return;
    lots_ = std::move(reading_->lots);
    reading_.reset();
    reloaded_ = now.accounting.boot;
    std::erase_if(backing_off_, [&](const auto& known) { return known.second.until + 1h < *reloaded_; });
    std::ranges::sort(lots_, [](const auto& a, const auto& b) { return domain::goes_before(a->turn, b->turn); });
    start_over(*reloaded_);
}

void Line::start_over(BootTime now) {
    pass_++;
    pass_began_ = now;
    at_ = 0;
    passed_over_ = {};
    look_anew_ = false;
}

void Line::refresh(Lot& lot, const Now& now, const Entering& entering) {
    const auto boot = now.accounting.boot;
    const bool over = std::ranges::any_of(lot.terms.purses, [&](const domain::Purse& purse) { return purse.renews && *purse.renews <= boot; });
    if (lot.terms_of == version_ && boot - lot.terms_at < 1s && !over) return;  // days end and windows close without a word
    lot.terms = books_.terms_of(lot.batch, now.accounting, entering);
    lot.terms_of = version_;
    lot.terms_at = boot;
}

std::optional<domain::LookAgain> Line::own_reason(const Lot& lot, const Now& now) {
    std::optional<Credits> least;
    if (lot.shortest.p720) least = tariff().price(*lot.shortest.p720, domain::Mode::p720);
    if (lot.shortest.p1080) least = std::min(least.value_or(Credits::from_milli(INT64_MAX)), tariff().price(*lot.shortest.p1080, domain::Mode::p1080));
    domain::Candidate cheapest{.id = {}, .not_before = {}, .price = least.value_or(Credits{}), .breaker = {}, .terms = &lot.terms};
    const auto decision = domain::decide({}, std::span{&cheapest, 1}, now.accounting.boot);
    if (std::holds_alternative<JobId>(decision)) return std::nullopt;
    return std::get<domain::LookAgain>(decision);
}

Line::Next Line::next(const domain::World& world, const Now& now, const Entering& entering) {
    const auto boot = now.accounting.boot;
    reload_if_due(now);
    if (lots_.empty()) return reading_ ? Next{Unfinished{}} : Next{domain::LookAgain{}};
    if (const auto lane = domain::lane_blocked(world, boot)) return domain::LookAgain{lane->until, lane->why};
    if (passed_over_.at && *passed_over_.at <= boot) start_over(boot);
    for (int looks = 0; at_ < lots_.size(); at_++) {
        auto& lot = *lots_[at_];
        if (lot.passed_in == pass_) continue;
        if (looks >= looks_at_once) return Unfinished{};
        looks++;
        refresh(lot, now, entering);
        auto why = own_reason(lot, now);
        if (!why) {
            looks += looks_of_a_search;
            why.emplace();
            if (const auto id = search(lot, world, now, entering, *why)) return *id;
            merge(*why, {groups_.next_trial(boot), std::nullopt});
            if (why->lane) {
                merge(*why, passed_over_);
                return *why;
            }
        }
        merge(passed_over_, *why);
        lot.passed_in = pass_;
    }
    return nobody(boot);
}

Line::Next Line::nobody(BootTime now) {
    if (reading_) return Unfinished{};
    auto again = passed_over_;
    if (owed_) merge(again, {*reloaded_ + pause_between(lots_.size()), std::nullopt});
    if (!look_anew_) return again;
    const auto next_pass = pass_began_ + pass_of(lots_.size());
    if (next_pass <= now) {
        start_over(now);
        return Unfinished{};
    }
    merge(again, {next_pass, std::nullopt});
    return again;
}

std::optional<JobId> Line::search(Lot& lot, const domain::World& world, const Now& now, const Entering& entering, domain::LookAgain& again) {
    for (int limit = lots_.size() > few_lots ? short_page : page; limit <= longest_page;) {  // a job's own reason is skipped over, however many have one
        if (lot.page_of != pages_) fetch(lot, limit, now, entering);
        const auto found = search_page(lot, world, now, entering, again);
        if (found || again.lane) return found;
        const bool same_question = lot.fits == fitting(lot, now);
        if (same_question && lot.whole) return std::nullopt;
        if (same_question) limit *= 4;
        lot.page_of = 0;
    }
    return std::nullopt;
}

std::optional<JobId> Line::search_page(Lot& lot, const domain::World& world, const Now& now, const Entering& entering, domain::LookAgain& again) {
    for (auto& waiting : lot.page) {
        if (entering.contains(waiting.job.id)) continue;
        const auto boot = now.accounting.boot;
        auto& candidate = waiting.candidate;
        const bool backs_off = candidate.not_before && *candidate.not_before > boot;
        if (!backs_off) candidate.breaker = groups_.held(waiting.job, now.wall, boot, entering);
        candidate.terms = &lot.terms;
        const auto decision = domain::decide(world, std::span{&candidate, 1}, boot);
        if (const auto* id = std::get_if<JobId>(&decision)) return *id;
        merge(again, std::get<domain::LookAgain>(decision));
        if (again.lane) return std::nullopt;
    }
    return std::nullopt;
}

store::Fitting Line::fitting(const Lot& lot, const Now& now) {
    const auto room = domain::room(lot.terms);
    auto without = groups_.all_held(now.accounting.boot);
    if (!room) return {.without = std::move(without)};
    return {tariff().longest(*room, domain::Mode::p720), tariff().longest(*room, domain::Mode::p1080), std::move(without)};
}

void Line::fetch(Lot& lot, int limit, const Now& now, const Entering& entering) {
    lot.fits = fitting(lot, now);
    const auto more = limit + static_cast<int>(entering.size());
    const auto rows = store_.queue.ready(lot.batch.id, lot.fits, now.wall, more);
    lot.whole = static_cast<int>(rows.size()) < more;
    lot.page_of = pages_;
    lot.page.clear();
    for (const auto& row : rows) {
        if (!entering.contains(row.id)) lot.page.push_back({row, candidate_of(row, now)});
    }
    lacks_inputs_ = lacks_inputs_ || lot.page.empty();
}

domain::Candidate Line::candidate_of(const store::NextJob& job, const Now& now) {
    const auto price = tariff().price(job.length, job.mode), configured = domain::estimate(job.length, job.mode, tariff().configured);
    return {job.id, backoff_of(job, now), price, job.held, std::nullopt, nullptr, price > configured ? std::optional{configured} : std::nullopt};
}

std::optional<BootTime> Line::backoff_of(const store::NextJob& job, const Now& now) {
    if (job.not_before == Instant{}) return std::nullopt;
    const auto before = backing_off_.find(job.id);
    if (before != backing_off_.end() && before->second.not_before == job.not_before) return before->second.until;
    const auto left = std::clamp<std::chrono::milliseconds>(job.not_before - now.wall, 0ms, domain::longest_backoff);
    const Backoff backoff{job.not_before, now.accounting.boot + left};
    backing_off_.insert_or_assign(job.id, backoff);
    return backoff.until;
}

Entered Line::enter(JobId id, const Now& now) {
    Entered entered;
    for (auto& lot : lots_) {
        const auto waiting = std::ranges::find(lot->page, id, [](const Waiting& one) { return one.job.id; });
        if (waiting == lot->page.end()) continue;
        entered = {waiting->candidate.price, books_.accounts_of(lot->batch, now.accounting.at), waiting->job.image, waiting->job.motion};
        lot->page.erase(waiting);
        used_by(lot->batch.turns_as(), entered.price);
        break;
    }
    version_++;
    return entered;
}

void Line::used_by(const std::string& share, Credits price) {
    const auto moving = std::stable_partition(lots_.begin(), lots_.end(), [&](const auto& lot) { return lot->turns_as != share; });
    std::for_each(moving, lots_.end(), [&](const auto& lot) { lot->turn.used += price; });
    std::ranges::inplace_merge(lots_, moving, [](const auto& a, const auto& b) { return domain::goes_before(a->turn, b->turn); });
    at_ = 0;
}

std::unique_ptr<Line::Case> Line::look_at(JobId id, const Now& now, const Entering& entering) {
    const auto job = store_.queue.job(id);
    const auto batch = job ? store_.queue.batch(job->batch) : std::nullopt;
    if (!batch) return nullptr;
    auto one = std::make_unique<Case>();
    one->terms = books_.terms_of(*batch, now.accounting, entering);
    books_.tell_review(*batch, one->terms);
    one->candidate = candidate_of(*job, now);
    one->candidate.breaker = groups_.held(*job, now.wall, now.accounting.boot, entering);
    one->candidate.terms = &one->terms;
    one->entered = {one->candidate.price, books_.accounts_of(*batch, now.accounting.at), job->image, job->motion};
    return one;
}

std::optional<Credits> Line::next_price(const Now& now, const Entering& entering) {
    const auto first = next({}, now, entering);
    if (std::holds_alternative<Unfinished>(first)) return std::nullopt;
    const auto* id = std::get_if<JobId>(&first);
    const auto job = id == nullptr ? std::nullopt : store_.queue.job(*id);
    return job ? tariff().price(job->length, job->mode) : Credits{};
}

bool Line::look_ahead(Ahead& ahead, const Now& now, const Entering& entering) {
    reload_if_due(now);
    if (reading_) return false;
    for (int looks = 0; ahead.at < lots_.size() && ahead.jobs < jobs_ahead; ahead.at++) {
        if (looks >= looks_at_once) return false;
        looks++;
        auto& lot = *lots_[ahead.at];
        refresh(lot, now, entering);
        if (own_reason(lot, now)) continue;
        if (ahead.last) {
            looks += looks_of_a_gathering;
            ahead.several = true;
            gather(ahead, of_one_batch, now);
        }
        ahead.last = {lot.batch.id, fitting(lot, now)};
    }
    if (ahead.last && ahead.jobs < jobs_ahead) gather(ahead, ahead.several ? of_one_batch : jobs_ahead, now);
    return true;
}

void Line::gather(Ahead& ahead, int most, const Now& now) {
    const auto& [batch, fitting] = *ahead.last;
    auto needed = store_.queue.to_upload(batch, fitting, now.wall, most);
    ahead.jobs += needed.jobs;
    std::ranges::move(needed.inputs, std::back_inserter(ahead.inputs));
    ahead.last.reset();
}

}  // namespace motionspool::app
