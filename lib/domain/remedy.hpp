#pragma once
#include <string>
#include <string_view>
#include "domain/schedule.hpp"

namespace motionspool::domain {

/// What ends a job's wait, and what a person can do about it: a sentence part, "`motionspool resume` ends it".
[[nodiscard]] std::string remedy(const Blocked&, std::string_view batch, std::string_view job);

}  // namespace motionspool::domain
