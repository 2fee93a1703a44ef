// shares, windows, manifest_defaults: who may render, when, and what a manifest need not say.
#include <algorithm>
#include <array>
#include <set>
#include "config/batch_fields.hpp"
#include "config/job_fields.hpp"
#include "config/sections.hpp"
#include "domain/names.hpp"

namespace motionspool::config {
namespace {

using namespace std::chrono_literals;
using Days = std::array<bool, 7>;

/// Complains about a name that is none, or that another entry of the group has.
bool is_new_name(const Node& key, std::string_view what, std::set<std::string>& taken, Report& report) {
    auto problem = domain::name_problem(key.text);
    if (!problem && key.text == "none") problem = "means that there is none; choose another name";
    if (!problem && !taken.insert(domain::name_key(key.text)).second) problem = "is there twice; upper and lower case count as the same";
    if (problem) report.error(key.at, "the " + std::string{what} + " " + in_quotes(key.text) + " " + *problem);
    return !problem;
}

std::optional<Days> read_days(const Item& item, Report& report) {
    constexpr std::array<std::string_view, 7> words{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    const auto items = read_list(item, report);
    if (!items) return std::nullopt;
    Days days{};
    for (const auto& day : *items) {
        const auto choice = read_choice(day, words, report);
        if (choice && days[*choice]) report.error(day.at(), in_quotes(day.node.text) + " is listed twice in " + subject(item));
        if (choice) days[*choice] = true;
    }
    if (items->empty()) report.error(item.at(), subject(item) + " is an empty list; expected at least one of " + one_of(words));
    return days;
}

Window read_window_times(const Item& item, Report& report) {
    Window window;
    if (!require_map(item, "keys such as from: \"22:00\" and to: \"06:00\"", report)) return window;
    Fields fields{item.node, item.name + ".", report};
    fields.read("days", window.days, read_days);
    if (!fields.find("from")) fields.missing("from", "a time of day such as \"22:00\"");
    if (!fields.find("to")) fields.missing("to", "a time of day such as \"06:00\"");
    fields.read("from", window.from, read_time_of_day, 23h + 59min);
    fields.read("to", window.to, read_time_of_day, 24h);
    fields.read("budget", window.budget, read_credits_or_none);
    fields.finish();
    if (window.from == window.to)
        report.error(item.at(), subject(item) + " begins and ends at the same time; for a whole day write from: \"00:00\" and to: \"24:00\"");
    return window;
}

Share read_share(const Item& item, Report& report) {
    Share share;
    if (!require_map(item, "keys such as weight: 1", report)) return share;
    Fields fields{item.node, item.name + ".", report};
    fields.read("weight", share.weight, read_integer, 1, 1'000);
    fields.read("per_day", share.per_day, read_credits_or_none);
    fields.read("per_month", share.per_month, read_credits_or_none);
    fields.read("max_priority", share.max_priority, read_integer, least_priority, most_priority);
    fields.finish();
    return share;
}

std::optional<std::optional<std::string>> read_window_name(const Item& item, Report& report) {
    const auto name = read_window(item, report);
    if (!name) return std::nullopt;
    return *name ? std::optional{(*name)->text} : std::nullopt;
}

std::optional<std::string> read_share_name(const Item& item, Report& report) {
    const auto name = read_name(item, report);
    return name ? std::optional{name->text} : std::nullopt;
}

/// Places in the configuration mean nothing in a manifest.
void forget_places(JobDefaults& job) {
    if (job.image) job.image->at = {};
    if (job.motion) job.motion->at = {};
}

}  // namespace

void read_shares(const Item& item, std::map<std::string, Share>& shares, Report& report) {
    if (!require_map(item, "keys such as marketing: {weight: 2}", report)) return;
    shares.clear();
    std::set<std::string> taken;
    for (const auto& [key, value] : item.node.fields)
        if (is_new_name(key, "share", taken, report)) shares.emplace(domain::nfc(key.text), read_share({"shares." + key.text, value}, report));
}

void read_windows(const Item& item, std::map<std::string, Window>& windows, Report& report) {
    if (!require_map(item, "keys such as night: {from: \"22:00\", to: \"06:00\"}", report)) return;
    windows.clear();
    std::set<std::string> taken;
    for (const auto& [key, value] : item.node.fields)
        if (is_new_name(key, "window", taken, report)) windows.emplace(domain::nfc(key.text), read_window_times({"windows." + key.text, value}, report));
}

void read_manifest_defaults(const Item& item, const Config& config, ManifestDefaults& defaults, Report& report) {
    if (!require_map(item, expects_keys, report)) return;
    Fields fields{item.node, "manifest_defaults.", report};
    fields.read("priority", defaults.priority, read_integer, least_priority, most_priority);
    fields.read("share", defaults.share, read_share_name);
    fields.read("window", defaults.window, read_window_name);
    fields.read("budget", defaults.budget, read_credits_or_none);
    fields.read("partial", defaults.partial, read_boolean);
    fields.read("finish", defaults.finish, read_finish);
    if (const auto job = fields.find("defaults")) defaults.job = read_job_defaults(*job, defaults.job, config.limits.manifest_jobs, report);
    forget_places(defaults.job);
    const auto window = fields.find("window");
    if (window && defaults.window && !config.windows.contains(*defaults.window))
        report.error(window->at(), "`manifest_defaults.window` is " + in_quotes(*defaults.window) + ", which is not one of `windows`");
    const auto share = fields.find("share");
    if (share && defaults.share && !config.shares.contains(*defaults.share))
        report.error(share->at(), "`manifest_defaults.share` is " + in_quotes(*defaults.share) + ", which is not one of `shares`");
    fields.finish([](std::string_view key) {
        constexpr std::array<std::string_view, 7> of_jobs{"image", "motion", "prompt", "mode", "orientation", "seconds", "takes"};
        if (std::ranges::find(of_jobs, key) == of_jobs.end()) return std::string{};
        return "`" + std::string{key} + "` belongs to jobs; write it under `manifest_defaults.defaults`";
    });
}

}  // namespace motionspool::config
