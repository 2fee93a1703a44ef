#include "async/task_group.hpp"
#include <doctest/doctest.h>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <stdexcept>
#include <vector>
#include "support/manual_clock.hpp"

namespace motionspool {
namespace {
using namespace std::chrono_literals;

/// Awaits `group.join()` beside the test, and keeps what came of it.
struct Joiner {
    Joiner(asio::io_context& io, TaskGroup& group) {
        auto keep = [this](std::exception_ptr error) {
            ended = true;
            thrown = std::move(error);
        };
        asio::co_spawn(io, group.join(), asio::bind_cancellation_slot(stop.slot(), std::move(keep)));
    }
    asio::cancellation_signal stop;
    bool ended = false;
    std::exception_ptr thrown;
};

std::string what(const std::exception_ptr& error) {
    if (!error) return "nothing";
    try {
        std::rethrow_exception(error);
    } catch (const boost::system::system_error& failure) {
        return failure.code() == asio::error::operation_aborted ? "aborted" : failure.what();
    } catch (const std::exception& failure) { return failure.what(); }
}

struct Fixture {
    asio::io_context io;
    test::ManualClock clock{io};
    TaskGroup group{io.get_executor()};
    int finished = 0, aborted = 0;

    asio::awaitable<void> nap(std::chrono::milliseconds length) {
        try {
            co_await clock.sleep_for(length);
            ++finished;
        } catch (const boost::system::system_error&) {
            ++aborted;
            throw;
        }
    }
    asio::awaitable<void> fail(std::chrono::milliseconds after, std::string text) {
        co_await clock.sleep_for(after);
        throw std::runtime_error(text);
    }
};

TEST_CASE_FIXTURE(Fixture, "join ends only when every child has ended") {
    group.spawn(nap(1s));
    group.spawn(nap(2s));
    Joiner joiner{io, group};
    clock.run_for(1s);
    CHECK(finished == 1);
    CHECK_FALSE(joiner.ended);
    clock.run_for(1s);
    CHECK(finished == 2);
    CHECK(joiner.ended);
    CHECK(what(joiner.thrown) == "nothing");
}

TEST_CASE_FIXTURE(Fixture, "joining a group without children ends at once") {
    Joiner joiner{io, group};
    clock.run_ready();
    CHECK(joiner.ended);
}

TEST_CASE_FIXTURE(Fixture, "the first failure in time cancels the others and is what join throws") {
    group.spawn(nap(1h));
    group.spawn(fail(2s, "second"));
    group.spawn(fail(1s, "first"));
    Joiner joiner{io, group};
    clock.run_for(1s);
    CHECK(joiner.ended);
    CHECK(what(joiner.thrown) == "first");
    CHECK(aborted == 1);
    CHECK(finished == 0);
}

TEST_CASE_FIXTURE(Fixture, "a child that fails at once, before anyone joins, is still reported") {
    group.spawn(fail(0s, "early"));
    clock.run_ready();
    Joiner joiner{io, group};
    clock.run_ready();
    CHECK(what(joiner.thrown) == "early");
}

TEST_CASE_FIXTURE(Fixture, "a child spawned after cancel is refused and never starts") {
    group.cancel();
    CHECK_FALSE(group.spawn(nap(0s)));
    clock.run_ready();
    CHECK(finished == 0);
    CHECK(group.size() == 0);
}

TEST_CASE_FIXTURE(Fixture, "children may be added while the group is being joined") {
    auto parent = [&]() -> asio::awaitable<void> {
        co_await clock.sleep_for(1s);
        group.spawn(nap(1s));
    };
    group.spawn(parent());
    Joiner joiner{io, group};
    clock.run_for(1s);
    CHECK_FALSE(joiner.ended);
    clock.run_for(1s);
    CHECK(joiner.ended);
    CHECK(finished == 1);
}

TEST_CASE_FIXTURE(Fixture, "cancelling who joins cancels the children, and waits for their clean-up") {
    bool cleaned = false;
    auto slow_to_stop = [&]() -> asio::awaitable<void> {
        try {
            co_await clock.sleep_for(1h);
        } catch (const boost::system::system_error&) { cleaned = true; }
    };
    group.spawn(slow_to_stop());
    group.spawn(nap(1h));
    Joiner joiner{io, group};
    clock.run_ready();
    joiner.stop.emit(asio::cancellation_type::terminal);
    clock.run_ready();
    CHECK(joiner.ended);
    CHECK(cleaned);
    CHECK(what(joiner.thrown) == "aborted");
    CHECK(group.cancelled());
}

TEST_CASE_FIXTURE(Fixture, "who joins learns that it was cancelled, also when every child ends well") {
    auto ends_well = [&]() -> asio::awaitable<void> {
        try {
            co_await clock.sleep_for(1h);
        } catch (const boost::system::system_error&) { ++aborted; }
    };
    group.spawn(ends_well());
    Joiner joiner{io, group};
    clock.run_ready();
    joiner.stop.emit(asio::cancellation_type::terminal);
    clock.run_ready();
    CHECK(aborted == 1);
    CHECK(what(joiner.thrown) == "aborted");
}

TEST_CASE_FIXTURE(Fixture, "after a join the caller can still be cancelled, also between two waits") {
    TaskGroup outer{io.get_executor()};
    bool reached = false;
    auto caller = [&]() -> asio::awaitable<void> {
        co_await clock.sleep_for(1s);
        co_await group.join();
        outer.cancel();
        co_await asio::post(io, asio::use_awaitable);
        reached = true;
    };
    outer.spawn(caller());
    clock.run_for(1s);
    CHECK_FALSE(reached);
}

TEST_CASE_FIXTURE(Fixture, "cancelling a group twice, or one of children that end meanwhile, is harmless") {
    for (int i = 0; i < 100; ++i) group.spawn(nap(1h));
    group.cancel();
    group.cancel();
    Joiner joiner{io, group};
    clock.run_ready();
    CHECK(joiner.ended);
    CHECK(aborted == 100);
}

}  // namespace
}  // namespace motionspool
