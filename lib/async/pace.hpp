#pragma once
#include <cstddef>
#include <deque>
#include "async/clock.hpp"

namespace motionspool {

/// At most so many starts in any window, first come, first served; starts full. In memory: for what costs nothing. Zero places: no limit.
class Pace {
public:
    Pace(Clock& clock, std::size_t places, std::chrono::milliseconds window) : clock_{clock}, places_{places}, window_{window} {}
    /// Completes when it is this caller's turn. @throws system_error{operation_aborted} if cancelled; its turn is lost then
    asio::awaitable<void> turn();
    /// Nobody starts before then.
    void hold_until(BootTime when);

private:
    Clock& clock_;
    std::size_t places_;
    std::chrono::milliseconds window_;
    BootTime not_before_{};
    std::deque<BootTime> starts_;  ///< the newest `places_`, some of them still to come
};

}  // namespace motionspool
