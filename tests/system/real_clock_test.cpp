#include "system/real_clock.hpp"
#include <doctest/doctest.h>
#include "async/task_group.hpp"
#include "support/run.hpp"
#include "support/temp_folder.hpp"

namespace motionspool::system {
namespace {
using namespace std::chrono_literals;

TEST_CASE("the boot clock agrees with the kernel's uptime, and the wall clock is in this century") {
    const RealClock clock;
    const double uptime = std::stod(test::read_file("/proc/uptime"));
    const double boot = std::chrono::duration<double>(clock.boot().time_since_epoch()).count();
    CHECK(std::abs(boot - uptime) < 1.0);
    CHECK(clock.now() > std::chrono::sys_days{std::chrono::January / 1 / 2020});
}

TEST_CASE("the boot id is the kernel's, and stays the same") {
    CHECK(RealClock{}.boot_id() + "\n" == test::read_file("/proc/sys/kernel/random/boot_id"));
    CHECK(RealClock{}.boot_id() == RealClock{}.boot_id());
}

TEST_CASE("a sleeper is never woken early") {
    asio::io_context io;
    RealClock clock;
    for (const auto length : {1ms, 3ms, 7ms}) {
        const BootTime until = clock.boot() + length;
        test::run(io, clock.sleep_until(until));
        CHECK(clock.boot() >= until);
    }
}

TEST_CASE("a deadline in the past does not wait") {
    asio::io_context io;
    RealClock clock;
    const BootTime before = clock.boot();
    test::run(io, clock.sleep_until(before - 1h));
    CHECK(clock.boot() - before < 1s);
}

TEST_CASE("a thousand coroutines sleep side by side") {
    asio::io_context io;
    RealClock clock;
    TaskGroup group{io.get_executor()};
    const BootTime before = clock.boot();
    for (int i = 0; i < 1000; ++i) group.spawn(clock.sleep_until(before + 1ms + i % 10 * 1ms));
    test::run(io, group.join());
    CHECK(clock.boot() - before >= 10ms);
    CHECK(clock.boot() - before < 2s);
}

TEST_CASE("a cancelled sleeper throws operation_aborted and keeps no loop waiting") {
    asio::io_context io;
    RealClock clock;
    TaskGroup group{io.get_executor()};
    bool aborted = false;
    auto sleeper = [&]() -> asio::awaitable<void> {
        try {
            co_await clock.sleep_for(24h);
        } catch (const boost::system::system_error& error) { aborted = error.code() == asio::error::operation_aborted; }
    };
    group.spawn(sleeper());
    io.poll();
    group.cancel();
    io.run();
    CHECK(aborted);
}

}  // namespace
}  // namespace motionspool::system
