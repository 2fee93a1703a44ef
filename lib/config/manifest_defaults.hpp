#pragma once
#include <chrono>
#include <optional>
#include <string>
#include "base/credits.hpp"
#include "domain/manifest.hpp"

namespace motionspool::config {

/// What a job entry has that does not say otherwise.
struct JobDefaults {
    std::optional<domain::Written> image, motion;
    std::string prompt;
    domain::Mode mode = domain::Mode::p720;
    domain::Orientation orientation = domain::Orientation::video;
    std::optional<std::chrono::milliseconds> seconds;
    int takes = 1;
    friend bool operator==(const JobDefaults&, const JobDefaults&) = default;
};

/// What a manifest has that does not say otherwise: `manifest_defaults` of the configuration.
struct ManifestDefaults {
    int priority = 0;
    std::optional<std::string> share, window;
    std::optional<Credits> budget;
    bool partial = false;
    domain::Finish finish = domain::Finish::none;
    JobDefaults job;
    friend bool operator==(const ManifestDefaults&, const ManifestDefaults&) = default;
};

}  // namespace motionspool::config
