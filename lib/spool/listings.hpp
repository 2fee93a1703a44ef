#pragma once
#include <map>
#include <string>
#include "spool/matching.hpp"

namespace motionspool::spool {

/// Folders beneath one root as they were when they were first needed; by path, "" for the root itself. Nothing may depend on what is listed but which name is
/// tried.
class Listings {
public:
    /// @param root the same each time
    /// @return null with errno set if the folder cannot be opened
    [[nodiscard]] const Listing* of(int root, const std::string& folder);

private:
    std::map<std::string, Listing> known_;
};

}  // namespace motionspool::spool
