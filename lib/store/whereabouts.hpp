#pragma once
#include <filesystem>
#include <utility>
#include <vector>

// In WAL every commit says "ok" after the database was removed or replaced under its connection, and all of it is gone with the process. So what is paid for,
// or promised, is preceded by a look; it costs microseconds.
namespace motionspool::store {

/// Is an open database still what lies under its path?
enum class Whereabouts {
    here,
    away,     ///< nothing lies there, and ours is not removed: its folder was renamed or unmounted
    another,  ///< another one lies there
    removed   ///< it, or its write-ahead log, was removed: the process alone has what it says
};

/// A database's files as they were when it was opened.
class OpenFiles {
public:
    OpenFiles() = default;
    /// @param database its path; empty (in memory): it is always here. @pre it is open, and its write-ahead log, too
    explicit OpenFiles(std::filesystem::path database);
    [[nodiscard]] Whereabouts look() const;
    /// Are its write-ahead log's bytes what lies under the log's name?
    [[nodiscard]] bool log_lies_there() const;
    /// Could its descriptors be found? Else nothing that befalls it is noticed.
    [[nodiscard]] bool watched() const { return files_.size() == 2; }

private:
    struct File {
        std::filesystem::path path;
        int fd = -1;  ///< SQLite's own: opening and closing another one would let go of its locks
    };
    std::vector<File> files_;
};

}  // namespace motionspool::store
