#include "spool/beneath.hpp"
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>
#include <string_view>

namespace motionspool::spool {
namespace {

/// openat2(2) refuses O_PATH together with any flag that means nothing to it.
int safe_flags(int flags) { return (flags & O_PATH) != 0 ? flags | O_CLOEXEC : flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK; }

/// A rename or mount going on anywhere may make the kernel unsure about `..`: it answers EAGAIN and asks to be asked again.
constexpr int most_asked = 100;

}  // namespace

Opening open_beneath(int root, const std::string& path, int flags) {
    open_how how{};
    how.flags = static_cast<unsigned>(safe_flags(flags));
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    for (int n = 0; n < most_asked; ++n) {
        const auto fd = ::syscall(SYS_openat2, root, path.c_str(), &how, sizeof how);
        if (fd >= 0) return {UniqueFd{static_cast<int>(fd)}, 0};
        if (errno == ENOSYS) return open_beneath_by_walking(root, path, flags);
        if (errno != EAGAIN && errno != EINTR) return {UniqueFd{}, errno};
    }
    return {UniqueFd{}, EAGAIN};
}

Opening open_beneath_by_walking(int root, const std::string& path, int flags) {
    if (path.starts_with('/')) return {UniqueFd{}, EXDEV};
    UniqueFd folder;
    std::string_view left{path};
    for (;;) {
        const auto slash = left.find('/');
        const std::string name{left.substr(0, slash)};
        const int at = folder ? folder.get() : root;
        const bool last = slash == std::string_view::npos;
        if (name == "..") return {UniqueFd{}, EXDEV};
        struct stat facts {};
        const bool link = ::fstatat(at, name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(facts.st_mode);
        if (link) return {UniqueFd{}, ELOOP};
        UniqueFd next{::openat(at, name.empty() ? "." : name.c_str(), O_NOFOLLOW | (last ? safe_flags(flags) : O_PATH | O_DIRECTORY | O_CLOEXEC))};
        const int error = next ? 0 : errno;
        if (error != 0 || last) return {std::move(next), error};
        folder = std::move(next);
        left.remove_prefix(slash + 1);
    }
}

}  // namespace motionspool::spool
