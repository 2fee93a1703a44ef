#pragma once
#include <sys/types.h>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>
#include "base/result.hpp"
#include "base/unique_fd.hpp"

// One daemon a folder. What can be removed or copied locks nothing, so a folder is locked twice: by flock(2) on the directory itself, which nobody can take
// away without the directory, and by an open-file-description lock on a file in it, which NFS carries to other hosts. The kernel lets go of both when the
// process ends, however it ends.
namespace motionspool::system {

/// Whom people are told of who find the folder locked.
struct Holder {
    std::string instance;
    std::string state_directory;
    pid_t process = 0;  ///< 0: it is not known
    friend bool operator==(const Holder&, const Holder&) = default;
};

/// While this lives, no other process has the folder.
class PlaceLock {
public:
    PlaceLock() = default;
    PlaceLock(UniqueFd directory, UniqueFd file) noexcept : directory_{std::move(directory)}, file_{std::move(file)} {}
    /// The folder, open for reading.
    [[nodiscard]] int directory() const { return directory_.get(); }
    [[nodiscard]] explicit operator bool() const { return static_cast<bool>(directory_); }

private:
    UniqueFd directory_, file_;
};

struct Locked {
    std::vector<std::string> doubts;  ///< for the log: a lock that this file system does not have
    PlaceLock lock;
};
/// Another process has it.
struct LockHeld {
    std::optional<Holder> by;  ///< as it wrote itself down; nothing if it has not yet
    std::string text;          ///< a sentence for a person
};
using Locking = std::variant<Locked, LockHeld, Problem>;

/// The file's name in a state directory, a spool, and an output folder.
inline constexpr const char* state_lock = "lock";
inline constexpr const char* spool_lock = ".lock";
inline constexpr const char* output_lock = ".motionspool.lock";

/// Locks a folder that is there and writes the holder into `name` in it (0640, made if need be, never renamed over). Waits up to two seconds for the lock of a
/// process that is gone already. A lock that the file system does not have (ENOLCK, EOPNOTSUPP) is done without, and said.
/// @param what the folder is to people: "the spool"
/// @param patient waits for such a process; not on the loop
[[nodiscard]] Locking lock_place(const std::filesystem::path& directory, const char* name, const std::string& what, const Holder& me, bool patient = true);

/// Who holds a folder now, without touching its locks. Nothing: nobody does, or that cannot be seen.
[[nodiscard]] std::optional<Holder> holder_of(const std::filesystem::path& directory, const char* name);
/// The process that holds the state directory; 0 if it has not written itself down. Nothing: nobody does.
[[nodiscard]] std::optional<pid_t> lock_holder(const std::filesystem::path& state_directory);

}  // namespace motionspool::system
