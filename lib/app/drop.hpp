#pragma once
#include <sys/stat.h>
#include <optional>
#include <string>
#include <variant>
#include "base/complaint.hpp"
#include "base/trouble.hpp"
#include "config/config.hpp"
#include "spool/input.hpp"
#include "spool/layout.hpp"
#include "spool/place.hpp"

namespace motionspool::app {

/// Something people dropped, in whichever of the spool's folders it lies.
struct Drop {
    std::string entry;   ///< its name there
    bool folder = true;  ///< else a manifest alone
};

/// A drop's manifest as it is read before anything is known of it.
struct ManifestFile {
    std::string name;  ///< within a folder drop; else the entry's
    std::string bytes;
    Complaints complaints;  ///< about its name
};
/// Reads it out of one of the spool's folders.
[[nodiscard]] std::variant<ManifestFile, spool::Refusal> read_manifest_of(int folder, const Drop&, const config::Config&);

/// What its manifest looks like from outside; nothing if it has none that may be opened.
[[nodiscard]] std::optional<struct stat> stat_manifest_of(int folder, const Drop&);

/// Where the drop's files may lie: its own folder, or the media roots.
[[nodiscard]] Tried<spool::Place> place_of(int folder, const Drop&, const config::Config&, const spool::Layout&);

}  // namespace motionspool::app
