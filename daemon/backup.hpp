#pragma once
#include "options.hpp"

namespace motionspool {

struct BackupOptions {
    std::string file;
};
CLI::App* add_backup(CLI::App& root, BackupOptions&);
/// A consistent copy of the database, the daemon running or not. @return 0; @throws Exit 69, 73 the file is there or cannot be made
[[nodiscard]] int back_up(const Options&, const BackupOptions&);

struct RestoreOptions {
    std::string file;
};
CLI::App* add_restore(CLI::App& root, RestoreOptions&);
/// Puts a backup back and says what the next start makes of it. @return 0; @throws Exit 65 no good backup, 66, 74, 75 the daemon runs
[[nodiscard]] int restore(const Options&, const RestoreOptions&);

}  // namespace motionspool
