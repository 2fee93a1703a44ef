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

std::chrono::milliseconds pause_between(std::size_t batches) { return std::max<std::chrono::milliseconds>(not_too_often, batches / 4 * 1ms); }

void merge(domain::LookAgain& all, const domain::LookAgain& one) {
    if (one.at) all.at = all.at ? std::min(*all.at, *one.at) : *one.at;
    if (one.lane) all.lane = one.lane;
}
}  // namespace

Line::Line(const config::Config& config, store::Store& store)
    : store_{store}, books_{config, store}, groups_{config, store}, surcharges_{store.funds.surcharges()} {}

void Line::look_again() {
    stale_ = true;
    booked();
}

void Line::booked() {
    version_++;
    books_.forget();
    groups_.forget();
}

void Line::reload(const Now& now) {
    const auto boot = now.accounting.boot;
    stale_ = false;
    lacks_inputs_ = false;
    surcharges_ = store_.funds.surcharges();
    owed_ = reloaded_ && boot - *reloaded_ < pause_between(lots_.size()) && lots_.size() > few;
    if (owed_) {
        for (auto& lot : lots_) lot->fetched = false;
        return;
    }
    reloaded_ = boot;
    lots_.clear();
    for (auto& batch : store_.queue.batches()) {
        auto lot = std::make_unique<Lot>();
        lot->turn = books_.turn_of(batch, now.accounting.at);
        lot->cheapest = store_.queue.cheapest(batch.id);
        lot->batch = std::move(batch);
        lots_.push_back(std::move(lot));
    }
    std::erase_if(backing_off_, [&](const auto& known) { return known.second.until + 1h < boot; });
    std::ranges::sort(lots_, [](const auto& a, const auto& b) { return domain::goes_before(a->turn, b->turn); });
}

void Line::refresh(Lot& lot, const Now& now, const Entering& entering) {
    if (lot.terms_of == version_ && now.accounting.boot - lot.terms_at < 1s) return;  // days end and windows close without a word
    lot.terms = books_.terms_of(lot.batch, now.accounting, entering);
    lot.terms_of = version_;
    lot.terms_at = now.accounting.boot;
}

std::optional<domain::LookAgain> Line::own_reason(const Lot& lot, const Now& now) const {
    domain::Candidate cheapest{.id = {}, .not_before = {}, .price = lot.cheapest.value_or(Credits{}), .breaker = {}, .terms = &lot.terms};
    const auto decision = domain::decide({}, std::span{&cheapest, 1}, now.accounting.boot);
    if (std::holds_alternative<JobId>(decision)) return std::nullopt;
    return std::get<domain::LookAgain>(decision);
}

std::variant<JobId, domain::LookAgain> Line::next(const domain::World& world, const Now& now, const Entering& entering) {
    const auto boot = now.accounting.boot;
    if (stale_ || (owed_ && boot - *reloaded_ >= pause_between(lots_.size()))) reload(now);
    domain::LookAgain again;
    if (lots_.empty()) return again;
    if (const auto lane = domain::lane_blocked(world, boot)) return domain::LookAgain{lane->until, lane->why};
    if (owed_) again.at = *reloaded_ + pause_between(lots_.size());
    for (auto& lot : lots_) {
        refresh(*lot, now, entering);
        if (const auto own = own_reason(*lot, now)) {
            merge(again, *own);
            continue;
        }
        if (const auto id = search(*lot, world, now, entering, again)) return *id;
        if (again.lane) break;
    }
    merge(again, {groups_.next_trial(boot), std::nullopt});
    return again;
}

std::optional<JobId> Line::search(Lot& lot, const domain::World& world, const Now& now, const Entering& entering, domain::LookAgain& again) {
    for (int limit = lots_.size() > few_lots ? short_page : page; limit <= longest_page;) {  // a job's own reason is skipped over, however many have one
        if (!lot.fetched) fetch(lot, limit, now, entering);
        const auto found = search_page(lot, world, now, entering, again);
        if (found || again.lane) return found;
        const bool same_question = lot.fits == domain::room(lot.terms) && lot.without == groups_.all_held(now.accounting.boot);
        if (same_question && lot.whole) return std::nullopt;
        if (same_question) limit *= 4;
        lot.fetched = false;
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

void Line::fetch(Lot& lot, int limit, const Now& now, const Entering& entering) {
    lot.fits = domain::room(lot.terms);
    lot.without = groups_.all_held(now.accounting.boot);
    const auto more = limit + static_cast<int>(entering.size());
    const auto rows = store_.queue.ready(lot.batch.id, {lot.fits, surcharges_, lot.without}, now.wall, more);
    lot.whole = static_cast<int>(rows.size()) < more;
    lot.fetched = true;
    lot.page.clear();
    for (const auto& row : rows) {
        if (!entering.contains(row.id)) lot.page.push_back({row, candidate_of(row, now)});
    }
    lacks_inputs_ = lacks_inputs_ || lot.page.empty();
}

domain::Candidate Line::candidate_of(const store::NextJob& job, const Now& now) {
    return {job.id, backoff_of(job, now), domain::priced(job.estimate, surcharges_.of(job.mode)), job.held, std::nullopt, nullptr, surcharges_.of(job.mode)};
}

std::optional<BootTime> Line::backoff_of(const store::NextJob& job, const Now& now) {
    if (job.not_before == Instant{}) return std::nullopt;
    const auto before = backing_off_.find(job.id);
    if (before != backing_off_.end() && before->second.not_before == job.not_before) return before->second.until;
    const auto left = std::clamp<std::chrono::milliseconds>(job.not_before - now.wall, 0ms, domain::longest_retry_delay);
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
    std::vector<std::unique_ptr<Lot>> moving;
    for (auto& lot : lots_) {
        if (lot->batch.turns_as() == share) moving.push_back(std::move(lot));
    }
    std::erase(lots_, nullptr);
    for (auto& lot : moving) {
        lot->turn.used += price;
        const auto behind = std::ranges::upper_bound(lots_, lot->turn, domain::goes_before, [](const auto& other) { return other->turn; });
        lots_.insert(behind, std::move(lot));
    }
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

Credits Line::next_price(const Now& now, const Entering& entering) {
    const auto first = next({}, now, entering);
    const auto* id = std::get_if<JobId>(&first);
    const auto job = id == nullptr ? std::nullopt : store_.queue.job(*id);
    return job ? domain::priced(job->estimate, surcharges_.of(job->mode)) : Credits{};
}

std::vector<BatchId> Line::in_turn(const Now& now, const Entering& entering) {
    if (stale_) reload(now);
    std::vector<BatchId> batches;
    for (auto& lot : lots_) {
        refresh(*lot, now, entering);
        if (!own_reason(*lot, now)) batches.push_back(lot->batch.id);
    }
    return batches;
}

std::vector<store::Input> Line::to_upload(const Now& now, const Entering& entering) {
    const auto batches = in_turn(now, entering);
    const int each = batches.size() > 1 ? of_one_batch : jobs_ahead;
    int ahead = 0;
    std::vector<store::Input> inputs;
    for (const auto& lot : lots_) {
        if (ahead >= jobs_ahead) break;
        if (own_reason(*lot, now)) continue;
        const store::Fitting fitting{domain::room(lot->terms), surcharges_, groups_.all_held(now.accounting.boot)};
        ahead += store_.queue.going(lot->batch.id, fitting, now.wall, each);
        for (auto& input : store_.queue.to_upload(lot->batch.id, fitting, now.wall, each)) inputs.push_back(std::move(input));
    }
    return inputs;
}

}  // namespace motionspool::app
