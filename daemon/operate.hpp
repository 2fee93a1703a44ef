#pragma once
#include <vector>
#include "options.hpp"

namespace motionspool {

/// hold, release, cancel, retry, set, pause, resume: what they understand, all in one.
struct OperateOptions {
    std::string target, cause, until, reason;
    std::vector<std::string> settings;  ///< KEY=VALUE
    bool discard = false, dry_run = false, yes = false;
};
/// @return the seven commands
std::vector<CLI::App*> add_operations(CLI::App& root, OperateOptions&);
/// Has the daemon do it. More than one job is told first, and asked about on a terminal; elsewhere it needs --yes.
/// @return 0, or 1 if there was nothing to do; @throws Exit 64, 66, 69, 77
[[nodiscard]] int operate(const Options&, const OperateOptions&, const std::string& command);

}  // namespace motionspool
