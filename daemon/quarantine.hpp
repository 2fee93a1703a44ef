#pragma once
#include "options.hpp"

namespace motionspool {

struct QuarantineOptions {
    bool yes = false, dry_run = false;
};
CLI::App* add_quarantine(CLI::App& root, QuarantineOptions&);
/// Shows why nothing is submitted after an old database was put back (the daemon running or not), or has the daemon end that once a person has said yes.
/// @return 0; @throws Exit 1 there is none, 69, 77
[[nodiscard]] int quarantine(const Options&, const QuarantineOptions&, const CLI::App& command);

}  // namespace motionspool
