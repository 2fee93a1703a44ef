#pragma once
#include <doctest/doctest.h>
#include <string>
#include <string_view>
#include <vector>
#include "base/text.hpp"
#include "config/config.hpp"
#include "config/manifest_reader.hpp"

/// Bad texts and the exact complaints about them.
namespace corpus {

struct Case {
    std::string text;
    std::vector<std::string> lines;  ///< "LINE:COLUMN: error: …"
};
using Cases = std::vector<Case>;

inline std::string v1(std::string_view rest) { return "version: 1\n" + std::string{rest}; }
/// A manifest with one good job, lines added to the job.
inline std::string job(std::string_view lines) { return v1("jobs:\n  - image: fox.png\n    motion: wave.mp4\n") + std::string{lines}; }
/// Likewise, the motion being a URL.
inline std::string url_job(std::string_view lines) { return v1("jobs:\n  - image: fox.png\n    motion: https://cdn.example/wave.mp4\n") + std::string{lines}; }
/// A manifest with one good job, lines added at the top.
inline std::string top(std::string_view lines) { return v1(lines) + "jobs: [{image: fox.png, motion: wave.mp4}]\n"; }
/// A manifest with a good matrix, lines added to it.
inline std::string matrix(std::string_view lines) { return v1("matrix:\n  image: [fox.png]\n  motion: [wave.mp4]\n") + std::string{lines}; }

/// The complaints as in a Case, a line each.
inline std::string lines(const motionspool::Complaints& complaints, std::string_view text) {
    auto out = motionspool::to_lines(complaints, "", text);
    for (auto& line : out) line.erase(0, 1);
    return motionspool::join(out, "\n");
}

inline void check_manifests(const Cases& cases) {
    for (const auto& one : cases) {
        CAPTURE(one.text);
        const auto read = motionspool::config::read_manifest(one.text, {}, {});
        CHECK_FALSE(read.manifest.has_value());
        CHECK(lines(read.complaints, one.text) == motionspool::join(one.lines, "\n"));
    }
}

inline void check_configurations(const Cases& cases) {
    for (const auto& one : cases) {
        CAPTURE(one.text);
        const auto loaded = motionspool::config::parse_config(one.text);
        CHECK(motionspool::any_error(loaded.complaints));
        CHECK(lines(loaded.complaints, one.text) == motionspool::join(one.lines, "\n"));
    }
}

}  // namespace corpus
