#include "app/carried_over.hpp"
#include <filesystem>
#include <sstream>
#include "app/output.hpp"
#include "base/text.hpp"
#include "domain/window.hpp"
#include "system/log.hpp"
#include "system/time_zone.hpp"

namespace motionspool::app {
using namespace std::chrono_literals;
using Waiting = store::Carried::Waiting;

namespace {

/// What a key was in the last run, if it was another; the one of now is remembered. Nothing at the first start.
std::optional<std::string> was(store::Store& store, const std::string& key, const std::string& now) {
    auto before = store.notes.fact("was:" + key);
    if (before != now) store.notes.set_fact("was:" + key, now);
    return before == now ? std::nullopt : std::move(before);
}

void model(store::Store& store, const config::Config& config, const std::vector<Waiting>& waiting, Instant now) {
    const auto& model = config.provider.model;
    const auto before = was(store, "provider.model", model);
    if (!before || waiting.empty()) return;
    std::size_t jobs = 0;
    const auto text = fmt::format("provider.model is {} now and was {}: what is submitted from now on is rendered by it", model, *before);
    for (const auto& batch : waiting) {
        jobs += batch.jobs;
        store.notes.event(batch.batch, text, now);
    }
    log::warn(
        "{}, {} that were accepted before among them; `motionspool hold BATCH` keeps a batch back. Are credits.per_second and credits.minimum those of it?",
        text, count_of(jobs, "waiting job"));
}

void provider(store::Store& store, const config::Config& config, Instant now) {
    const auto before = was(store, "provider.api_url", config.provider.api_url);
    const auto tasks = store.attempts.submitted().size();
    if (before && tasks > 0)
        log::warn("provider.api_url is {} now and was {}, where {} under way; they are asked about at the new one", config.provider.api_url, *before,
                  count_of(tasks, "task is", "tasks are"));
    const auto uploads = fmt::format("{} {}", config.provider.upload_url, config.provider.upload_ttl.count());
    if (was(store, "uploads", uploads)) store.uploads.forget_beyond(now - std::chrono::years{1});  // sent anew, for nothing
}

void shares_and_windows(const config::Config& config, const std::vector<Waiting>& waiting) {
    std::map<std::string, std::size_t> shares, windows;
    for (const auto& batch : waiting) {
        if (!batch.share.empty() && !config.shares.contains(batch.share)) shares[batch.share] += batch.jobs;
        if (!batch.window.empty() && !config.windows.contains(batch.window)) windows[batch.window] += batch.jobs;
    }
    for (const auto& [name, jobs] : windows)
        log::warn(
            "{} for the window {}, which the configuration does not have: never submitted until `motionspool set BATCH window=none`, or windows.{} is there",
            count_of(jobs, "job waits", "jobs wait"), name, name);
    for (const auto& [name, jobs] : shares)
        log::warn("{} to the share {}, which the configuration does not have: weight 1, and no limit but those of all",
                  count_of(jobs, "waiting job belongs", "waiting jobs belong"), name);
}

/// By what days and windows begin.
std::string calendar_of(const config::Config& config) {
    auto text = fmt::format("{} {}", system::time_zone_name(config.timezone), config.credits.day_starts.count());
    for (const auto& [name, window] : config.windows) {
        text += fmt::format(" {}={}-{}/", name, window.from.count(), window.to.count());
        for (const bool day : window.days) text += day ? '1' : '0';
    }
    return text;
}

/// What was booked to a day, or to a window's, that the calendar of now calls a later one counts for that: no budget opens twice.
void bookings(store::Store& store, const config::Config& config) {
    const auto calendar = calendar_of(config);
    if (store.notes.fact("was:calendar") == calendar) return;  // not known: of a version that did not remember it
    store.notes.set_fact("was:calendar", calendar);
    const auto zone = system::time_zone(config.timezone);
    std::size_t moved = 0;
    for (const auto& booking : store.carried.dated(Instant{})) {
        std::optional<std::chrono::local_days> day = domain::accounting_date(booking.reserved, zone, config.credits.day_starts);
        if (booking.prefix.starts_with("window/")) {
            const auto window = config.windows.find(booking.prefix.substr(7, booking.prefix.size() - 8));
            day.reset();
            if (window != config.windows.end())
                day = domain::stand_of({window->second.days, window->second.from, window->second.to}, booking.reserved, zone).day;
        }
        if (!day || !domain::counts_for_later(booking.date, *day)) continue;
        store.carried.book_for(booking, domain::to_string(*day));
        moved++;
    }
    if (moved > 0) log::info("timezone, credits.day_starts or windows changed: {} for a later day now", count_of(moved, "booking counts", "bookings count"));
}

void tries(store::Store& store, const config::Config& config, Instant now) {
    std::size_t failed = 0;
    while (const auto some = store.carried.fail_used_up(config.limits.attempts, now, 500)) failed += some;
    if (failed > 0)
        log::warn("{} used up limits.attempts, which is {} now, and failed; `motionspool retry` lets them try again",
                  count_of(failed, "waiting job has", "waiting jobs have"), config.limits.attempts);
}

/// Downloads begun under another output.name begin anew under this one.
void parts(store::Store& store, const config::Config& config) {
    const auto& output = config.output;
    const auto before =
        was(store, "output", fmt::format("{}\n{}\n{}\n{}", output.directory, output.name, output.draft_name, system::time_zone_name(config.timezone)));
    if (!before) return;
    config::OutputSettings settings;
    std::string zone_name;
    std::istringstream lines{*before};
    for (auto* text : {&settings.directory, &settings.name, &settings.draft_name, &zone_name}) std::getline(lines, *text);
    try {
        const auto zone = system::time_zone(zone_name);
        for (const auto id : store.jobs.in_state(domain::JobState::downloading)) {
            const auto job = store.jobs.get(id);
            const auto attempt = store.attempts.rendered(id, job->stage);
            std::error_code ignored;
            if (attempt) std::filesystem::remove(part_name(settings, zone, *job, attempt->id), ignored);
        }
    } catch (const std::runtime_error&) {}  // a zone that this machine no longer has: what is left of a download stays there
}

}  // namespace

void carry_over(store::Store& store, const config::Config& config, Instant now) {
    const auto waiting = store.carried.waiting();
    model(store, config, waiting, now);
    provider(store, config, now);
    shares_and_windows(config, waiting);
    bookings(store, config);
    tries(store, config, now);
    parts(store, config);
}

}  // namespace motionspool::app
