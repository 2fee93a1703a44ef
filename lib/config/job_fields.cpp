#include "config/job_fields.hpp"
#include <algorithm>
#include <array>
#include "base/time.hpp"
#include "config/web_address.hpp"
#include "domain/names.hpp"

namespace motionspool::config {
namespace {

using domain::Mode;
using domain::Orientation;
using domain::Written;

std::optional<Mode> read_mode(const Item& item, Report& report) {
    constexpr std::array<std::string_view, 2> words{"720p", "1080p"};
    const auto choice = read_choice(item, words, report);
    if (!choice) return std::nullopt;
    return *choice == 0 ? Mode::p720 : Mode::p1080;
}

std::optional<Orientation> read_orientation(const Item& item, Report& report) {
    constexpr std::array<std::string_view, 2> words{"video", "image"};
    const auto choice = read_choice(item, words, report);
    if (!choice) return std::nullopt;
    return *choice == 0 ? Orientation::video : Orientation::image;
}

SpanRange length_range() {
    const auto limits = domain::motion_length_limits(Orientation::video);
    return {limits.shortest, limits.longest};
}

/// The fields that `defaults` and an entry of `jobs` have in common.
void read_common(Fields& fields, JobDefaults& into, int most_takes) {
    fields.read("image", into.image, read_file_or_url);
    fields.read("motion", into.motion, read_file_or_url);
    fields.read("prompt", into.prompt, read_prose, most_prompt_characters);
    fields.read("mode", into.mode, read_mode);
    fields.read("orientation", into.orientation, read_orientation);
    fields.read("seconds", into.seconds, read_seconds, length_range());
    fields.read("takes", into.takes, read_integer, 1, most_takes);
}

/// The file of one side of a job: its own, else the one of `defaults`, which then is complained about at the job.
std::optional<Written> own_or_default(const std::optional<Written>& value, const std::optional<Written>& by_default, Offset entry) {
    if (!value || value != by_default) return value;
    return Written{value->text, by_default->at == Offset{} ? entry : by_default->at};
}

void check_entry_length(const domain::JobEntry& job, const std::optional<Item>& seconds, Report& report) {
    if (seconds && !job.seconds) return;  // complained about already
    check_length(job.motion, job.seconds, job.orientation, seconds ? seconds->at() : job.motion.at, "to the job", report);
    if (seconds && !job.motion.text.empty() && !domain::is_url(job.motion.text))
        report.warning(seconds->at(), "`seconds` is left aside: the motion is a file, and its own length counts");
}

}  // namespace

std::string belongs_to_manifest(std::string_view key) {
    constexpr std::array<std::string_view, 11> keys{"batch", "append", "priority", "share", "window", "budget", "partial", "finish", "note", "labels", "run"};
    if (std::ranges::find(keys, key) == keys.end()) return {};
    return "`" + std::string{key} + "` belongs to the whole manifest; write it at the top, beside `jobs`";
}

std::optional<Written> read_file_or_url(const Item& item, Report& report) {
    if (!item.node.is_text() || item.node.text.empty()) {
        const bool several = item.node.kind == Node::Kind::list && item.name.find(' ') == std::string::npos;
        complain_wrong(item, several ? "one path or https URL; several go into `matrix`" : "a path or an https URL", report);
        return std::nullopt;
    }
    auto text = read_text(item, report);
    if (!text) return std::nullopt;
    if (domain::is_url(*text)) {
        const auto address = parse_web_address(*text);
        if (!address) {
            report.error(item.at(), subject(item) + " " + address.problem().text);
            return std::nullopt;
        }
    }
    return Written{std::move(*text), item.at()};
}

std::optional<Written> read_name(const Item& item, Report& report) {
    if (!item.node.is_text()) {
        complain_wrong(item, "a name", report);
        return std::nullopt;
    }
    const auto text = read_text(item, report);
    if (!text) return std::nullopt;
    const auto problem = domain::name_problem(*text);
    if (!problem) return Written{domain::nfc(*text), item.at()};
    report.error(item.at(), subject(item) + " " + *problem);
    return std::nullopt;
}

void check_length(const Written& motion, std::optional<std::chrono::milliseconds> seconds, Orientation orientation, Offset at, std::string_view where_to_write,
                  Report& report) {
    if (!domain::is_url(motion.text)) return;
    if (!seconds) {
        report.error(motion.at, "the length of a motion given as a URL is not known; add `seconds: 6.5` (its length) " + std::string{where_to_write});
        return;
    }
    const auto longest = domain::motion_length_limits(orientation).longest;
    if (*seconds > longest)
        report.error(at, "the motion is " + to_words(*seconds) + " long; at most " + to_words(longest) + " is accepted with orientation: image");
}

JobDefaults read_job_defaults(const Item& map, JobDefaults from, int most_takes, Report& report) {
    if (!require_map(map, "keys such as mode: and prompt:", report)) return from;
    Fields fields{map.node, {}, report};
    read_common(fields, from, most_takes);
    fields.finish(
        [](std::string_view key) { return key == "id" ? std::string{"`id` cannot have a default; write it to the jobs"} : belongs_to_manifest(key); });
    return from;
}

domain::JobEntry read_job(const Node& node, const JobDefaults& defaults, int most_takes, Report& report) {
    domain::JobEntry job;
    job.at = node.at;
    const auto before = report.mark();
    if (!require_map({"an entry of `jobs`", node}, "keys such as image: and motion:", report)) {
        job.invalid = report.errors_since(before);
        return job;
    }
    Fields fields{node, {}, report};
    fields.read("id", job.id, read_name);
    const auto id = fields.find("id");
    if (id && !job.id && id->node.is_text()) job.id = Written{id->node.text, id->at()};  // the job's name is made of what it should be
    auto values = defaults;
    read_common(fields, values, most_takes);
    const bool has_image = fields.find("image") || values.image, has_motion = fields.find("motion") || values.motion;
    if (!has_image) fields.missing("image", "a path or an https URL");
    if (!has_motion) fields.missing("motion", "a path or an https URL");
    const auto seconds = fields.find("seconds");
    fields.finish(belongs_to_manifest);
    job.image = own_or_default(values.image, defaults.image, node.at).value_or(Written{{}, node.at});
    job.motion = own_or_default(values.motion, defaults.motion, node.at).value_or(Written{{}, node.at});
    job.prompt = std::move(values.prompt);
    job.mode = values.mode;
    job.orientation = values.orientation;
    job.seconds = values.seconds;
    job.takes = values.takes;
    check_entry_length(job, seconds, report);
    job.invalid = report.errors_since(before);
    return job;
}

}  // namespace motionspool::config
