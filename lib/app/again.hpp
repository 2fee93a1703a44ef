#pragma once
#include "config/config.hpp"
#include "domain/report.hpp"

namespace motionspool::app {

/// Adds to a report what NAME.again.yaml needs of a manifest of the batch: whether it was `partial`, and what the author of a job that was invalid from the
/// start wrote.
void add_as_written(domain::BatchReport&, const std::string& manifest, const config::Config&);

}  // namespace motionspool::app
