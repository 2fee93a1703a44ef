#include "domain/balance.hpp"
#include <algorithm>

namespace motionspool::domain {
using namespace std::chrono_literals;

std::chrono::milliseconds next_reading(int reads) { return std::min<std::chrono::milliseconds>(5s * (1 << std::clamp(reads - 1, 0, 10)), 60s); }

bool still_tells(Instant read, Instant now) {
    constexpr auto longest = 10min;
    return read - now <= longest && now - read <= longest;
}

std::optional<Credits> drift(Credits before, Credits now, Credits spent_between) {
    const auto missing = before - spent_between - now;
    if (missing <= Credits{}) return std::nullopt;
    return missing;
}

}  // namespace motionspool::domain
