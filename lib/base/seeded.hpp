#pragma once
#include <cstdlib>
#include <string_view>

namespace motionspool {

/// Mistakes put in on purpose, to test the tests: `MOTIONSPOOL_BUG=name` makes the one of that name. Only in files built with MOTIONSPOOL_SEEDED_BUGS
/// (a CMake option, off); everywhere else this is false and costs nothing. `scripts/torture --seeded` shows which test catches which. For .cpp files only.
#ifdef MOTIONSPOOL_SEEDED_BUGS
[[nodiscard]] inline bool seeded(std::string_view bug) {
    static const char* const chosen = std::getenv("MOTIONSPOOL_BUG");
    return chosen != nullptr && bug == chosen;
}
#else
[[nodiscard]] constexpr bool seeded(std::string_view) { return false; }
#endif

}  // namespace motionspool
