#pragma once
#include <filesystem>
#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace motionspool::spool {

/// A spool's folders, opened. All are on one file system, so that a drop moves by rename. One with nothing but its directory is a spool that is away.
struct Layout {
    std::filesystem::path directory;
    UniqueFd root, incoming, accepted, rejected, finished, taking;
};

/// Opens the spool's directory, made if missing (its parent must be there), and looks no further.
[[nodiscard]] Result<UniqueFd> open_root(const std::filesystem::path& directory);

/// Opens its folders and makes those missing, for the group to work in (2770, `.taking` 0700). Call it once the spool is known to be ours (owner.hpp).
[[nodiscard]] Result<Layout> open_layout(const std::filesystem::path& directory);

/// Is the directory under that path not the one that was opened (unmounted, replaced, gone, away from the start)? Once it is there, open_layout() anew.
[[nodiscard]] bool stale(const Layout&);

}  // namespace motionspool::spool
