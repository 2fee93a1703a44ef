#include "async/with_timeout.hpp"
#include <doctest/doctest.h>
#include <memory>
#include <stdexcept>
#include "async/task_group.hpp"
#include "support/manual_clock.hpp"
#include "support/run.hpp"

namespace motionspool {
namespace {
using namespace std::chrono_literals;

asio::awaitable<void> real_sleep(std::chrono::milliseconds length) {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer{executor, length};
    co_await timer.async_wait(asio::use_awaitable);
}
asio::awaitable<std::unique_ptr<int>> answer_after(std::chrono::milliseconds length) {
    co_await real_sleep(length);
    co_return std::make_unique<int>(42);
}
asio::awaitable<int> fail_after(std::chrono::milliseconds length) {
    co_await real_sleep(length);
    throw std::runtime_error("broken");
}
bool is_timeout(const boost::system::system_error& error) { return error.code() == asio::error::timed_out; }

TEST_CASE("work that ends in time gives its value, also one that can only be moved") {
    const auto value = test::run(with_timeout(answer_after(1ms), 1h));
    CHECK(*value == 42);
}

TEST_CASE("work that ends in time leaves no timer behind that would keep the loop") {
    asio::io_context io;
    test::run(io, with_timeout(real_sleep(1ms), 1h));
    CHECK(io.poll() == 0);
}

TEST_CASE("work that takes too long is cancelled, and the caller gets timed_out") {
    bool cancelled = false;
    auto work = [&]() -> asio::awaitable<void> {
        try {
            co_await real_sleep(1h);
        } catch (const boost::system::system_error&) {
            cancelled = true;
            throw;
        }
    };
    bool timed_out = false;
    try {
        test::run(with_timeout(work(), 2ms));
    } catch (const boost::system::system_error& error) { timed_out = is_timeout(error); }
    CHECK(timed_out);
    CHECK(cancelled);
}

TEST_CASE("what the work throws arrives unchanged and at once") {
    CHECK_THROWS_WITH_AS(test::run(with_timeout(fail_after(1ms), 1h)), "broken", std::runtime_error);
}

TEST_CASE("a limit of nothing still ends the work") {
    bool timed_out = false;
    try {
        test::run(with_timeout(real_sleep(1h), 0ms));
    } catch (const boost::system::system_error& error) { timed_out = is_timeout(error); }
    CHECK(timed_out);
}

/// Cancels a caller of with_timeout() and tells which error it saw.
boost::system::error_code error_of_cancelled_caller(asio::io_context& io, asio::awaitable<void> work) {
    boost::system::error_code seen;
    TaskGroup group{io.get_executor()};
    auto caller = [&seen](asio::awaitable<void> inner) -> asio::awaitable<void> {
        try {
            co_await with_timeout(std::move(inner), 1h);
        } catch (const boost::system::system_error& error) { seen = error.code(); }
    };
    group.spawn(caller(std::move(work)));
    io.poll();
    group.cancel();
    io.run();
    CHECK(group.size() == 0);
    return seen;
}

TEST_CASE("a cancelled caller is told that it was cancelled, not that time ran out") {
    asio::io_context io;
    CHECK(error_of_cancelled_caller(io, real_sleep(1h)) == asio::error::operation_aborted);
}

TEST_CASE("a cancelled caller is told so also when its work takes another turn to clean up") {
    asio::io_context io;
    auto work = [&]() -> asio::awaitable<void> {
        TaskGroup inner{io.get_executor()};
        inner.spawn(real_sleep(1h));
        co_await inner.join();
    };
    CHECK(error_of_cancelled_caller(io, work()) == asio::error::operation_aborted);
}

}  // namespace
}  // namespace motionspool
