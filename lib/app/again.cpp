#include "app/again.hpp"
#include <algorithm>
#include <limits>
#include <map>
#include "base/text.hpp"
#include "config/as_written.hpp"
#include "config/manifest_reader.hpp"
#include "config/scalars.hpp"

namespace motionspool::app {
namespace {

/// Where the entry stands that a job came from, by the job's name.
std::map<std::string, Offset> entries_by_job(const domain::Manifest& manifest) {
    std::map<std::string, Offset> places;
    for (const auto& spec : domain::expand(manifest, {}, std::numeric_limits<std::size_t>::max()).jobs) places.emplace(spec.id, spec.at);
    return places;
}

/// The batch has the job by its own name, whatever was written for it; a good number of takes has made that name.
bool is_settled(const std::pair<std::string, std::string>& field) {
    return field.first == "id" || (field.first == "takes" && config::parse_integer(field.second).value_or(0) > 0);
}

}  // namespace

void add_as_written(domain::BatchReport& report, const std::string& manifest, const config::Config& config) {
    const config::ManifestLimits limits{manifest.size(), static_cast<std::size_t>(config.limits.manifest_jobs)};
    const auto read = config::read_manifest(manifest, config.manifest_defaults, limits);
    const auto& known = read.manifest ? read.manifest : read.readable;
    if (!known) return;
    report.partial = report.partial || known->partial;
    const auto is_invalid = [](const domain::ReportedJob& job) { return job.error.starts_with("invalid: "); };
    if (std::ranges::none_of(report.jobs, is_invalid)) return;
    const auto places = entries_by_job(*known);
    const auto entries = config::entries_as_written(manifest);
    for (auto& job : report.jobs) {
        const auto place = is_invalid(job) ? places.find(job.name) : places.end();
        if (place == places.end() || !job.as_written.empty()) continue;
        const auto entry = std::ranges::find(entries, place->second, &config::WrittenEntry::at);
        if (entry == entries.end()) continue;
        job.as_written = entry->fields;
        std::erase_if(job.as_written, is_settled);
    }
}

}  // namespace motionspool::app
