#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include "async/clock.hpp"
#include "store/group_commit.hpp"

namespace motionspool {

/// Feeds the service manager's watchdog from the loop, and measures how late the loop is: a timer's lateness, commits aside, in powers of two.
class LoopWatch {
public:
    LoopWatch(Clock&, const store::GroupCommit&);
    /// Runs until cancelled.
    asio::awaitable<void> run();
    /// Logs what was measured (debug).
    void tell() const;

private:
    void count(std::chrono::nanoseconds lag);
    [[nodiscard]] std::chrono::microseconds quantile(double share) const;
    Clock& clock_;
    const store::GroupCommit& commits_;
    std::array<std::uint64_t, 40> lags_{};  ///< lag < 2^i microseconds
    std::uint64_t samples_ = 0;
    std::chrono::nanoseconds longest_{0};
};

}  // namespace motionspool
