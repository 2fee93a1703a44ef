#pragma once
#include <sys/types.h>
#include <filesystem>
#include <string_view>
#include "base/result.hpp"

namespace motionspool::system {

/// Replaces `path` by a file of this content and mode (whatever the umask): a reader sees the old content or the new, never a part, a power cut included.
/// Written as `.NAME.tmp` beside it, fsynced, renamed, and the folder fsynced. A problem leaves the old file as it was, and no new one.
/// @pre only one process writes `path`
[[nodiscard]] Done write_file_atomically(const std::filesystem::path& path, std::string_view content, mode_t mode = 0640);

/// The same, but for the folder's fsync: until sync_folder() a power cut may bring the old content back.
[[nodiscard]] Done replace_file(const std::filesystem::path& path, std::string_view content, mode_t mode = 0640);

/// Makes creations, renames and removals in a folder survive a power cut.
[[nodiscard]] Done sync_folder(const std::filesystem::path& folder);

}  // namespace motionspool::system
