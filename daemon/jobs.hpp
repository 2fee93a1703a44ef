#pragma once
#include "options.hpp"

namespace motionspool {

struct JobsOptions {
    std::string batch, state, label;
};
CLI::App* add_jobs(CLI::App& root, JobsOptions&);
/// A row a job. @return 0; @throws Exit 64, 66 no such batch, 69
[[nodiscard]] int list_jobs(const Options&, const JobsOptions&);

}  // namespace motionspool
