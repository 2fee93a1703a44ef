#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace motionspool::spool {

/// How a name people wrote was found among those on disk.
struct Match {
    enum class How { exactly, by_nfc, by_case, not_at_all, several };
    How how = How::not_at_all;
    std::string name;                  ///< as on disk
    std::vector<std::string> several;  ///< that match equally well
};
/// Exactly, else by NFC, else without regard to case. Pure.
[[nodiscard]] Match match_name(const std::vector<std::string>& on_disk, std::string_view written);

/// The components of a path without empty ones and ".".
[[nodiscard]] std::vector<std::string> components_of(std::string_view path);

}  // namespace motionspool::spool
