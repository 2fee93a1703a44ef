#pragma once
#include "domain/report.hpp"

namespace motionspool::domain {

/// The report as one page that stands alone: no script, nothing loaded from elsewhere.
[[nodiscard]] std::string to_html(const BatchReport&);

}  // namespace motionspool::domain
