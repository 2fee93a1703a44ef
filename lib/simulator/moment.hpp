#pragma once
#include <chrono>
#include "base/time.hpp"

namespace motionspool::simulator {
using std::chrono::milliseconds;

/// When a request arrived. The simulator is the outside world, so it has clocks of its own, and its core is handed their readings.
struct Moment {
    milliseconds steady{0};  ///< since any fixed start; never jumps: windows and deadlines are on it
    Instant wall{};          ///< for what people and the client read
};

}  // namespace motionspool::simulator
