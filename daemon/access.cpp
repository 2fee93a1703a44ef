#include "access.hpp"
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <optional>
#include "exit.hpp"

namespace motionspool {
namespace {

std::optional<std::string> group_of(const std::filesystem::path& path) {
    struct stat facts {};
    for (auto at = path; ::stat(at.c_str(), &facts) != 0; at = at.parent_path()) {
        if (at == at.parent_path()) return std::nullopt;
    }
    const auto* group = facts.st_gid == 0 ? nullptr : ::getgrgid(facts.st_gid);
    if (group == nullptr) return std::nullopt;
    return group->gr_name;
}

std::string me() {
    const auto* user = ::getpwuid(::geteuid());
    return user == nullptr ? "NAME" : user->pw_name;
}

}  // namespace

std::string whom_to_ask(const std::filesystem::path& path) {
    const auto group = group_of(path);
    if (!group) return "this is for members of the service's group: ask the server's keeper to let you in";
    return "this is for members of the group \"" + *group + "\": ask the server's keeper for `usermod -aG " + *group + " " + me() + "`, then log in again";
}

void require_access(const std::filesystem::path& path, int mode, const std::string& what) {
    if (::access(path.c_str(), mode) == 0 || errno != EACCES) return;
    throw Exit{EX_NOPERM, "you may not " + what + " " + path.string() + "; " + whom_to_ask(path)};
}

}  // namespace motionspool
