#pragma once
#include <optional>
#include "async/clock.hpp"
#include "async/wakeup.hpp"

namespace motionspool {

/// Completes once `wakeup` is rung, or at `when` if there is one. @throws system_error{operation_aborted} if cancelled
asio::awaitable<void> wait(Wakeup& wakeup, Clock& clock, std::optional<BootTime> when);

}  // namespace motionspool
