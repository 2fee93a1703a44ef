#pragma once
#include <vector>
#include "options.hpp"

namespace motionspool {

struct CheckOptions {
    std::vector<std::string> manifests;
};
CLI::App* add_check(CLI::App& root, CheckOptions&);
/// Every error of the manifests and the media they name; without one, of the configuration.
/// @return 0 or 65; @throws Exit 66, 69, 77, 78
[[nodiscard]] int check_files(const Options&, const CheckOptions&);

}  // namespace motionspool
