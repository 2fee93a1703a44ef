#pragma once
#include <string>
#include <string_view>
#include <vector>
#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace motionspool::spool {

/// A file that goes into a drop. `target` is a relative path; its folders are made.
struct DropFile {
    std::string target;
    UniqueFd source;
};

/// Puts a folder drop into `incoming/` as a well-behaved producer does: under a hidden name, files reflinked where the file system can, everything fsynced,
/// then renamed, so that it is taken at once and whole. A name that is taken gets `.2`, `.3`, … On a problem nothing is left behind. Takes as long as the
/// copying does: not for the daemon's loop.
/// @return the name of the folder in `incoming/`
[[nodiscard]] Result<std::string> write_drop(int incoming, const std::string& name, std::string_view manifest, std::vector<DropFile> files);

/// The same for a manifest alone, whose files lie under the media roots.
/// @return its name in `incoming/`, `name` with ".yaml" or ".2.yaml", …
[[nodiscard]] Result<std::string> write_manifest_alone(int incoming, const std::string& name, std::string_view manifest);

}  // namespace motionspool::spool
