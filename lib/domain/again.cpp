#include "domain/again.hpp"
#include "domain/manifest.hpp"

namespace motionspool::domain {
namespace {

/// As a double-quoted YAML scalar.
std::string quoted(const std::string& text) {
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

std::string one_line(std::string text) {
    for (char& c : text) {
        if (c == '\n' || c == '\r') c = ' ';
    }
    return text;
}

}  // namespace

std::string again_manifest(const BatchReport& report) {
    std::string text = "# The jobs of " + report.batch +
                       " that failed. Put right what is wrong, then drop this as the manifest.yaml of a folder with the same media.\nversion: 1\njobs:\n";
    for (const auto& job : report.jobs) {
        if (job.state != JobState::failed) continue;
        text +=
            "  # " + one_line(job.error) + "\n  - id: " + quoted(job.name) + "\n    image: " + quoted(job.image) + "\n    motion: " + quoted(job.motion) + "\n";
        if (is_url(job.motion)) text += "    seconds: " + to_string(Credits::from_milli(job.length.count())) + "\n";
        if (!job.prompt.empty()) text += "    prompt: " + quoted(job.prompt) + "\n";
        text += "    mode: " + job.mode + "\n    orientation: " + job.orientation + "\n";
    }
    return text;
}

}  // namespace motionspool::domain
