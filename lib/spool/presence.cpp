#include "spool/presence.hpp"
#include <fcntl.h>
#include <sys/stat.h>
#include "spool/files.hpp"
#include "spool/owner.hpp"

namespace motionspool::spool {
namespace {

bool same_folder(int a, int b) {
    struct stat one {
    }, other{};
    return ::fstat(a, &one) == 0 && ::fstat(b, &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

}  // namespace

Presence presence(const Layout& layout, const std::string& state) {
    const auto root = open_folder(AT_FDCWD, layout.directory.string(), Follow::yes);
    if (!root) return Presence::away;
    const auto facts = look_at_spool(root.get());
    const auto owner = facts && facts->owner_file ? parse_owner(*facts->owner_file) : std::nullopt;
    if (owner && !state.empty() && owner->state != state) return Presence::taken;
    if (!stale(layout)) return Presence::here;
    return owner || same_folder(root.get(), layout.root.get()) ? Presence::replaced : Presence::away;
}

}  // namespace motionspool::spool
