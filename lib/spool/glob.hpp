#pragma once
#include <string>
#include <string_view>
#include <vector>
#include "base/trouble.hpp"
#include "spool/listings.hpp"

namespace motionspool::spool {

/// Does a name match a pattern of `*`, `?`, `[abc]`, `[a-z]`, `[!a]`? By characters, not bytes; both in NFC. A leading dot must be written.
[[nodiscard]] bool glob_match(std::string_view pattern, std::string_view name);

/// The regular files beneath `root` that a relative pattern stands for, sorted by name; nothing is ignored silently but dot files and the droppings of other
/// programs (names.hpp). A file that is there under the pattern's literal name is the only match. An empty list is no problem here; a path that leads out, or
/// more than 10,000 matches, is; so is a match whose name is no text (names.hpp). That a folder cannot be listed may be the server's trouble.
/// @param listings of the folders beneath this root that were read already, and are not read again
[[nodiscard]] Tried<std::vector<std::string>> glob(int root, std::string_view pattern, Listings& listings);

}  // namespace motionspool::spool
