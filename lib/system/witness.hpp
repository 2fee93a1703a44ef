#pragma once
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>
#include "base/result.hpp"
#include "base/unique_fd.hpp"

/// The money side-file: what has been risked, written down outside the database, so that an old database that was put back is found out.
///
/// 512 blocks of 512 bytes, all of them written when the file is made, so that no later write needs room. A block is one line of text, filled up with spaces:
///
///     CHECKSUM highest STATE ATTEMPT       blocks 0 and 1, written in turn: the highest attempt ever armed
///     CHECKSUM task STATE ATTEMPT TASK     blocks 2 to 511: a task whose answer the database could not record
///     CHECKSUM free                        one of them that holds nothing
///
/// CHECKSUM is the first 16 digits of the SHA-256 of the rest of the line. A block that was torn (power went while it was written) has a wrong one and counts
/// as not written; of blocks 0 and 1 the other one still holds. STATE is the id of the state directory whose attempts are counted.
/// Files of earlier versions have 128 blocks; one that is opened is replaced, whole.
namespace motionspool::system {

/// So many tasks a side-file has room for, and no more submissions are ever unanswered at once.
inline constexpr std::size_t witness_places = 510;

/// A task at the provider that only the side-file knows.
struct WitnessTask {
    std::int64_t attempt = 0;
    std::string task;  ///< without spaces, at most 300 bytes
    friend bool operator==(const WitnessTask&, const WitnessTask&) = default;
};

struct WitnessFacts {
    std::string state;
    std::int64_t highest = 0;
    std::vector<WitnessTask> tasks;  ///< of that state
    bool damaged = false;            ///< neither of its first blocks holds: nothing is known
    friend bool operator==(const WitnessFacts&, const WitnessFacts&) = default;
};

/// @return nothing if there is no such file; a Problem if it cannot be read
[[nodiscard]] Result<std::optional<WitnessFacts>> read_witness(const std::filesystem::path&);

/// An open side-file.
struct Witness {
    std::filesystem::path path;
    UniqueFd file;
    WitnessFacts facts;
    std::size_t turn = 0;       ///< which of blocks 0 and 1 is written next
    std::size_t next_task = 2;  ///< the block behind the last task
    std::size_t end = 2;        ///< the one behind the last there is
    /// So many more tasks it has room for.
    [[nodiscard]] std::size_t places() const { return end - std::min(end, next_task); }
};

/// Opens it, and makes it (0640, durably) if there is none; a smaller one of an earlier version is replaced, durably, and where there is no room for that it
/// goes on as it is. @param state of one that is made; @return a Problem if it is damaged, too
[[nodiscard]] Result<Witness> open_witness(const std::filesystem::path&, const std::string& state);
/// Makes it anew, durably, whatever was there.
[[nodiscard]] Result<Witness> replace_witness(const std::filesystem::path&, const WitnessFacts&);

/// These return once the fact is on disk. After a problem it may or may not be; what was there before still is.
[[nodiscard]] Done write_highest(Witness&, std::int64_t attempt);
/// A task that is there already, or is no word of at most 300 bytes, is left out: the latter with a problem, as when all blocks are taken.
[[nodiscard]] Done write_task(Witness&, const WitnessTask&);
[[nodiscard]] Done forget_tasks(Witness&);

}  // namespace motionspool::system
