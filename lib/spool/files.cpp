#include "spool/files.hpp"
#include <fcntl.h>
#include <sys/stat.h>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <functional>
#include <system_error>
#include "base/seeded.hpp"

namespace motionspool::spool {
namespace {

/// A hidden name for the new bytes of `name`, short whatever the length of `name`.
std::string temporary_name(const std::string& name) { return ".new-" + std::to_string(std::hash<std::string>{}(name)) + ".tmp"; }

bool write_all(int fd, std::string_view content) {
    while (!content.empty()) {
        const auto n = ::write(fd, content.data(), content.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        content.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

/// For file systems without RENAME_NOREPLACE.
int rename_if_free(int from_folder, const std::string& from, int to_folder, const std::string& to) {
    if (exists(to_folder, to)) return EEXIST;
    return ::renameat(from_folder, from.c_str(), to_folder, to.c_str()) == 0 ? 0 : errno;
}

Done replace_file(int folder, const std::string& name, std::string_view content, bool durably) {
    const auto temporary = temporary_name(name);
    ::unlinkat(folder, temporary.c_str(), 0);
    const UniqueFd file{::openat(folder, temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0660)};
    const bool good = file && write_all(file.get(), content) && ::fchmod(file.get(), 0664) == 0 && (!durably || ::fsync(file.get()) == 0) &&
                      ::renameat(folder, temporary.c_str(), folder, name.c_str()) == 0 && (!durably || ::fsync(folder) == 0);
    if (good) return done();
    const int error = errno;
    ::unlinkat(folder, temporary.c_str(), 0);
    return problem_of("cannot write " + name, error);
}

}  // namespace

Problem problem_of(std::string_view what, int error) { return Problem{std::string{what} + ": " + std::generic_category().message(error)}; }

UniqueFd open_folder(int at, const std::string& name, Follow follow) {
    return UniqueFd{::openat(at, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | (follow == Follow::no ? O_NOFOLLOW : 0))};
}

UniqueFd make_group_folder(int at, const std::string& name, mode_t permissions) {
    const auto mask = ::umask(~permissions & 0777);
    const int made = ::mkdirat(at, name.c_str(), permissions);
    const int error = errno;
    ::umask(mask);
    errno = error;
    if (made != 0) return {};
    auto folder = open_folder(at, name);
    struct stat facts {};
    if (!folder || ::fstat(folder.get(), &facts) != 0) return {};
    if ((facts.st_mode & S_ISGID) == 0) (void)::fchmod(folder.get(), permissions | S_ISGID);
    return folder;
}

UniqueFd duplicate(int fd) { return UniqueFd{::fcntl(fd, F_DUPFD_CLOEXEC, 3)}; }

bool exists(int folder, const std::string& name) {
    struct stat found {};
    return ::fstatat(folder, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT;
}

bool is_folder(int folder, const std::string& name) {
    struct stat found {};
    return ::fstatat(folder, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(found.st_mode);
}

int rename_new(int from_folder, const std::string& from, int to_folder, const std::string& to) {
    if (seeded("overwrite")) return ::renameat(from_folder, from.c_str(), to_folder, to.c_str()) == 0 ? 0 : errno;
    if (::renameat2(from_folder, from.c_str(), to_folder, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
    const int error = errno;
    return error == EINVAL || error == ENOSYS ? rename_if_free(from_folder, from, to_folder, to) : error;
}

int sync_folder(int folder) { return ::fsync(folder) == 0 ? 0 : errno; }

Done write_file(int folder, const std::string& name, std::string_view content) { return replace_file(folder, name, content, true); }

Done write_passing_file(int folder, const std::string& name, std::string_view content) { return replace_file(folder, name, content, false); }

Tried<std::string> read_beginning(int fd, std::uint64_t most) {
    std::string content;
    char chunk[16 * 1024];
    while (content.size() < most) {
        const auto n = ::pread(fd, chunk, std::min<std::uint64_t>(sizeof chunk, most - content.size()), static_cast<off_t>(content.size()));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && is_trouble(errno)) return ServerTrouble{problem_of("cannot be read", errno).text};
        if (n < 0) return problem_of("cannot be read", errno);
        if (n == 0) break;
        content.append(chunk, static_cast<std::size_t>(n));
    }
    return content;
}

Tried<std::string> read_all(int fd, std::uint64_t most) {
    auto content = read_beginning(fd, most + 1);
    if (content && content->size() > most) return Problem{"is larger than " + std::to_string(most) + " bytes, the most that is read"};
    return content;
}

}  // namespace motionspool::spool
