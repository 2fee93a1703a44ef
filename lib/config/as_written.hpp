#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "base/complaint.hpp"

namespace motionspool::config {

/// An entry of `jobs` as its author wrote it: keys with the YAML text of their values, right or wrong.
struct WrittenEntry {
    Offset at;
    std::vector<std::pair<std::string, std::string>> fields;
};
/// Those of a manifest that are maps. Empty if its text cannot be read.
[[nodiscard]] std::vector<WrittenEntry> entries_as_written(std::string_view manifest);

/// What a configuration sets, without its comments and its layout: two files that set the same in the same order give the same text.
[[nodiscard]] std::string without_comments(std::string_view configuration);

}  // namespace motionspool::config
