#pragma once
#include <string_view>
#include "domain/schedule.hpp"

namespace motionspool::domain {

/// What ends a job's wait, and what a person can do about it: a sentence part, "`motionspool resume` ends it".
[[nodiscard]] std::string_view remedy(Why);

}  // namespace motionspool::domain
