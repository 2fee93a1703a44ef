#include "async/wakeup.hpp"
#include <doctest/doctest.h>
#include <stdexcept>
#include "async/task_group.hpp"
#include "support/manual_clock.hpp"

namespace motionspool {
namespace {

struct Fixture {
    asio::io_context io;
    test::ManualClock clock{io};
    TaskGroup group{io.get_executor()};
    Wakeup wakeup{io.get_executor()};
    int looked = 0;

    asio::awaitable<void> look(int times) {
        for (int i = 0; i < times; ++i) {
            co_await wakeup.wait();
            ++looked;
        }
    }
};

TEST_CASE_FIXTURE(Fixture, "a ring before the wait is remembered") {
    wakeup.ring();
    group.spawn(look(1));
    clock.run_ready();
    CHECK(looked == 1);
}

TEST_CASE_FIXTURE(Fixture, "a ring wakes who waits, and only once") {
    group.spawn(look(2));
    clock.run_ready();
    CHECK(looked == 0);
    wakeup.ring();
    clock.run_ready();
    CHECK(looked == 1);
    wakeup.ring();
    clock.run_ready();
    CHECK(looked == 2);
}

TEST_CASE_FIXTURE(Fixture, "many rings before one look are one") {
    for (int i = 0; i < 10; ++i) wakeup.ring();
    group.spawn(look(2));
    clock.run_ready();
    CHECK(looked == 1);
    group.cancel();
    clock.run_ready();
}

TEST_CASE_FIXTURE(Fixture, "a ring between the waking and the next wait is not lost") {
    group.spawn(look(2));
    wakeup.ring();
    wakeup.ring();
    clock.run_ready();
    wakeup.ring();
    clock.run_ready();
    CHECK(looked == 2);
}

TEST_CASE_FIXTURE(Fixture, "a cancelled waiter throws operation_aborted, and the next one may wait") {
    bool aborted = false;
    auto cancelled = [&]() -> asio::awaitable<void> {
        try {
            co_await wakeup.wait();
        } catch (const boost::system::system_error& error) { aborted = error.code() == asio::error::operation_aborted; }
    };
    TaskGroup first{io.get_executor()};
    first.spawn(cancelled());
    clock.run_ready();
    first.cancel();
    clock.run_ready();
    CHECK(aborted);
    group.spawn(look(1));
    wakeup.ring();
    clock.run_ready();
    CHECK(looked == 1);
}

TEST_CASE_FIXTURE(Fixture, "a second waiter is a programming error, and does not disturb the first") {
    bool refused = false;
    auto second = [&]() -> asio::awaitable<void> {
        try {
            co_await wakeup.wait();
        } catch (const std::logic_error&) { refused = true; }
    };
    group.spawn(look(1));
    group.spawn(second());
    clock.run_ready();
    CHECK(refused);
    wakeup.ring();
    clock.run_ready();
    CHECK(looked == 1);
}

}  // namespace
}  // namespace motionspool
