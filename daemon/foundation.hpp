#pragma once
#include "app/settings.hpp"
#include "spool/layout.hpp"
#include "store/store.hpp"
#include "system/lock.hpp"

// What stands before the daemon's first coroutine runs; each step ends the program with one sentence if it fails.
namespace motionspool {

/// Looks up the key, the host name and the origins. @throws Exit 78
[[nodiscard]] app::Settings make_settings(const config::Config&);

/// Who works in a folder: the service, and its group may look; or the group as well.
enum class Share { service, group };
/// A folder that is there (made if its parent is) and writable. @throws Exit 73 or 77
void require_folder(const std::string& path, const std::string& key, Share);

/// One daemon a state directory. @throws Exit 75 naming who holds it, 74
[[nodiscard]] system::StateLock require_lock(const std::string& state_directory);

/// @throws Exit 74
[[nodiscard]] std::unique_ptr<SQLite::Database> require_database(const std::string& state_directory);

/// Whether the spool may be used by this state directory.
enum class SpoolState { ours, not_mounted };
/// @throws Exit 78 for a spool that is another's, or a directory that holds other things
[[nodiscard]] SpoolState require_spool(const app::Settings&, store::Store&, bool take_over, const std::string& fresh_id);

}  // namespace motionspool
