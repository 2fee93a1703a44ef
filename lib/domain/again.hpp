#pragma once
#include <string_view>
#include "domain/report.hpp"

namespace motionspool::domain {

/// A manifest that appends the jobs which failed to their batch, each with the reason as a comment: to be put right and dropped with the same media. Those that
/// cost something, or may have, are comments as a whole, with the command that helps. What its author wrote wrongly stands there as written, never a default
/// instead. Two ends of a batch never give the same text, which would be taken for an accident.
[[nodiscard]] std::string again_manifest(const BatchReport&);

/// How many jobs stand there as comments.
[[nodiscard]] std::size_t left_out(const BatchReport&);

/// A text as a double-quoted YAML scalar.
[[nodiscard]] std::string yaml_quoted(std::string_view text);

}  // namespace motionspool::domain
