#pragma once
#include <boost/asio/awaitable.hpp>
#include <string>
#include "base/time.hpp"

namespace motionspool {
namespace asio = boost::asio;

/// The only source of time in the program. A seam: scenarios run on a clock they move.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Instant now() const = 0;
    [[nodiscard]] virtual BootTime boot() const = 0;
    /// Names this boot of the machine; BootTimes of different boots do not compare.
    [[nodiscard]] virtual const std::string& boot_id() const = 0;
    /// Completes at or after `when`. @throws system_error{operation_aborted} if cancelled
    virtual asio::awaitable<void> sleep_until(BootTime when) = 0;
    asio::awaitable<void> sleep_for(std::chrono::milliseconds duration) { return sleep_until(boot() + duration); }
};

}  // namespace motionspool
