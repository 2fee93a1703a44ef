#pragma once
#include "options.hpp"

namespace motionspool {

struct ShowOptions {
    std::string address;
};
CLI::App* add_show(CLI::App& root, ShowOptions&);
/// One batch or job, its attempts and its event log. @return 0; @throws Exit 66 no such batch or job, 69
[[nodiscard]] int show_one(const Options&, const ShowOptions&);

}  // namespace motionspool
