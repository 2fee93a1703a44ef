#include "system/real_clock.hpp"
#include <time.h>
#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fstream>
#include <stdexcept>

namespace motionspool::system {

namespace {

/// Asio's timers run on CLOCK_MONOTONIC, which leaves out suspended time: no step is longer than this.
constexpr std::chrono::milliseconds longest_step{60'000};

std::chrono::milliseconds read_clock(clockid_t id) {
    timespec time{};
    if (::clock_gettime(id, &time) != 0) throw std::runtime_error("the kernel does not answer clock_gettime");
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec});
}

std::string read_boot_id() {
    const char* const path = "/proc/sys/kernel/random/boot_id";
    std::ifstream file{path};
    std::string id;
    if (!std::getline(file, id) || id.empty()) {
        throw std::runtime_error(std::string{"cannot read "} + path + ": limits need to know which boot of the machine this is; make /proc/sys visible");
    }
    return id;
}

}  // namespace

RealClock::RealClock() : boot_id_{read_boot_id()} {}

Instant RealClock::now() const { return Instant{read_clock(CLOCK_REALTIME)}; }

BootTime RealClock::boot() const { return BootTime{read_clock(CLOCK_BOOTTIME)}; }

asio::awaitable<void> RealClock::sleep_until(BootTime when) {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer{executor};
    for (auto left = when - boot(); left.count() > 0; left = when - boot()) {
        timer.expires_after(std::min(left, longest_step));
        co_await timer.async_wait(asio::use_awaitable);
    }
}

}  // namespace motionspool::system
