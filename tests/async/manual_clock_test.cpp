#include "support/manual_clock.hpp"
#include <doctest/doctest.h>
#include <vector>
#include "async/task_group.hpp"

namespace motionspool {
namespace {
using namespace std::chrono_literals;

struct Fixture {
    asio::io_context io;
    test::ManualClock clock{io};
    TaskGroup group{io.get_executor()};
    std::vector<int> woken;

    asio::awaitable<void> sleeper(std::chrono::milliseconds after, int name) {
        co_await clock.sleep_for(after);
        woken.push_back(name);
    }
    /// Lets every child end, so that the group may go.
    void finish() {
        group.cancel();
        clock.run_ready();
        CHECK(group.size() == 0);
    }
};

TEST_CASE_FIXTURE(Fixture, "sleepers wake in the order of their deadlines, whoever slept first") {
    group.spawn(sleeper(30s, 3));
    group.spawn(sleeper(10s, 1));
    group.spawn(sleeper(20s, 2));
    clock.run_ready();
    CHECK(clock.sleeping() == 3);
    clock.run_for(1h);
    CHECK(woken == std::vector{1, 2, 3});
    CHECK(clock.sleeping() == 0);
}

TEST_CASE_FIXTURE(Fixture, "sleepers with one deadline wake in the order they fell asleep") {
    for (int name = 0; name < 5; ++name) group.spawn(sleeper(10s, name));
    clock.run_for(10s);
    CHECK(woken == std::vector{0, 1, 2, 3, 4});
}

TEST_CASE_FIXTURE(Fixture, "a sleeper is not woken a millisecond early, and at its deadline it is") {
    group.spawn(sleeper(10s, 1));
    clock.run_for(9'999ms);
    CHECK(woken.empty());
    clock.run_for(1ms);
    CHECK(woken == std::vector{1});
}

TEST_CASE_FIXTURE(Fixture, "what a sleeper starts after waking runs in the same advance, at its own time") {
    auto chain = [&]() -> asio::awaitable<void> {
        for (int step = 0; step < 3; ++step) {
            co_await clock.sleep_for(1h);
            woken.push_back(step);
        }
    };
    const BootTime start = clock.boot();
    group.spawn(chain());
    clock.run_until(start + 2h);
    CHECK(woken == std::vector{0, 1});
    CHECK(clock.next() == start + 3h);
    clock.run_until(start + 3h);
    CHECK(woken == std::vector{0, 1, 2});
}

TEST_CASE_FIXTURE(Fixture, "boot time and wall time advance together") {
    const Instant wall = clock.now();
    const BootTime boot = clock.boot();
    clock.run_for(90min);
    CHECK(clock.now() - wall == 90min);
    CHECK(clock.boot() - boot == 90min);
}

TEST_CASE_FIXTURE(Fixture, "a jump of the wall clock wakes nobody and moves no deadline") {
    const BootTime boot = clock.boot();
    const Instant wall = clock.now();
    group.spawn(sleeper(10s, 1));
    clock.jump_wall(10h);
    clock.run_for(9s);
    CHECK(woken.empty());
    CHECK(clock.boot() == boot + 9s);
    CHECK(clock.now() == wall + 10h + 9s);
    clock.jump_wall(-20h);
    clock.run_for(1s);
    CHECK(woken == std::vector{1});
    CHECK(clock.now() == wall - 10h + 10s);
}

TEST_CASE_FIXTURE(Fixture, "a cancelled sleeper throws operation_aborted and leaves the clock") {
    bool aborted = false;
    auto work = [&]() -> asio::awaitable<void> {
        try {
            co_await clock.sleep_for(1h);
        } catch (const boost::system::system_error& error) { aborted = error.code() == asio::error::operation_aborted; }
    };
    group.spawn(work());
    clock.run_ready();
    CHECK(clock.sleeping() == 1);
    finish();
    CHECK(aborted);
    CHECK(clock.sleeping() == 0);
}

TEST_CASE_FIXTURE(Fixture, "a deadline in the past completes without moving time") {
    const BootTime boot = clock.boot();
    group.spawn(sleeper(-1s, 1));
    clock.run_ready();
    CHECK(woken == std::vector{1});
    CHECK(clock.boot() == boot);
}

TEST_CASE_FIXTURE(Fixture, "an advance can end as soon as enough has happened") {
    for (int name = 1; name <= 5; ++name) group.spawn(sleeper(name * 1h, name));
    const BootTime start = clock.boot();
    CHECK(clock.run_until(start + 24h, [&] { return woken.size() == 2; }));
    CHECK(clock.boot() == start + 2h);
    CHECK_FALSE(clock.run_until(start + 3h, [&] { return woken.size() == 5; }));
    CHECK(clock.boot() == start + 3h);
    finish();
}

TEST_CASE_FIXTURE(Fixture, "ten thousand sleepers that sleep ten times each all wake every time") {
    int naps = 0;
    auto napper = [&](std::chrono::milliseconds nap) -> asio::awaitable<void> {
        for (int i = 0; i < 10; ++i) {
            co_await clock.sleep_for(nap);
            ++naps;
        }
    };
    for (int i = 0; i < 10'000; ++i) group.spawn(napper(1s + i * 1ms));
    clock.run_for(10min);
    CHECK(naps == 100'000);
}

TEST_CASE_FIXTURE(Fixture, "another boot of the machine has another name") {
    const std::string before = clock.boot_id();
    clock.set_boot_id("22222222-2222-2222-2222-222222222222");
    CHECK(clock.boot_id() != before);
}

}  // namespace
}  // namespace motionspool
