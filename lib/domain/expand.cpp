#include <algorithm>
#include <cstdint>
#include <limits>
#include <unordered_set>
#include "base/text.hpp"
#include "domain/id_template.hpp"
#include "domain/manifest.hpp"
#include "domain/names.hpp"
#include "domain/unique_ids.hpp"

namespace motionspool::domain {
namespace {

/// A job before its takes, and the id somebody wrote or the one made from its files.
struct Group {
    JobSpec spec;
    std::string wanted;
    bool written = false;
    Offset id_at;
    int takes = 1;
    std::vector<std::string> ids;
};

void complain(Expansion& expansion, Offset at, std::string text) {
    expansion.complaints.push_back({Complaint::Severity::error, at, std::move(text)});
    expansion.partly_usable = false;
}

std::string default_id(std::string_view image, std::string_view motion) {
    return derived_name(image.empty() || motion.empty() ? std::string{image} += motion : (std::string{image} += '-') += motion);
}

Group from_entry(const JobEntry& entry) {
    Group group;
    group.spec = {.at = entry.at,
                  .id = {},
                  .image = entry.image,
                  .motion = entry.motion,
                  .prompt = entry.prompt,
                  .mode = entry.mode,
                  .orientation = entry.orientation,
                  .seconds = entry.seconds,
                  .invalid = entry.invalid};
    group.written = entry.id && !name_problem(entry.id->text);
    group.id_at = entry.id ? entry.id->at : entry.at;
    group.takes = entry.takes;
    if (group.written)
        group.wanted = nfc(entry.id->text);
    else
        group.wanted = entry.id ? derived_name(entry.id->text) : default_id(stem(entry.image.text), stem(entry.motion.text));
    return group;
}

struct Input {
    Written file;
    std::string stem;
};

/// The files of one side of the matrix, globs replaced by what they stand for; a file that came up before is left out of a glob.
std::vector<Input> resolve(const std::vector<Written>& written, const GlobMatches& matches, Expansion& expansion) {
    std::vector<Input> out;
    std::unordered_set<std::string_view> seen;
    for (const auto& entry : written) {
        const auto match = is_glob(entry.text) ? matches.find(entry.text) : matches.end();
        if (match == matches.end()) {
            seen.insert(entry.text);
            out.push_back({entry, stem(entry.text)});
            continue;
        }
        if (match->second.empty()) {
            expansion.complaints.push_back(no_match(entry));
            expansion.partly_usable = false;
            expansion.unmatched.push_back(entry);
        }
        for (const auto& file : match->second)
            if (seen.insert(file).second) out.push_back({{file, entry.at}, stem(file)});
    }
    return out;
}

struct Axes {
    std::vector<Input> images, motions;
    std::vector<MatrixPrompt> prompts;  ///< never empty: the one of `defaults`, without a key, where the matrix has none
};

Axes axes_of(const Matrix& matrix, const GlobMatches& matches, Expansion& expansion) {
    Axes axes{resolve(matrix.images, matches, expansion), resolve(matrix.motions, matches, expansion), matrix.prompts};
    if (axes.prompts.empty()) axes.prompts.push_back({"", matrix.prompt});
    return axes;
}

/// The number of jobs; the largest number there is where it does not fit.
std::uint64_t count(const Manifest& manifest, const Axes& axes) {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t jobs = 0;
    for (const auto& entry : manifest.jobs) jobs += static_cast<std::uint64_t>(std::max(entry.takes, 1));
    if (!manifest.matrix) return jobs;
    std::uint64_t product = static_cast<std::uint64_t>(std::max(manifest.matrix->takes, 1));
    for (const std::uint64_t n : {axes.images.size(), axes.motions.size(), axes.prompts.size()})
        if (n != 0) product = product > most / n ? most : product * n;  // an empty side counts as one: see add_matrix
    return product > most - jobs ? most : jobs + product;
}

void add_matrix(const Matrix& matrix, const Axes& axes, Expansion& expansion, std::vector<Group>& groups) {
    const bool has_prompts = !matrix.prompts.empty();
    const std::string_view usual = has_prompts ? "{image}-{motion}-{prompt}" : "{image}-{motion}";
    const auto id = IdTemplate::parse(matrix.id.empty() ? usual : matrix.id, has_prompts);
    if (!id) return complain(expansion, matrix.id_at, id.problem().text);
    static const std::vector<Input> nothing{{}};  // of patterns that match no file: what the other side names is looked at all the same
    for (const auto& image : axes.images.empty() ? nothing : axes.images) {
        for (const auto& motion : axes.motions.empty() ? nothing : axes.motions) {
            for (const auto& prompt : axes.prompts) {
                Group group;
                group.spec = {.at = matrix.at,
                              .id = {},
                              .image = image.file,
                              .motion = motion.file,
                              .prompt = prompt.text,
                              .mode = matrix.mode,
                              .orientation = matrix.orientation,
                              .seconds = matrix.seconds,
                              .invalid = image.file.text.empty() || motion.file.text.empty() ? "its matrix names no such file" : ""};
                group.wanted = derived_name(id->fill(image.stem, motion.stem, prompt.key));
                group.takes = matrix.takes;
                groups.push_back(std::move(group));
            }
        }
    }
}

/// Written ids first: a derived one gives way to them wherever it stands.
void name(std::vector<Group>& groups, Expansion& expansion) {
    UniqueIds ids;
    for (auto& group : groups) {
        if (!group.written) continue;
        group.ids = ids.claim(group.wanted, group.takes);
        if (!group.ids.empty()) continue;
        const auto* const takes = group.takes > 1 ? " (or one of its takes)" : "";
        auto text = "the id \"" + group.wanted + "\"" + takes + " is used by another job of this manifest; upper and lower case count as the same";
        expansion.complaints.push_back({Complaint::Severity::error, group.id_at, text});
        group.spec.invalid += (group.spec.invalid.empty() ? "" : "; ") + text;
    }
    for (auto& group : groups)
        if (group.ids.empty()) group.ids = ids.claim_or_number(group.wanted, group.takes);
}

}  // namespace

Complaint no_match(const Written& pattern) {
    return {Complaint::Severity::error, pattern.at, "\"" + pattern.text + "\" matches no file; check the folder and the spelling"};
}

Expansion expand(const Manifest& manifest, const GlobMatches& matches, std::size_t max_jobs) {
    Expansion expansion;
    const auto axes = manifest.matrix ? axes_of(*manifest.matrix, matches, expansion) : Axes{};
    if (const auto jobs = count(manifest, axes); jobs > max_jobs) {
        const auto at = manifest.matrix ? manifest.matrix->at : Offset{};
        complain(expansion, at, "the manifest stands for " + count_of(jobs, "job") + "; at most " + std::to_string(max_jobs) + " are allowed, split it");
        return expansion;
    }
    std::vector<Group> groups;
    for (const auto& entry : manifest.jobs) groups.push_back(from_entry(entry));
    if (manifest.matrix) add_matrix(*manifest.matrix, axes, expansion, groups);
    name(groups, expansion);
    for (auto& group : groups) {
        for (std::size_t take = 0; take < group.ids.size(); take++) {
            const bool last = take + 1 == group.ids.size();
            auto& job = expansion.jobs.emplace_back(last ? std::move(group.spec) : group.spec);
            job.id = std::move(group.ids[take]);
            job.take = take > 0;
        }
    }
    return expansion;
}

}  // namespace motionspool::domain
