#pragma once
#include "async/clock.hpp"

namespace motionspool::system {

/// The machine's own clocks. Any number of coroutines may sleep on it; each costs one Asio timer.
class RealClock final : public Clock {
public:
    /// @throws std::runtime_error if the kernel does not tell its boot id (/proc/sys is hidden)
    RealClock();
    [[nodiscard]] Instant now() const override;
    [[nodiscard]] BootTime boot() const override;
    [[nodiscard]] const std::string& boot_id() const override { return boot_id_; }
    /// After the machine was suspended this may be up to a minute late: Asio's timers stand still meanwhile.
    asio::awaitable<void> sleep_until(BootTime when) override;

private:
    std::string boot_id_;
};

}  // namespace motionspool::system
