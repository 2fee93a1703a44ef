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

std::string_view code_of(const ReportedJob& job) { return std::string_view{job.error}.substr(0, job.error.find(':')); }

/// Why a job shall not be rendered again just like that, and what helps instead; empty: its failure cost nothing.
std::string why_not(const BatchReport& report, const ReportedJob& job) {
    const auto address = report.batch + "/" + job.name;
    const auto code = code_of(job);
    if (code == "written-off") return "It may have been paid for: `motionspool retry --cause written-off " + address + "` takes the risk to pay for it twice.";
    if (code == "stuck" || code == "unknown-task")
        return "It may yet be rendered, and paid for: `motionspool retry " + address + "` asks about its task again, and nothing is paid.";
    if (code == "result-broken" || code == "result-missing")
        return "It is paid for. `motionspool retry --dry-run " + address +
               "` tells whether its video can still be fetched, or would be rendered and paid for again.";
    if (job.spent + job.reserved > Credits{}) return "It cost " + in_words(job.spent + job.reserved) + ": take the # away if it shall be paid for again.";
    return {};
}

/// @param start of its lines: "  " or, to leave it out, "  # "
std::string entry_of(const ReportedJob& job, const std::string& start) {
    std::string text, before = start + "- ";
    for (const auto& [key, value] : fields_of(job))
        text.append(std::exchange(before, start + "  ")).append(key).append(value.empty() ? ":" : ": ").append(value).append("\n");
    return text;
}

std::string head(const BatchReport& report) {
    const auto ended = report.ended ? ", which ended " + to_rfc3339(*report.ended) : "";
    return "# The jobs of " + report.batch + ended +
           ", that failed. Put right what is wrong, then drop this with the same media: as the manifest.yaml of\n"
           "# a folder that has them, or as it is if they lie in the server's media folders. Each job takes the place of the one that failed; priority, "
           "share,\n"
           "# window and budget are those of " +
           report.batch + ".\nversion: 1\nappend: " + yaml_quoted(report.batch) + "\n" + (report.partial ? "partial: true\n" : "");
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

std::size_t left_out(const BatchReport& report) {
    return static_cast<std::size_t>(
        std::ranges::count_if(report.jobs, [&](const ReportedJob& job) { return job.state == JobState::failed && !why_not(report, job).empty(); }));
}

std::string again_manifest(const BatchReport& report) {
    std::string entries;
    bool any = false;
    for (const auto& job : report.jobs) {
        if (job.state != JobState::failed) continue;
        const auto left_out = why_not(report, job);
        any = any || left_out.empty();
        entries += "  # " + one_line(job.error) + "\n" + (left_out.empty() ? "" : "  # " + left_out + "\n") + entry_of(job, left_out.empty() ? "  " : "  # ");
    }
    return head(report) + (any ? "jobs:\n" : "jobs:  # none can be rendered again just like that; what is in the way stands above each\n") + entries;
}

}  // namespace motionspool::domain
