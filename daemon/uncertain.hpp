#pragma once
#include "options.hpp"

namespace motionspool {

struct UncertainOptions {
    std::string job, task;
};
CLI::App* add_uncertain(CLI::App& root, UncertainOptions&);
/// Lists the submissions whose answer was lost (the daemon running or not), or has the daemon act on one of them.
/// @return 0; @throws Exit 1 it refuses, 64, 66, 69, 77
[[nodiscard]] int resolve_uncertain(const Options&, const UncertainOptions&, const CLI::App& command);

}  // namespace motionspool
