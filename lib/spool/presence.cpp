#include "spool/presence.hpp"
#include <fcntl.h>
#include "base/same_file.hpp"
#include "spool/files.hpp"
#include "spool/owner.hpp"

namespace motionspool::spool {

Presence presence(const Layout& layout, const std::string& state) {
    const auto root = open_folder(AT_FDCWD, layout.directory.string(), Follow::yes);
    if (!root) return Presence::away;
    const auto facts = look_at_spool(root.get());
    const auto owner = facts && facts->owner_file ? parse_owner(*facts->owner_file) : std::nullopt;
    if (owner && !state.empty() && owner->state != state) return Presence::taken;
    if (!stale(layout)) return Presence::here;
    return owner || same_file(root.get(), layout.root.get()) ? Presence::replaced : Presence::away;
}

}  // namespace motionspool::spool
