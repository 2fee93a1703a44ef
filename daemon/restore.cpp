#include <unistd.h>
#include <CLI/App.hpp>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include "backup.hpp"
#include "base/text.hpp"
#include "exit.hpp"
#include "foundation.hpp"
#include "store/backup.hpp"
#include "system/real_clock.hpp"
#include "system/witness.hpp"

namespace motionspool {
namespace fs = std::filesystem;
namespace {

/// "20261124T101500Z"
std::string tag_of(Instant now) {
    auto text = to_rfc3339(now).substr(0, 19) + "Z";
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text;
}

fs::path side_file_of(const config::Config& config, const std::string& state_id) {
    return fs::path{config.output.directory} / (".motionspool-" + state_id + ".money");
}

/// The highest submission the money side-files know of; nothing if there is none that can tell.
std::optional<std::int64_t> highest_known(const config::Config& config, const std::string& state_id) {
    std::optional<std::int64_t> highest;
    for (const auto& path : {fs::path{config.state.directory} / "motionspool.money", side_file_of(config, state_id)}) {
        const auto read = system::read_witness(path);
        if (read && *read && !(*read)->damaged) highest = std::max(highest.value_or(0), (*read)->highest);
    }
    return highest;
}

/// Whose state directory it is, as far as anything in it tells.
std::optional<std::string> state_of(const config::Config& config, const fs::path& database) {
    if (auto id = store::state_id_of(database)) return id;
    const auto money = system::read_witness(fs::path{config.state.directory} / "motionspool.money");
    if (!money || !*money || (*money)->damaged) return std::nullopt;
    return (*money)->state;
}

/// @throws Exit 65 for a backup of another state directory: its jobs would be submitted from two places
void require_same_installation(const config::Config& config, const fs::path& database, const std::string& of_backup, const std::string& file) {
    const auto here = state_of(config, database);
    if (of_backup.empty() || !here || *here == of_backup) return;
    const auto before = system::read_witness(side_file_of(config, of_backup));
    if (before && *before)
        throw Exit{EX_DATAERR,
                   file + " is a backup of a database that this output folder was used with before the one in " + config.state.directory +
                       " was begun: neither knows what the other has paid for. Nothing was changed. If the backup is to go on instead, stop the daemon, move "
                       "motionspool.db, motionspool.db-wal, motionspool.db-shm and motionspool.money in " +
                       config.state.directory + " to another folder, and restore again; drops that the one moved away accepted are to be dropped again"};
    throw Exit{EX_DATAERR, file + " is a backup of another installation (its state directory is another one than " + config.state.directory +
                               "): what that one has paid for would be paid for again here. Nothing was changed; name a backup of this one"};
}

/// What the next start will make of it.
std::string outlook(std::optional<std::int64_t> highest, const store::BackupFacts& facts) {
    if (!highest)
        return "Whether submissions were made since this backup cannot be told: there is no money side-file in the state directory and the output folder, or "
               "it is "
               "damaged. If a folder is not mounted, mount it before the daemon starts: what was submitted since would be paid for again.\n";
    const auto known = *highest;
    if (known <= facts.highest) return "No submission has been made since this backup: the next start goes on from it.\n";
    const auto missing = static_cast<std::size_t>(known - facts.highest);
    return count_of(missing, "submission was", "submissions were") +
           " made since this backup, so the next start is in quarantine: it follows and delivers what the backup knows, and submits nothing until `motionspool "
           "quarantine end`. `motionspool quarantine show` tells what that means.\n";
}

}  // namespace

CLI::App* add_restore(CLI::App& root, RestoreOptions& options) {
    auto* command = root.add_subcommand("restore", "puts a backup of the database back; the daemon must not run");
    command->add_option("FILE", options.file, "what `motionspool backup` wrote")->required();
    return command->fallthrough();
}

int restore(const Options& options, const RestoreOptions& restore) {
    const auto file = read_config(options);
    const auto& config = file.loaded.config;
    if (::access(restore.file.c_str(), R_OK) != 0) {
        const int code = errno == EACCES ? EX_NOPERM : EX_NOINPUT;
        throw Exit{code, "cannot read " + restore.file + ": " + std::strerror(errno) + "; name a file that `motionspool backup` wrote"};
    }
    const auto facts = store::examine_backup(restore.file);
    if (!facts) throw Exit{EX_DATAERR, facts.problem().text + "; nothing was changed"};
    const auto lock = require_state_lock(config.instance, config.state.directory);
    const auto database = fs::path{config.state.directory} / "motionspool.db";
    require_same_installation(config, database, facts->state_id, restore.file);
    const auto aside = store::put_back(restore.file, database, tag_of(system::RealClock{}.now()));
    if (!aside) throw Exit{EX_IOERR, aside.problem().text};
    std::cout << database.string() << " is now the backup " << restore.file << ", with " << count_of(static_cast<std::size_t>(facts->jobs), "job") << "\n";
    if (!aside->empty()) std::cout << "the database that was there is kept as " << aside->string() << "\n";
    std::cout << outlook(highest_known(config, facts->state_id), *facts);
    return EX_OK;
}

}  // namespace motionspool
