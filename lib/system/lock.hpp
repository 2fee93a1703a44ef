#pragma once
#include <sys/types.h>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace motionspool::system {

/// While this lives, no other process can have the same state directory. The kernel lets go of it when the process ends, however it ends.
class StateLock {
public:
    /// @param file open and locked
    explicit StateLock(UniqueFd file) noexcept : file_{std::move(file)} {}

private:
    UniqueFd file_;
};

/// Another process has it.
struct LockHeld {
    std::optional<pid_t> process;  ///< as it wrote it down; nothing if it has not yet
    std::string text;              ///< a sentence for a person
};

using Locking = std::variant<StateLock, LockHeld, Problem>;

/// Locks `STATE/lock` (made if need be, 0640, and never removed: removing it would let two processes lock two files of that name) and writes the process id
/// into it. Waits up to two seconds for the lock of a process that is gone already.
[[nodiscard]] Locking lock_state(const std::filesystem::path& state_directory);

/// The process that holds the state directory now, without touching the lock; 0 if it has not written itself down. Nothing: nobody does.
[[nodiscard]] std::optional<pid_t> lock_holder(const std::filesystem::path& state_directory);

}  // namespace motionspool::system
