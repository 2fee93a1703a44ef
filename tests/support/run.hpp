#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace motionspool::test {
namespace asio = boost::asio;

/// Runs a coroutine on `io` until nothing is left to do there. @throws what it threw; std::logic_error if it never ended
template <typename T>
T run(asio::io_context& io, asio::awaitable<T> work) {
    std::optional<T> result;
    std::exception_ptr error;
    asio::co_spawn(io, std::move(work), [&](std::exception_ptr thrown, T value) {
        error = thrown;
        if (!thrown) result.emplace(std::move(value));
    });
    io.restart();
    io.run();
    if (error) std::rethrow_exception(error);
    if (!result) throw std::logic_error("the coroutine did not end");
    return std::move(*result);
}

inline void run(asio::io_context& io, asio::awaitable<void> work) {
    bool ended = false;
    std::exception_ptr error;
    asio::co_spawn(io, std::move(work), [&](std::exception_ptr thrown) {
        ended = true;
        error = thrown;
    });
    io.restart();
    io.run();
    if (error) std::rethrow_exception(error);
    if (!ended) throw std::logic_error("the coroutine did not end");
}

/// The same on a loop of its own.
template <typename T>
T run(asio::awaitable<T> work) {
    asio::io_context io;
    return run(io, std::move(work));
}

}  // namespace motionspool::test
