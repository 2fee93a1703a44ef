#include "system/os_problem.hpp"
#include <system_error>

namespace motionspool::system {

Problem os_problem(std::string what, int error) { return Problem{std::move(what) + ": " + std::generic_category().message(error)}; }

}  // namespace motionspool::system
