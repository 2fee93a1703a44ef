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

/// One daemon a folder. @throws Exit 75 naming who holds it, 74
[[nodiscard]] system::PlaceLock require_lock(const std::string& directory, const char* name, const std::string& what, const system::Holder& me);
[[nodiscard]] system::PlaceLock require_state_lock(const std::string& instance, const std::string& directory);

/// The state directory as commands, daemons, the spool and the database name it, links resolved.
[[nodiscard]] std::string state_directory_of(const config::Config&);
/// Why a state directory without a database is not to be used: the spool belongs to the one that was there, or the output folder was paid for from one.
/// Nothing: it is there, or new.
[[nodiscard]] std::optional<std::string> state_away(const config::Config&);
/// A state directory that copies along is not the one it was copied from. @throws Exit 75 if a daemon runs on that one, 78 if it is there
void require_original(store::Store&, const config::Config&, bool take_over);

/// @throws Exit 74
[[nodiscard]] std::unique_ptr<SQLite::Database> require_database(const std::string& state_directory);

/// A spool that may be used; without a lock: it is not mounted, as far as one can tell.
struct Spool {
    std::optional<system::PlaceLock> lock;
};
/// @throws Exit 78 for a spool that is another's, or a directory that holds other things. @pre the store has a state id
void require_own_spool(const app::Settings&, store::Store&, bool take_over);
/// @throws Exit 78, likewise; 75 naming who holds it
[[nodiscard]] Spool require_spool(const app::Settings&, store::Store&, bool take_over);

}  // namespace motionspool
