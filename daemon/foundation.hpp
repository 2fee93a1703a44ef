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
/// Has it a database? One without a byte is none; one that cannot be looked at may be.
[[nodiscard]] bool holds_database(const std::string& state_directory);
/// A database that is missed.
struct MissedState {
    std::string why;     ///< half a sentence or more: "the state directory X holds no database, and …"
    std::string advice;  ///< what to do, behind it
};
/// Why a state directory without a database is not to be used: the spool belongs to the one that was there, or the output folder was paid for from one.
/// Nothing: it is there, or new.
[[nodiscard]] std::optional<MissedState> state_missed(const config::Config&);
/// The same with its advice, for people.
[[nodiscard]] std::optional<std::string> state_away(const config::Config&);
/// Why a database that begins now is in quarantine: the output folder was paid for from another one, however this one came to begin. Nothing: it has begun
/// before, or there is none such.
[[nodiscard]] std::optional<std::string> begun_beside_another(store::Store&, const config::Config&);
/// As root, on a state directory that is another user's, what is made would be root's, and lock that user out. @throws Exit 77 with the command to run instead
void require_its_user(const config::Config&, const std::string& flag, const std::string& config_file);
/// A state directory that copies along is not the one it was copied from. Where it is to go on instead, that one's money side-file is told of a submission it
/// does not know, so that its next start is in quarantine. @throws Exit 75 if a daemon runs on that one; 78 if it is there, or cannot be told
/// @return that one's path, for go_on_instead()
[[nodiscard]] std::optional<std::string> require_original(store::Store&, const config::Config&, bool take_over);
/// The last step before a copy that is meant to go on does so. @throws Exit 78 if the original cannot be told
void go_on_instead(const std::string& original, store::Store&, const config::Config&);

/// @throws Exit 74
[[nodiscard]] std::unique_ptr<SQLite::Database> require_database(const std::string& state_directory);

/// A spool that may be used; without a lock: it is not mounted, as far as one can tell.
struct Spool {
    std::optional<system::PlaceLock> lock;
};
/// @throws Exit 78 for a spool that is another's, or a directory that holds other things. @pre the store has a state id
/// @return it becomes this one's only because a person says so
[[nodiscard]] bool require_own_spool(const app::Settings&, store::Store&, bool take_over);
/// @throws Exit 78, likewise; 75 naming who holds it
[[nodiscard]] Spool require_spool(const app::Settings&, store::Store&, bool take_over);

}  // namespace motionspool
