#pragma once
#include "options.hpp"

namespace motionspool {

struct WhyOptions {
    std::string address;
};
CLI::App* add_why(CLI::App& root, WhyOptions&);
/// What a job waits for, with its numbers, when that changes and what helps; the daemon running or not. @return 0; @throws Exit 64, 66, 69
[[nodiscard]] int tell_why(const Options&, const WhyOptions&);

}  // namespace motionspool
