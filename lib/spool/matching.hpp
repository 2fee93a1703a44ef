#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace motionspool::spool {

/// How a name people wrote was found among those on disk.
struct Match {
    enum class How { exactly, by_nfc, by_case, not_at_all, several };
    How how = How::not_at_all;
    std::string name;                  ///< as on disk
    std::vector<std::string> several;  ///< that match equally well
};

/// The names of one folder at one moment, to look many up. Pure.
class Listing {
public:
    explicit Listing(std::vector<std::string> on_disk);
    [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }  ///< sorted by bytes
    /// Exactly, else by NFC, else without regard to case.
    [[nodiscard]] Match find(std::string_view written) const;
    /// The name that was likely meant; empty if none is near, or if many were asked for already: comparing is slow.
    [[nodiscard]] std::string_view meant(std::string_view written) const;

private:
    using Keys = std::unordered_map<std::string, std::vector<std::size_t>>;  ///< indices of the names that have a key
    std::vector<std::string> names_;
    Keys by_nfc_, by_case_;
    mutable std::size_t comparisons_ = 0;
};
/// The components of a path without empty ones and ".".
[[nodiscard]] std::vector<std::string> components_of(std::string_view path);

}  // namespace motionspool::spool
