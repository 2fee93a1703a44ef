#pragma once
#include <filesystem>
#include <string>

namespace motionspool {

/// Whom to ask for access to a path, by the group that it (or the nearest folder above it that can be looked at) belongs to:
/// "you must be in the group \"motionspool\": ask the server's keeper for `usermod -aG motionspool NAME`, then log in again".
[[nodiscard]] std::string whom_to_ask(const std::filesystem::path&);

/// Ends the program if a file or folder is there and this user may not do that with it. @param mode R_OK, W_OK, X_OK of access(2)
/// @param what "read the database" @throws Exit 77
void require_access(const std::filesystem::path&, int mode, const std::string& what);

}  // namespace motionspool
