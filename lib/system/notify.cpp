#include "system/notify.hpp"
#include <systemd/sd-daemon.h>
#include <time.h>
#include <algorithm>
#include <cstdint>

namespace motionspool::system {

namespace {

constexpr int keep_environment = 0;

void notify(const std::string& state) { ::sd_notify(keep_environment, state.c_str()); }

std::string status_line(std::string_view status) {
    std::string line{status};
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return "STATUS=" + line;
}

/// CLOCK_MONOTONIC, which systemd 253 and later expect beside RELOADING=1; 252 ignores it.
std::int64_t monotonic_microseconds() {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1'000;
}

}  // namespace

void notify_ready(std::string_view status) { notify("READY=1\n" + status_line(status)); }

void notify_reloading() { notify("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic_microseconds())); }

void notify_stopping(std::string_view status) { notify("STOPPING=1\n" + status_line(status)); }

void notify_status(std::string_view status) { notify(status_line(status)); }

void notify_extend_timeout(std::chrono::milliseconds more) { notify("EXTEND_TIMEOUT_USEC=" + std::to_string(std::chrono::microseconds{more}.count())); }

void notify_watchdog() { notify("WATCHDOG=1"); }

std::optional<std::chrono::milliseconds> watchdog_interval() {
    std::uint64_t limit = 0;
    if (::sd_watchdog_enabled(keep_environment, &limit) <= 0) return std::nullopt;
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::microseconds{static_cast<std::int64_t>(limit / 2)});
}

}  // namespace motionspool::system
