#pragma once
#include <string>
#include "base/result.hpp"

namespace motionspool::system {

/// "WHAT: No such file or directory", for an `errno` value.
[[nodiscard]] Problem os_problem(std::string what, int error);

}  // namespace motionspool::system
