#pragma once
#include <sys/stat.h>
#include <filesystem>

namespace motionspool {

/// One file or folder, whatever it is called: the same device and inode.
[[nodiscard]] bool same_file(const struct stat& one, const struct stat& other);
/// Is what was opened what lies under that path now (links followed)? What cannot be looked at is the same as nothing.
[[nodiscard]] bool same_file(int opened, const std::filesystem::path& named);
[[nodiscard]] bool same_file(int one, int other);
[[nodiscard]] bool same_file(const std::filesystem::path& one, const std::filesystem::path& other);

}  // namespace motionspool
