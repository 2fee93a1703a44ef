#pragma once
#include <string_view>
#include "domain/report.hpp"

namespace motionspool::domain {

/// A manifest of the jobs that failed, each with the reason as a comment: to be put right and dropped with the same media. What its author wrote wrongly stands
/// there as written, never a default instead.
[[nodiscard]] std::string again_manifest(const BatchReport&);

/// A text as a double-quoted YAML scalar.
[[nodiscard]] std::string yaml_quoted(std::string_view text);

}  // namespace motionspool::domain
