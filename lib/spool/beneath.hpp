#pragma once
#include <string>
#include "base/unique_fd.hpp"

namespace motionspool::spool {

/// What an attempt to open came to: a descriptor, or an errno. EXDEV means: the path leads out of the folder.
struct Opening {
    UniqueFd fd;
    int error = 0;
};

/// Opens a relative path so that no component of it (`..`, a symbolic link, one swapped in meanwhile) leaves the folder: openat2(2) with RESOLVE_BENEATH, where
/// the kernel has none, component by component without any symbolic link. `flags` as of open(2); O_CLOEXEC, O_NOCTTY and O_NONBLOCK are added, so that no FIFO
/// or device holds us up. Never creates.
[[nodiscard]] Opening open_beneath(int root, const std::string& path, int flags);
/// The second way, for kernels before 5.6. Symbolic links are ELOOP.
[[nodiscard]] Opening open_beneath_by_walking(int root, const std::string& path, int flags);

}  // namespace motionspool::spool
