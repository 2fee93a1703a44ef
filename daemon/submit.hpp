#pragma once
#include "options.hpp"

namespace motionspool {

struct SubmitOptions {
    std::string manifest;
    bool wait = false;
};
CLI::App* add_submit(CLI::App& root, SubmitOptions&);
/// A folder drop of the manifest and the media it names. With `--wait`, until its batch ends.
/// @return 0; 1 a job failed, or only a person can go on; 65 a bad manifest; @throws Exit 66, 69, 73, 77, 78
[[nodiscard]] int submit_manifest(const Options&, const SubmitOptions&);

}  // namespace motionspool
