#include "config/manifest_reader.hpp"
#include <algorithm>
#include <array>
#include "base/text.hpp"
#include "config/availability.hpp"
#include "config/batch_fields.hpp"
#include "config/job_fields.hpp"
#include "config/matrix_reader.hpp"
#include "domain/names.hpp"

namespace motionspool::config {
namespace {

using domain::Manifest;
using domain::Written;

constexpr std::size_t most_note_characters = 2'500, most_labels = 100;
constexpr int most_runs = 1'000'000;

/// What the configuration says, where this version can do it.
Manifest from_defaults(const ManifestDefaults& defaults) {
    Manifest manifest;
    manifest.priority = defaults.priority;
    manifest.partial = defaults.partial;
    if (defaults.share) manifest.share = Written{*defaults.share, {}};
    if (defaults.window) manifest.window = Written{*defaults.window, {}};
    manifest.budget = defaults.budget;
    if (is_available("finish")) manifest.finish = defaults.finish;
    return manifest;
}

void check_version(Fields& fields, Report& report) {
    const auto version = fields.find("version");
    if (!version) return fields.missing("version", "version: 1 as the first line");
    if (version->node.kind != Node::Kind::plain || version->node.text != "1") complain_wrong(*version, "1, the only version there is", report);
}

std::map<std::string, std::string> read_labels(Fields& fields, Report& report) {
    std::map<std::string, std::string> labels;
    const auto item = fields.find("labels");
    if (!item || !require_map(*item, "keys with a text each, such as {project: \"4711\"}", report)) return labels;
    if (item->node.fields.size() > most_labels) {
        report.error(item->at(), "`labels` has " + count_of(item->node.fields.size(), "key") + "; at most " + std::to_string(most_labels) + " are allowed");
        return labels;
    }
    for (const auto& [key, value] : item->node.fields) {
        const auto problem = domain::name_problem(key.text);
        if (problem) report.error(key.at, "the label's key " + in_quotes(key.text) + " " + *problem);
        auto text = read_name({"labels." + shortened(key.text), value}, report);
        if (text && !problem) labels.insert_or_assign(domain::nfc(key.text), std::move(text->text));
    }
    return labels;
}

/// What the batch that is appended to has already, and what would be said of it.
void refuse_what_is_the_batchs(Fields& fields, const Manifest& manifest, Report& report) {
    const auto name = manifest.append ? "\"" + manifest.append->text + "\"" : "the other batch";
    constexpr std::array<std::string_view, 4> set{"priority", "share", "window", "budget"};
    for (const auto key : set) {
        if (const auto item = fields.find(key))
            report.error(item->at(), "`" + std::string{key} + "` does not go together with `append`: it belongs to " + name +
                                         ", where `motionspool set` changes it; leave it out");
    }
    if (const auto finish = fields.find("finish"))
        report.error(finish->at(), "`finish` does not go together with `append`: it belongs to " + name + "; leave it out");
    for (const std::string_view key : {"note", "labels"}) {
        if (const auto item = fields.find(key))
            report.warning(item->at(), "`" + std::string{key} + "` is left aside: " + name + ", which this is appended to, keeps its own");
    }
}

/// `append: ""` is as good as none.
std::optional<Item> find_append(Fields& fields) {
    auto append = fields.find("append");
    return append && append->node.kind == Node::Kind::quoted && append->node.text.empty() ? std::nullopt : append;
}

void refuse_what_is_not_available(Fields& fields, Report& report) {
    const auto finish = fields.find("finish");
    if (finish && finish->node.text == "ask" && !is_available("finish"))
        report.error(finish->at(), "`finish: ask` is not available in this version; leave it out");
}

/// Turns a name into the configuration's own spelling of it. @return does that have it?
bool has_name(std::span<const std::string_view> names, Written& written) {
    const auto known = std::ranges::find(names, domain::name_key(written.text), [](std::string_view name) { return domain::name_key(name); });
    if (known != names.end()) written.text = *known;
    return known != names.end();
}

/// A share that the configuration does not have is a group all the same, with weight 1 and without limits.
void check_share(std::optional<Written>& share, std::span<const std::string_view> names, Report& report) {
    if (!share || has_name(names, *share)) return;
    const auto meant = nearest(share->text, names);
    if (!meant.empty())
        report.warning(share->at, "`share` is " + in_quotes(share->text) +
                                      ", a group without limits, as it is not one of `shares` in the configuration; did you mean \"" + std::string{meant} +
                                      "\"?");
}

void check_window(std::optional<Written>& window, std::span<const std::string_view> names, Report& report) {
    if (!window || has_name(names, *window)) return;
    const auto text = "`window` is " + in_quotes(window->text) + ", which is not one of `windows` in the configuration";
    const auto meant = nearest(window->text, names);
    report.error(window->at, !meant.empty()  ? text + "; did you mean \"" + std::string{meant} + "\"?"
                             : names.empty() ? text + "; it has none"
                                             : text + "; expected " + one_of(names));
}

void check_names(Fields& fields, Manifest& manifest, const ManifestLimits& limits, Report& report) {
    std::vector<std::string_view> shares;
    for (const auto& share : limits.shares) shares.push_back(share.first);
    const std::vector<std::string_view> windows{limits.windows.begin(), limits.windows.end()};
    check_share(manifest.share, shares, report);
    check_window(manifest.window, windows, report);
    const auto share = manifest.share ? limits.shares.find(manifest.share->text) : limits.shares.end();
    if (share == limits.shares.end() || manifest.priority <= share->second) return;
    const auto most = std::to_string(share->second);
    if (const auto priority = fields.find("priority"))
        report.warning(priority->at(), "`priority` is " + std::to_string(manifest.priority) + ", and the share " + in_quotes(share->first) + " has at most " +
                                           most + "; " + most + " is taken");
    manifest.priority = share->second;
}

void read_batch(Fields& fields, const ManifestLimits& limits, Manifest& manifest, Report& report) {
    check_version(fields, report);
    fields.read("batch", manifest.batch, read_name);
    if (const auto append = find_append(fields)) {
        manifest.append = read_name(*append, report);
        if (const auto batch = fields.find("batch")) report.error(append->at(), "`append` and `batch` do not go together; keep the one that is meant");
        refuse_what_is_the_batchs(fields, manifest, report);
    }
    fields.read("priority", manifest.priority, read_integer, least_priority, most_priority);
    fields.read("share", manifest.share, read_window);
    fields.read("window", manifest.window, read_window);
    fields.read("budget", manifest.budget, read_credits_or_none);
    fields.read("partial", manifest.partial, read_boolean);
    fields.read("finish", manifest.finish, read_finish);
    fields.read("note", manifest.note, read_prose, most_note_characters);
    manifest.labels = read_labels(fields, report);
    fields.read("run", manifest.run, read_integer, 1, most_runs);
    check_names(fields, manifest, limits, report);
    refuse_what_is_not_available(fields, report);
}

/// @return how many errors belong to single jobs
std::size_t read_jobs(const Item& item, const JobDefaults& defaults, int most, Manifest& manifest, Report& report) {
    if (item.node.kind != Node::Kind::list) {
        complain_wrong(item, "a list of entries that begin with \"- \"", report);
        return 0;
    }
    const auto& entries = item.node.items;
    if (entries.size() > static_cast<std::size_t>(most)) {
        report.error(item.at(), "`jobs` has " + std::to_string(entries.size()) + " entries; at most " + std::to_string(most) + " are allowed, split it");
        return 0;
    }
    const auto before = report.errors();
    manifest.jobs.reserve(entries.size());
    for (const auto& entry : entries) manifest.jobs.push_back(read_job(entry, defaults, most, report));
    return report.errors() - before;
}

std::string belongs_to_jobs(std::string_view key) {
    constexpr std::array<std::string_view, 8> keys{"id", "image", "motion", "prompt", "mode", "orientation", "seconds", "takes"};
    if (std::ranges::find(keys, key) == keys.end()) return {};
    const auto* const where = key == "id" ? "write it there" : "write it there, or under `defaults` for all of them";
    return "`" + std::string{key} + "` belongs to the entries of `jobs`; " + where;
}

/// With `finish: ask` the modes are given: 720p, then 1080p.
void check_no_mode(const Item& group, Report& report) {
    for (const auto& field : group.node.fields)
        if (field.key.text == "mode")
            report.error(field.value.at, "`mode` and `finish: ask` do not go together: drafts are 720p and finals 1080p; leave `mode` out");
    for (const auto& entry : group.node.items) check_no_mode({group.name, entry}, report);
}

/// Reads the whole tree.
/// @return how many errors belong to single jobs
std::size_t read_tree(const Node& root, const ManifestDefaults& defaults, const ManifestLimits& limits, Manifest& manifest, Report& report) {
    const auto most = static_cast<int>(std::min<std::size_t>(limits.jobs, 1'000'000));
    Fields fields{root, {}, report};
    read_batch(fields, limits, manifest, report);
    const auto defaults_item = fields.find("defaults"), jobs = fields.find("jobs"), matrix = fields.find("matrix");
    const auto job_defaults = defaults_item ? read_job_defaults(*defaults_item, defaults.job, most, report) : defaults.job;
    const auto of_jobs = jobs ? read_jobs(*jobs, job_defaults, most, manifest, report) : 0;
    if (matrix)
        manifest.matrix = read_matrix(*matrix, job_defaults, most, report);
    else if (!jobs)
        fields.lacks("jobs", "neither `jobs` nor `matrix` is there; expected at least one job");
    else if (jobs->node.kind == Node::Kind::list && jobs->node.items.empty())
        report.error(jobs->at(), "`jobs` is an empty list; expected at least one job");
    fields.finish(belongs_to_jobs);
    if (manifest.finish == domain::Finish::ask)
        for (const auto& group : {defaults_item, jobs})
            if (group) check_no_mode(*group, report);
    return of_jobs;
}

ReadManifest rejected(Manifest manifest, const ManifestLimits& limits, Report& report) {
    if (!report.full()) report.append(domain::expand(manifest, {}, limits.jobs).complaints);
    return {.manifest = std::nullopt, .readable = std::move(manifest), .complaints = report.take()};
}

}  // namespace

ManifestLimits manifest_limits(const Config& config) {
    ManifestLimits limits{config.limits.manifest_bytes, static_cast<std::size_t>(config.limits.manifest_jobs), {}, {}};
    for (const auto& [name, share] : config.shares) limits.shares.emplace(name, share.max_priority);
    for (const auto& window : config.windows) limits.windows.push_back(window.first);
    return limits;
}

ReadManifest read_manifest(std::string_view bytes, const ManifestDefaults& defaults, const ManifestLimits& limits) {
    Report report{bytes};
    const auto root = read_yaml({.bytes = limits.bytes}, report);
    const bool was_readable = report.errors() == 0;
    if (!root || root->kind == Node::Kind::null) {
        if (was_readable) report.error({}, "the manifest is empty; expected version, jobs and so on");
        return {.manifest = std::nullopt, .readable = std::nullopt, .complaints = report.take()};
    }
    if (!require_map({"the manifest", *root}, "keys such as version: and jobs:", report))
        return {.manifest = std::nullopt, .readable = std::nullopt, .complaints = report.take()};
    auto manifest = from_defaults(defaults);
    const auto of_jobs = read_tree(*root, defaults, limits, manifest, report);
    const bool usable_in_part = manifest.partial && report.errors() == of_jobs;
    if (report.errors() > 0 && !usable_in_part) return rejected(std::move(manifest), limits, report);
    return {.manifest = std::move(manifest), .readable = std::nullopt, .complaints = report.take()};
}

}  // namespace motionspool::config
