#pragma once
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <type_traits>
#include <variant>

namespace motionspool {
namespace asio = boost::asio;

namespace detail {
/// Not a std::variant: operator|| splices a variant operand into its own result type.
template <typename T>
struct Outcome {
    std::optional<T> value;
    std::exception_ptr error;
};

template <typename T>
asio::awaitable<Outcome<T>> capture(asio::awaitable<T> work) {
    Outcome<T> outcome;
    try {
        outcome.value = co_await std::move(work);
    } catch (...) { outcome.error = std::current_exception(); }
    co_return outcome;
}
inline asio::awaitable<std::monostate> with_value(asio::awaitable<void> work) {
    co_await std::move(work);
    co_return std::monostate{};
}
inline asio::awaitable<void> quiet_sleep(std::chrono::steady_clock::duration limit) {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer{executor, limit};
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}
}  // namespace detail

/// Awaits `work` for at most `limit` of real time, then cancels it and throws system_error{asio::error::timed_out}.
/// Errors thrown by `work` arrive at once, unchanged. If the caller is cancelled, so is `work`, and this throws operation_aborted.
template <typename T>
asio::awaitable<T> with_timeout(asio::awaitable<T> work, std::chrono::steady_clock::duration limit) {
    using namespace asio::experimental::awaitable_operators;
    auto captured = detail::capture(std::move(work));
    auto expiry = detail::quiet_sleep(limit);
    auto both = std::move(captured) || std::move(expiry);
    auto first = co_await std::move(both);
    if (first.index() == 1) {
        const auto state = co_await asio::this_coro::cancellation_state;
        const bool cancelled = state.cancelled() != asio::cancellation_type::none;
        throw boost::system::system_error(cancelled ? asio::error::basic_errors(asio::error::operation_aborted) : asio::error::timed_out);
    }
    auto& outcome = std::get<0>(first);
    if (outcome.error) std::rethrow_exception(outcome.error);
    co_return std::move(*outcome.value);
}
inline asio::awaitable<void> with_timeout(asio::awaitable<void> work, std::chrono::steady_clock::duration limit) {
    auto valued = detail::with_value(std::move(work));
    co_await with_timeout(std::move(valued), limit);
}

}  // namespace motionspool
