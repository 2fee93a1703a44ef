#pragma once
#include <filesystem>
#include <map>
#include <vector>
#include "base/trouble.hpp"
#include "spool/input.hpp"

namespace motionspool::spool {

/// Where the files of one manifest may lie, and nowhere else: its own folder, or the media roots. A folder in which a name is not found as it is written is
/// read once: make a new Place to see what came later.
class Place {
public:
    /// A folder drop's. Takes the descriptor.
    [[nodiscard]] static Place folder(UniqueFd folder);
    /// A lone manifest's: paths are absolute within one of the roots, or relative to one of them (the first that has it). `incoming` is duplicated; it is only
    /// asked whether the file lies beside the manifest, where people put it and it must not be: nobody knows then which one is meant.
    [[nodiscard]] static Place media_roots(std::vector<std::filesystem::path> roots, int incoming);

    /// Paths in the answer are relative to the folder, or absolute for media roots; either opens the same file here again.
    [[nodiscard]] InputOutcome open(std::string_view written) const;
    /// What a pattern stands for, in the order of names; each opens here.
    [[nodiscard]] Tried<std::vector<std::string>> glob(std::string_view pattern) const;

private:
    Place() = default;
    [[nodiscard]] InputOutcome open_in_roots(std::string_view written) const;
    /// Another file of that name than the one in a root.
    [[nodiscard]] bool lies_beside(std::string_view written, const OpenedInput& in_root) const;
    /// One that the pattern would stand for in incoming/; empty: none.
    [[nodiscard]] std::string file_beside(std::string_view pattern) const;
    [[nodiscard]] Refusal not_in_roots(std::string_view written, Refusal closest) const;
    UniqueFd folder_;    ///< of a folder drop
    UniqueFd incoming_;  ///< of a manifest alone
    std::vector<std::filesystem::path> roots_;
    mutable std::map<std::filesystem::path, Listings> listings_;  ///< by root, "" for the folder
    mutable Listings beside_;                                     ///< of incoming/
};

}  // namespace motionspool::spool
