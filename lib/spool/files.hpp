#pragma once
#include <sys/types.h>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include "base/trouble.hpp"
#include "base/unique_fd.hpp"

/// The file system calls of the spool, by folder descriptor and name, with problems in words. Names are single components.
namespace motionspool::spool {

/// "WHAT: Permission denied".
[[nodiscard]] Problem problem_of(std::string_view what, int error);

/// A folder, opened so that it can be listed and fsynced; close-on-exec. Invalid (errno) on failure; a symbolic link at the end is followed only with
/// `Follow::yes`.
enum class Follow { no, yes };
[[nodiscard]] UniqueFd open_folder(int at, const std::string& name, Follow = Follow::no);
/// Makes a folder that passes its group on to what is put into it, with exactly these permissions (of 0777) whatever the umask. It inherits the setgid bit from
/// the folder it lies in; only where that has none it is asked for, and done without where that is forbidden (RestrictSUIDSGID= of systemd). Opens it.
/// Invalid (errno) on failure, EEXIST among them.
[[nodiscard]] UniqueFd make_group_folder(int at, const std::string& name, mode_t permissions = 0770);
[[nodiscard]] UniqueFd duplicate(int fd);  ///< close-on-exec

/// Is anything there under that name, a dangling link included?
[[nodiscard]] bool exists(int folder, const std::string& name);
[[nodiscard]] bool is_folder(int folder, const std::string& name);  ///< not a link to one

/// Renames unless the target exists; also where the file system knows no RENAME_NOREPLACE (NFS), then without protection against a simultaneous creator.
/// @return 0 or an errno, EEXIST among them
[[nodiscard]] int rename_new(int from_folder, const std::string& from, int to_folder, const std::string& to);

/// Makes names in the folder survive a power cut. @return 0 or an errno
[[nodiscard]] int sync_folder(int folder);

/// Replaces a file: whoever opens the name sees the old bytes or all of the new ones, a power cut included. Mode 0664 whatever the umask.
[[nodiscard]] Done write_file(int folder, const std::string& name, std::string_view content);

/// The same for what is soon written anew: it waits for no disk, so after a power cut it may be empty.
[[nodiscard]] Done write_passing_file(int folder, const std::string& name, std::string_view content);

/// The whole file, if it has at most `most` bytes. What keeps it from being read may be the server's trouble.
[[nodiscard]] Tried<std::string> read_all(int fd, std::uint64_t most);
/// Its first `most` bytes, or all of them if it has fewer.
[[nodiscard]] Tried<std::string> read_beginning(int fd, std::uint64_t most);

}  // namespace motionspool::spool
