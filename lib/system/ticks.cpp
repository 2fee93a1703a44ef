#include "system/ticks.hpp"
#include <ctime>

namespace motionspool::system {

std::chrono::nanoseconds monotonic_ticks() {
    struct timespec now {};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

}  // namespace motionspool::system
