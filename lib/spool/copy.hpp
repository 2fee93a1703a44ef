#pragma once
#include <sys/stat.h>
#include <optional>
#include <string>
#include <vector>
#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "spool/dir_stream.hpp"
#include "spool/scan.hpp"

namespace motionspool::spool {

/// A file being copied: reflinked at once where the file system can, else a piece at a time, at last fsynced with the source's modification time.
/// Mode 0660 whatever the source's.
class FileCopy {
public:
    /// `source` is an opened regular file; `name` must be free in `folder`, which must stay open.
    FileCopy(UniqueFd source, int folder, const std::string& name);
    /// @return nothing while there is more to do. A problem also if the source changed meanwhile.
    [[nodiscard]] std::optional<Done> step();

private:
    [[nodiscard]] std::optional<Done> complete();
    [[nodiscard]] std::optional<Done> failed(std::string_view what) const;
    UniqueFd source_, target_;
    std::string name_;
    struct stat before_ {};
    off_t at_ = 0;
    int error_ = 0;
};

/// A file or a folder with everything in it being copied, in slices; every file and folder of the copy is fsynced. Links are copied as links; devices, sockets
/// and FIFOs are left out.
class TreeCopy {
public:
    /// Both folders must stay open; `to` must be free there.
    TreeCopy(int from_folder, std::string from, int to_folder, std::string to);
    /// @return nothing while there is more to do
    [[nodiscard]] std::optional<Done> step(const Enough& enough);

private:
    struct Level {
        DirStream names;
        UniqueFd from, to;
        std::string path;
    };
    [[nodiscard]] Done begin(int from_folder, const std::string& from, int to_folder, const std::string& to, const std::string& path);
    [[nodiscard]] Done enter(int from_folder, const std::string& from, int to_folder, const std::string& to, const std::string& path);
    [[nodiscard]] std::optional<Done> advance();

    int from_folder_, to_folder_;
    std::string from_, to_;
    bool begun_ = false;
    std::vector<Level> open_;
    std::optional<FileCopy> file_;
    std::string file_path_;
};

/// Removes a file or a folder with everything in it, links not followed. What cannot be removed stays.
void remove_tree(int folder, const std::string& name);

}  // namespace motionspool::spool
