#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

/// What the service manager is told (sd_notify(3)). Without $NOTIFY_SOCKET every function does nothing.
namespace motionspool::system {

/// Start-up, or a reload, is over. `status` is what `systemctl status` shows.
void notify_ready(std::string_view status);
/// A reload began; notify_ready() ends it.
void notify_reloading();
/// The shutdown began.
void notify_stopping(std::string_view status);
/// One line for `systemctl status`; line ends in it become spaces.
void notify_status(std::string_view status);
/// Asks for so much more time, from now, before the service manager kills a service that is starting or stopping.
void notify_extend_timeout(std::chrono::milliseconds more);
/// "Still turning": feeds the watchdog.
void notify_watchdog();

/// How often the service manager wants notify_watchdog() (half its own limit); nothing if it keeps no watch on this process.
[[nodiscard]] std::optional<std::chrono::milliseconds> watchdog_interval();

}  // namespace motionspool::system
