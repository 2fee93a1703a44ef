#include "app/standing.hpp"
#include <algorithm>
#include "app/accounting_clock.hpp"
#include "app/balance.hpp"
#include "app/files.hpp"
#include "app/key_watch.hpp"
#include "app/places.hpp"
#include "base/text.hpp"
#include "domain/remedy.hpp"

namespace motionspool::app {

std::string name_of_input(store::Store& store, const store::Job& job, const std::string& what, Instant now) {
    const auto input = store.jobs.input(what == "image" ? job.image : job.motion, now);
    return input ? input->source : std::string{};
}

namespace {
std::vector<store::Input> all_uploads(Line& line, const Line::Now& now) {
    Line::Ahead ahead;
    while (!line.look_ahead(ahead, now, {})) {}
    return std::move(ahead.inputs);
}
}  // namespace

void miss_spool(store::Store& store, Instant now) {
    if (!store.notes.fact("spool_lost")) store.notes.set_fact("spool_lost", to_rfc3339(now));
}

void spool_is_here(store::Store& store) {
    if (store.notes.fact("spool_lost")) store.notes.forget_fact("spool_lost");
}

std::optional<domain::LowDisk> low_disk(const config::Config& config) {
    const auto keep = config.output.keep_free;
    for (const auto* where : {&config.output.directory, &config.spool.directory, &config.state.directory}) {
        const auto free = free_bytes(*where);
        if (free && *free < keep) return domain::LowDisk{*where, *free, keep};
    }
    return std::nullopt;
}

std::optional<domain::Stopped> pause_of(store::Store& store, Instant now, BootTime boot) {
    const auto pause = store.operations.paused(now);
    if (!pause) return std::nullopt;
    const auto reason = pause->reason.empty() ? "" : " (" + pause->reason + ")";
    if (!pause->until) return domain::Stopped{"nothing is submitted until a person says so" + reason, std::nullopt};
    const auto until = to_rfc3339(std::chrono::round<std::chrono::seconds>(*pause->until));
    return domain::Stopped{"nothing is submitted until " + until + reason, boot + (*pause->until - now)};
}

std::optional<domain::LanePause> lane_pause(store::Store& store, Instant now, BootTime boot) {
    using enum domain::LanePause::Why;
    const auto note = store.notes.lane();
    if (!note) return std::nullopt;
    const auto why = note->why == "credits" ? credits : note->why == "rate" ? rate : provider;
    return domain::LanePause{why, note->text, boot + (note->until.value_or(now) - now), why != rate};
}

void count_running(store::Store& store, const config::Config& config, BootTime boot, const std::string& boot_id, domain::World& world) {
    const auto deadline = config.limits.task_deadline;
    const auto held = store.attempts.running(boot_id, boot - deadline);
    world.running = held.tasks;
    world.lost = held.lost;
    if (held.first) world.lost_until = *held.first + deadline;
    if (config.limits.running) world.limit = static_cast<std::size_t>(*config.limits.running);
}

domain::RateLog rate_log(store::Store& store, const domain::Rate& rate, const std::string& boot_id) {
    std::vector<domain::PastSubmission> past;
    for (const auto& attempt : store.attempts.latest(domain::to_remember(rate)))
        past.push_back({attempt.id, attempt.boot == boot_id, attempt.armed_boot, attempt.answered});
    return domain::take_up(rate, past);
}

Standing::Standing(store::Store& store, const config::Config& config, Instant now, BootTime boot, const std::string& boot_id)
    : store_{store}, config_{config}, now_{now}, boot_{boot}, accounting_{accounting_moment(store, now, boot, boot_id)}, line_{config, store} {
    const std::optional<domain::Rate> rate = config.limits.submissions;
    if (rate) log_ = rate_log(store, *rate, boot_id);
    world_.quarantine = store.notes.fact("quarantine");
    world_.away = output_away(store, config);
    world_.low_disk = low_disk(config);
    world_.key_doubt = key_doubt(store);
    world_.pause = pause_of(store, now, boot);
    world_.funds = funds_of(store, config, now);
    world_.lane = domain::take_up(store.notes.narrowing(), std::nullopt, false, boot, rate);
    world_.lane.pause = lane_pause(store, now, boot);
    world_.unanswered = store.attempts.unanswered();
    callbacks_ = !config.webhook.public_url.empty();
    count_running(store, config, boot, boot_id, world_);
}

std::optional<domain::Blocked> Standing::waiting(const store::JobView& job) const {
    if (job.state != domain::JobState::queued) return std::nullopt;
    const auto blocked = but_for_its_place(job);
    return blocked || job.upload ? blocked : by_upload(job.id);
}

std::optional<domain::Blocked> Standing::but_for_its_place(const store::JobView& job) const {
    const auto blocked = waiting(job.id);
    if (!job.upload || (blocked && blocked->why <= domain::Why::provider)) return blocked;
    return domain::Blocked{domain::Why::provider, boot_ + (job.upload->until.value_or(now_) - now_), job.upload->text};
}

std::optional<domain::Blocked> Standing::waiting(JobId id) const {
    auto world = world_;
    world.rate = log_ ? &*log_ : nullptr;
    const auto one = line_.look_at(id, {now_, accounting_}, {});
    if (!one) return std::nullopt;
    auto& breaker = one->candidate.breaker;
    if (breaker) breaker->name = name_of_input(store_, *store_.jobs.get(id), breaker->what, now_);
    return domain::blocked(one->candidate, world, boot_);
}

std::optional<domain::Blocked> Standing::by_upload(JobId id) const {
    const auto job = store_.jobs.get(id);
    for (const auto which : {job->image, job->motion}) {
        const auto input = store_.jobs.input(which, now_);
        if (!input || input->root == "url" || input->url) continue;
        if (!uploads_) uploads_ = all_uploads(line_, {now_, accounting_});
        const auto at = std::ranges::find(*uploads_, input->sha256, &store::Input::sha256);
        const auto before = static_cast<std::size_t>(at - uploads_->begin());
        const auto place = at == uploads_->end() ? "jobs before this one are served first"
                           : before == 0         ? "it is the next one"
                                                 : count_of(before, "upload goes", "uploads go") + " before it";
        return domain::Blocked{domain::Why::provider, std::nullopt, input->source + " is not uploaded yet; " + place, "uploads go on by themselves"};
    }
    return std::nullopt;
}

void Standing::count_waiting(int most, domain::Overview& overview) const {
    store::JobFilter queued;
    queued.state = "queued";
    queued.most = most;
    for (const auto& job : store_.views.jobs(queued)) {
        const auto blocked = but_for_its_place(job);
        (blocked ? overview.waiting[blocked->why] : overview.next)++;
    }
}

domain::Overview Standing::overview(int most) const {
    const auto open = store_.views.open_attempts();
    const auto totals = store_.attempts.totals();
    domain::Overview overview{.counts = store_.views.counts(),
                              .tasks = open.tasks,
                              .uncertain = open.uncertain,
                              .callbacks = callbacks_,
                              .places = world_.running + world_.lost,
                              .limit = world_.limit,
                              .reserved = totals.reserved,
                              .spent = totals.spent,
                              .waits = std::nullopt};
    count_waiting(most, overview);
    if (const auto note = store_.funds.balance()) {
        overview.balance = note->credits;
        overview.balance_read = note->at;
        overview.available = world_.funds.available;
    }
    overview.lost = world_.lost;
    overview.unknown = store_.attempts.unknown();
    overview.clocks = accounting_.dispute;
    overview.budgets = line_.books().budgets(accounting_.at);
    if (const auto since = store_.notes.fact("spool_lost")) overview.lost_spool = {config_.spool.directory, parse_rfc3339(*since)};
    const auto blocked = domain::lane_blocked(world_, boot_);
    const bool tell = blocked && (overview.counts.contains(domain::JobState::queued) || blocked->why < domain::Why::running);
    if (tell) {
        overview.waits = std::pair{std::string{to_string(blocked->why)}, blocked->numbers};
        overview.remedy = domain::remedy(*blocked, "", "");
    } else if (const auto lane = store_.why_waiting()) {
        overview.waits = std::pair{lane->why, lane->text};
    }
    return overview;
}

}  // namespace motionspool::app
