#include "config/manifest_reader.hpp"
#include "harness.hpp"

// A manifest: read, expanded, complained about.
namespace motionspool::fuzz {

void fuzz(std::string_view input) {
    constexpr std::size_t most_jobs = 1000;
    config::ManifestLimits limits;
    limits.bytes = 100'000;
    limits.jobs = most_jobs;
    limits.shares = {{"marketing", 50}};
    limits.windows = {"night"};
    const auto read = config::read_manifest(input, {}, limits);
    must(!(read.manifest && read.readable), "a manifest is good or bad");
    must(read.manifest.has_value() || any_error(read.complaints), "a rejected manifest says why");
    must(!read.manifest || read.manifest->partial || !any_error(read.complaints), "only a partial manifest is taken with errors");
    for (const auto& complaint : read.complaints) must(complaint.at.byte <= input.size(), "a complaint stands in the text");
    must(to_lines(read.complaints, "m", input).size() == read.complaints.size(), "a line a complaint");
    for (const auto* manifest : {&read.manifest, &read.readable}) {
        if (!*manifest) continue;
        const auto expansion = domain::expand(**manifest, {}, most_jobs);
        must(expansion.jobs.size() <= most_jobs, "no more jobs than allowed");
        for (const auto& complaint : expansion.complaints) must(complaint.at.byte <= input.size(), "a complaint about the expansion stands in the text");
    }
}

}  // namespace motionspool::fuzz
