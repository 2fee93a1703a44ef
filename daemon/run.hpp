#pragma once
#include "options.hpp"

namespace motionspool {

struct RunOptions {
    bool take_over = false;  ///< spool and output as they are configured are meant, whosever they were
    bool new_state = false;  ///< a new database is, too, where one is missed
};
CLI::App* add_run(CLI::App& root, RunOptions&);

/// The daemon, in the foreground, until SIGTERM or SIGINT.
/// @return 0; @throws Exit: 69 the probing helper is missing, 73 a directory cannot be made, 74 the database, 75 a daemon already runs on the state directory,
/// 77 permission, 78 configuration, key, a foreign spool
[[nodiscard]] int run_daemon(const Options&, const RunOptions&);

}  // namespace motionspool
