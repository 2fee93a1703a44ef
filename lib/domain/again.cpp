#include "domain/again.hpp"
#include <algorithm>
#include "domain/manifest.hpp"

namespace motionspool::domain {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;  ///< keys with the YAML text of their values

std::string one_line(std::string text) {
    for (char& c : text) {
        if (c == '\n' || c == '\r') c = ' ';
    }
    return text;
}

/// What was recorded of a job, in the order in which people write it.
Fields recorded(const ReportedJob& job) {
    Fields fields{{"id", yaml_quoted(job.name)}};
    if (!job.image.empty()) fields.emplace_back("image", yaml_quoted(job.image));
    if (!job.motion.empty()) fields.emplace_back("motion", yaml_quoted(job.motion));
    if (is_url(job.motion)) fields.emplace_back("seconds", to_string(Credits::from_milli(job.length.count())));
    if (!job.prompt.empty()) fields.emplace_back("prompt", yaml_quoted(job.prompt));
    fields.emplace_back("mode", job.mode);
    fields.emplace_back("orientation", job.orientation);
    return fields;
}

Fields fields_of(const ReportedJob& job) {
    auto fields = recorded(job);
    for (const auto& [key, value] : job.as_written) {
        const auto same = std::ranges::find(fields, key, &Fields::value_type::first);
        if (same != fields.end())
            same->second = value;
        else
            fields.emplace_back(key, value);
    }
    return fields;
}

std::string head(const BatchReport& report) {
    std::string text = "version: 1\n";
    if (report.priority != 0) text += "priority: " + std::to_string(report.priority) + "\n";
    if (report.partial) text += "partial: true\n";
    if (!report.note.empty()) text += "note: " + yaml_quoted(report.note) + "\n";
    if (!report.labels.empty()) text += "labels:\n";
    for (const auto& [key, value] : report.labels) text += "  " + yaml_quoted(key) + ": " + yaml_quoted(value) + "\n";
    return text;
}

}  // namespace

std::string yaml_quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (c == '\n')
            out += "\\n";
        else if (c == '\t')
            out += "\\t";
        else
            out += c;
    }
    return out + "\"";
}

std::string again_manifest(const BatchReport& report) {
    std::string text = "# The jobs of " + report.batch +
                       " that failed. Put right what is wrong, then drop this as the manifest.yaml of a folder with the same media.\n" + head(report) +
                       "jobs:\n";
    for (const auto& job : report.jobs) {
        if (job.state != JobState::failed) continue;
        text += "  # " + one_line(job.error) + "\n";
        std::string before = "  - ";
        for (const auto& [key, value] : fields_of(job)) text += std::exchange(before, "    ") + key + ":" + (value.empty() ? "" : " " + value) + "\n";
    }
    return text;
}

}  // namespace motionspool::domain
