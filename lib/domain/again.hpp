#pragma once
#include "domain/report.hpp"

namespace motionspool::domain {

/// A manifest of the jobs that failed, each with the reason as a comment: to be put right and dropped with the same media.
[[nodiscard]] std::string again_manifest(const BatchReport&);

}  // namespace motionspool::domain
