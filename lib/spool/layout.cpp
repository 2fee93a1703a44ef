#include "spool/layout.hpp"
#include <fcntl.h>
#include <sys/stat.h>
#include <array>
#include <cerrno>
#include "base/same_file.hpp"
#include "spool/files.hpp"

namespace motionspool::spool {
namespace {

struct Member {
    const char* name;
    UniqueFd Layout::*place;
    mode_t permissions;
};
const std::array<Member, 5> members{{{"incoming", &Layout::incoming, 0770},
                                     {"accepted", &Layout::accepted, 0770},
                                     {"rejected", &Layout::rejected, 0770},
                                     {"finished", &Layout::finished, 0770},
                                     {".taking", &Layout::taking, 0700}}};

Result<UniqueFd> open_member(int root, const Member& member, const std::string& path) {
    auto made = make_group_folder(root, member.name, member.permissions);
    if (made && ::fsync(root) == 0) return made;
    const int error = errno;
    if (made) return problem_of("cannot set up " + path, error);
    auto found = open_folder(root, member.name, Follow::yes);
    if (found) return found;
    return problem_of("cannot open " + path + " (or make it)", errno == ENOENT ? error : errno);
}

}  // namespace

Result<UniqueFd> open_root(const std::filesystem::path& directory) {
    if (auto made = make_group_folder(AT_FDCWD, directory.string())) return made;
    auto root = open_folder(AT_FDCWD, directory.string(), Follow::yes);
    if (!root) return Problem{problem_of("cannot open the spool directory " + directory.string(), errno).text + "; make it, or correct spool.directory"};
    return root;
}

Result<Layout> open_layout(const std::filesystem::path& directory) {
    auto root = open_root(directory);
    if (!root) return root.problem();
    Layout layout;
    layout.directory = directory;
    layout.root = std::move(*root);
    struct stat of_root {
    }, of_member{};
    if (::fstat(layout.root.get(), &of_root) != 0) return problem_of("cannot look at " + directory.string(), errno);
    for (const auto& member : members) {
        const auto path = (directory / member.name).string();
        auto opened = open_member(layout.root.get(), member, path);
        if (!opened) return opened.problem();
        if (::fstat(opened->get(), &of_member) != 0) return problem_of("cannot look at " + path, errno);
        if (of_member.st_dev != of_root.st_dev)
            return Problem{path + " is on another file system than " + directory.string() + "; drops are moved by rename, so the whole spool must lie on one"};
        layout.*member.place = std::move(*opened);
    }
    return layout;
}

bool stale(const Layout& layout) {
    if (!same_file(layout.root.get(), layout.directory)) return true;
    for (const auto& member : members)
        if (!same_file((layout.*member.place).get(), layout.directory / member.name)) return true;
    return false;
}

}  // namespace motionspool::spool
