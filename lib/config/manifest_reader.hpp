#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include "base/complaint.hpp"
#include "config/config.hpp"
#include "domain/manifest.hpp"

namespace motionspool::config {

/// What the configuration allows a manifest.
struct ManifestLimits {
    std::size_t bytes = 1'000'000;
    std::size_t jobs = 10'000;          ///< entries, and the takes of one; what they expand to is counted by domain::expand()
    std::map<std::string, int> shares;  ///< by name: the highest priority
    std::vector<std::string> windows;   ///< names
};
[[nodiscard]] ManifestLimits manifest_limits(const Config&);

struct ReadManifest {
    /// Nothing if the manifest must be rejected. With `partial: true` there is one although some complaints are errors: all of them are about
    /// job entries, which say so in `invalid`.
    std::optional<domain::Manifest> manifest;
    /// What could be read of one that is rejected, so that its files can be looked at, too, and all errors come at once. Never to be accepted. What expand()
    /// has against it is already among the complaints. Nothing after a syntax error.
    std::optional<domain::Manifest> readable;
    Complaints complaints;
};

/// Reads a manifest, all errors at once; a syntax error ends the list. Says nothing about files, which are another's to look at.
/// About 150 ms a megabyte.
[[nodiscard]] ReadManifest read_manifest(std::string_view bytes, const ManifestDefaults&, const ManifestLimits&);

}  // namespace motionspool::config
