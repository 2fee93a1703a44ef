#pragma once
#include <vector>
#include "options.hpp"

namespace motionspool {

struct CheckOptions {
    std::vector<std::string> manifests;
};
CLI::App* add_check(CLI::App& root, CheckOptions&);
/// Every error of the manifests and the media they name; without one, of the configuration.
/// @return the worst of what each manifest came to: 0, 65, 66, 69, 77; of the configuration 0 or 78; @throws Exit 77, 78
[[nodiscard]] int check_files(const Options&, const CheckOptions&);

}  // namespace motionspool
