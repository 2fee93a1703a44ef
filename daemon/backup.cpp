#include "backup.hpp"
#include <CLI/App.hpp>
#include <iostream>
#include "exit.hpp"
#include "reading.hpp"
#include "store/backup.hpp"

namespace motionspool {

CLI::App* add_backup(CLI::App& root, BackupOptions& options) {
    auto* command = root.add_subcommand("backup", "a consistent copy of the database, also while the daemon runs");
    command->add_option("FILE", options.file, "where it goes; nothing is overwritten")->required();
    return command->fallthrough();
}

int back_up(const Options& options, const BackupOptions& backup) {
    const auto file = read_config(options);
    const auto database = open_database(file.loaded.config);
    if (const auto made = store::back_up(*database, backup.file); !made) throw Exit{EX_CANTCREAT, made.problem().text};
    std::cout << backup.file << " holds the database as it was just now; `motionspool restore " << backup.file << "` puts it back\n";
    return EX_OK;
}

}  // namespace motionspool
