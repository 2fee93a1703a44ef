#pragma once
#include "options.hpp"

namespace motionspool {

/// Adds the subcommand `simulate` with its options. @return it; if it `parsed()`, call run_simulate()
CLI::App* add_simulate(CLI::App& root);

/// Serves until SIGTERM or SIGINT. The first line on stdout is "listening on http://HOST:PORT", flushed; messages go to stderr.
/// @return 0, or from sysexits.h: 64 a bad option, 69 the address cannot be listened on, 73 the journal cannot be opened, 74 it (or an upload) cannot be
/// written
[[nodiscard]] int run_simulate(const Options&);

}  // namespace motionspool
