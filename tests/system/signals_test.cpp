#include "system/signals.hpp"
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <vector>
#include "async/task_group.hpp"
#include "base/unique_fd.hpp"
#include "support/run.hpp"

namespace motionspool::system {
namespace {

TEST_CASE("a signal that comes before anyone waits is remembered") {
    asio::io_context io;
    Signals signals{io.get_executor(), {SIGUSR1}};
    ::raise(SIGUSR1);
    CHECK(test::run(io, signals.next()) == SIGUSR1);
}

TEST_CASE("each of several signals arrives, one at a time") {
    asio::io_context io;
    Signals signals{io.get_executor(), {SIGUSR1, SIGUSR2}};
    std::vector<int> seen;
    auto listen = [&]() -> asio::awaitable<void> {
        while (seen.size() < 3) {
            const int number = co_await signals.next();
            seen.push_back(number);
            if (seen.size() == 1) ::raise(SIGUSR2);
            if (seen.size() == 2) ::raise(SIGUSR1);
        }
    };
    ::raise(SIGUSR1);
    test::run(io, listen());
    CHECK(seen == std::vector{SIGUSR1, SIGUSR2, SIGUSR1});
}

TEST_CASE("waiting for a signal ends when it is cancelled") {
    asio::io_context io;
    Signals signals{io.get_executor(), {SIGUSR1}};
    TaskGroup group{io.get_executor()};
    auto listen = [&]() -> asio::awaitable<void> { co_await signals.next(); };
    group.spawn(listen());
    io.poll();
    group.cancel();
    io.run();
    CHECK(group.size() == 0);
}

TEST_CASE("a signal nobody can catch is refused at once") {
    asio::io_context io;
    CHECK_THROWS_AS((Signals{io.get_executor(), {SIGKILL}}), boost::system::system_error);
}

TEST_CASE("writing to a peer that has gone is an error, not the end of the program") {
    ignore_broken_pipes();
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
    const UniqueFd mine{ends[0]};
    ::close(ends[1]);
    CHECK(::write(mine.get(), "x", 1) == -1);
    CHECK(errno == EPIPE);
}

}  // namespace
}  // namespace motionspool::system
