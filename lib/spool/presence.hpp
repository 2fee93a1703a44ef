#pragma once
#include <string>
#include "spool/layout.hpp"

namespace motionspool::spool {

/// Whether an opened spool is still what lies under its path.
enum class Presence {
    here,
    replaced,  ///< a spool of ours lies there, but some folder of it is not the one that was opened: open_layout() anew
    away,      ///< nothing of ours is there: unmounted, renamed or removed
    taken      ///< another state directory's: `run --take-over`
};

/// Looks at a few names and the owner file. @param state the id of our state directory; empty: whoever owns it is not asked
[[nodiscard]] Presence presence(const Layout&, const std::string& state);

}  // namespace motionspool::spool
