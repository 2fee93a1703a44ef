#include "app/planning.hpp"
#include "app/standing.hpp"
#include "app/tariff.hpp"
#include "domain/append.hpp"
#include "domain/names.hpp"
#include "domain/waiting.hpp"
#include "store/durations.hpp"
#include "system/time_zone.hpp"

namespace motionspool::app {
using namespace std::chrono_literals;
using domain::Mode;
using domain::PlannedPurse;
using domain::Why;

namespace {

Instant wall_time(const Moment& now, BootTime then) { return now.at + (then - now.boot); }

std::optional<Instant> wall_time(const Moment& now, const std::optional<BootTime>& then) {
    if (!then) return std::nullopt;
    return wall_time(now, *then);
}

domain::WindowTimes times_of(const config::Window& window) { return {window.days, window.from, window.to}; }

}  // namespace

Planning::Planning(const config::Config& config, store::Store* store, Moment now, const std::string& boot_id)
    : config_{config}, store_{store}, now_{now}, zone_{system::time_zone(config.timezone)}, tariff_{config.credits.prices(), {}, {}} {
    world_.now = now.at;
    world_.rate = config.limits.submissions;
    if (config.limits.running) world_.limit = static_cast<std::size_t>(*config.limits.running);
    if (store_ != nullptr) gather_world(boot_id);
    purses_for_all();
}

void Planning::gather_world(const std::string& boot_id) {
    tariff_ = tariff_of(config_, *store_);
    usual_720_ = store::usual_duration(*store_->db, Mode::p720);
    usual_1080_ = store::usual_duration(*store_->db, Mode::p1080);
    const Standing standing{*store_, config_, now_.at, now_.boot, boot_id};
    const auto& world = standing.world();
    world_.running.assign(world.running + world.lost, takes(Mode::p720) / 2);
    if (world.quarantine) world_.stops.push_back({Why::quarantine, "quarantine: " + *world.quarantine, std::nullopt});
    if (world.pause) world_.stops.push_back({Why::pause, world.pause->text, wall_time(now_, world.pause->until)});
    if (world.key_doubt) world_.stops.push_back({Why::provider, *world.key_doubt, std::nullopt});
    if (world.lane.pause) world_.stops.push_back({Why::provider, world.lane.pause->text, wall_time(now_, world.lane.pause->until)});
    if (world.away) world_.stops.push_back({Why::output, domain::words_for(*world.away), std::nullopt});
    if (world.low_disk) world_.stops.push_back({Why::disk, "less than output.keep_free is free on " + world.low_disk->where, std::nullopt});
    if (world.funds.available) for_all_.push_back(purse({"the account's balance", *world.funds.available - world.funds.keep, {}, Why::credits, {}}));
    gather_ahead();
}

/// Jobs that may go already, and came first.
void Planning::gather_ahead() {
    for (const auto& batch : store_->queue.batches()) {
        domain::PlannedBatch its;
        add_window(batch.window, its);
        const bool open = its.window.empty() || (its.stand && its.stand(now_.at).day);
        if (!open || batch.held || batch.review) continue;
        world_.ahead.insert(world_.ahead.end(), static_cast<std::size_t>(store_->queue.waiting(batch.id, 100'000)), takes(Mode::p720));
    }
}

std::chrono::milliseconds Planning::takes(Mode mode) const { return usual(mode).value_or(5min); }
std::optional<std::chrono::milliseconds> Planning::usual(Mode mode) const { return mode == Mode::p720 ? usual_720_ : usual_1080_; }

std::size_t Planning::purse(PlannedPurse purse) {
    world_.purses.push_back(std::move(purse));
    return world_.purses.size() - 1;
}

Credits Planning::left(Credits limit, const std::string& prefix, const std::string& first) const {
    if (store_ == nullptr) return limit;
    const auto booked = prefix == first ? store_->accounts.of(first) : store_->accounts.from(prefix, first);
    return limit - booked.spent - booked.reserved;
}

PlannedPurse Planning::daily(const std::string& what, Credits limit, const std::string& prefix) const {
    const auto starts = config_.credits.day_starts;
    const auto day = domain::to_string(domain::accounting_date(now_.at, zone_, starts));
    const auto renewed = [zone = zone_, starts](Instant at) { return domain::day_ends(domain::accounting_date(at, zone, starts), zone, starts); };
    return {what, left(limit, prefix, prefix + day), limit, Why::budget, renewed};
}

PlannedPurse Planning::monthly(const std::string& what, Credits limit, const std::string& prefix) const {
    const auto starts = config_.credits.day_starts;
    const auto month = domain::to_string(domain::accounting_date(now_.at, zone_, starts)).substr(0, 7);
    const auto renewed = [zone = zone_, starts](Instant at) { return domain::month_ends(domain::accounting_date(at, zone, starts), zone, starts); };
    return {what, left(limit, prefix, prefix + month), limit, Why::budget, renewed};
}

void Planning::purses_for_all() {
    const auto prefix = store::day_account("");
    if (config_.credits.per_day) for_all_.push_back(purse(daily("the day's budget (credits.per_day)", *config_.credits.per_day, prefix)));
    if (config_.credits.per_month) for_all_.push_back(purse(monthly("the month's budget (credits.per_month)", *config_.credits.per_month, prefix)));
}

void Planning::add_purses(const Examination& e, domain::PlannedBatch& batch, const std::string& share, const std::optional<store::BatchRow>& into) {
    batch.purses = for_all_;
    const auto budget = into ? into->budget : e.manifest->budget;
    if (budget) {
        const auto account = into ? store::batch_account(into->id) : std::string{};
        batch.purses.push_back(purse({"the batch's budget", into ? left(*budget, account, account) : *budget, *budget, Why::budget, {}}));
    }
    const auto named = [&](const std::string& what, auto make) {
        auto known = named_purses_.find(what);
        if (known == named_purses_.end()) known = named_purses_.emplace(what, purse(make(what))).first;
        batch.purses.push_back(known->second);
    };
    if (const auto its = config_.shares.find(share); its != config_.shares.end()) {
        const auto prefix = store::share_account(share, "");
        if (its->second.per_day) named("the day's budget of the share " + share, [&](const auto& what) { return daily(what, *its->second.per_day, prefix); });
        if (its->second.per_month)
            named("the month's budget of the share " + share, [&](const auto& what) { return monthly(what, *its->second.per_month, prefix); });
    }
    const auto window = config_.windows.find(batch.window);
    if (window == config_.windows.end() || !window->second.budget) return;
    named("the budget of the window " + batch.window, [&](const auto& what) {
        const auto day = batch.stand(now_.at).day;
        const auto account = day ? store::window_account(batch.window, domain::to_string(*day)) : std::string{};
        const auto limit = *window->second.budget;
        return PlannedPurse{what, day ? left(limit, account, account) : limit, limit, Why::budget,
                            [stand = batch.stand](Instant at) { return stand(at).changes; }};
    });
}

void Planning::add_window(const std::string& name, domain::PlannedBatch& batch) {
    batch.window = name;
    const auto window = config_.windows.find(name);
    if (window == config_.windows.end()) return;
    batch.stand = [times = times_of(window->second), zone = zone_](Instant at) { return domain::stand_of(times, at, zone); };
}

void Planning::count_uploads(const Examination& e, PlannedManifest& manifest) {
    for (const auto& input : e.inputs) {
        if (input.sha256.empty() || !uploads_.insert(input.sha256).second) continue;
        if (store_ != nullptr && store_->uploads.has(input.sha256, now_.at)) continue;
        manifest.uploads++;
        manifest.upload_bytes += input.facts.bytes;
    }
}

void Planning::add(const Examination& e) {
    std::optional<store::BatchRow> into;
    if (e.manifest->append && store_ != nullptr) into = store_->batches.find(domain::name_key(e.manifest->append->text));
    PlannedManifest manifest;
    domain::PlannedBatch batch;
    for (const auto& job : e.jobs) {
        if (!job.spec.invalid.empty()) {
            manifest.bad++;
            continue;
        }
        const auto price = tariff_.price(job.length, job.spec.mode);
        batch.jobs.push_back({price, takes(job.spec.mode)});
        manifest.credits += price;
    }
    manifest.jobs = batch.jobs.size();
    count_uploads(e, manifest);
    const auto of = [](const std::optional<domain::Written>& name) { return name ? name->text : std::string{}; };
    add_window(into ? into->window : of(e.manifest->window), batch);
    add_purses(e, batch, into ? into->share : of(e.manifest->share), into);
    const auto there = into ? tariff_.price(store_->appends.left(into->id)) : Credits{};
    if (domain::asks_again(there, manifest.credits, config_.credits.ask_above))
        batch.stops.push_back({Why::review, "estimated above credits.ask_above (" + to_string(*config_.credits.ask_above) + ")", std::nullopt});
    if (into && into->held) batch.stops.push_back({Why::hold, "the batch is held", std::nullopt});
    batches_.push_back(std::move(batch));
    manifests_.push_back(std::move(manifest));
}

std::vector<PlannedManifest> Planning::plan() const {
    auto manifests = manifests_;
    const auto plans = domain::plan(world_, batches_);
    for (std::size_t i = 0; i < plans.size(); i++) manifests[i].plan = plans[i];
    return manifests;
}

}  // namespace motionspool::app
