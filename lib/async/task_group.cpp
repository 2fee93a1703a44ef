#include "async/task_group.hpp"
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace motionspool {

TaskGroup::TaskGroup(asio::any_io_executor executor) : executor_{std::move(executor)}, all_done_{executor_} {
    all_done_.expires_at(asio::steady_timer::time_point::max());
}

TaskGroup::~TaskGroup() {
    if (!children_.empty()) std::terminate();
}

bool TaskGroup::spawn(asio::awaitable<void> task) {
    if (cancelled_) return false;
    const auto child = children_.emplace(children_.end());
    auto on_exit = [this, child](std::exception_ptr error) { finished(child, std::move(error)); };
    asio::co_spawn(executor_, std::move(task), asio::bind_cancellation_slot(child->slot(), std::move(on_exit)));
    return true;
}

void TaskGroup::cancel() {
    cancelled_ = true;
    for (auto it = children_.begin(); it != children_.end();) (it++)->emit(asio::cancellation_type::terminal);
}

asio::awaitable<void> TaskGroup::join() {
    const bool throwing = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    bool caller_cancelled = false;
    while (!children_.empty()) {
        co_await all_done_.async_wait(asio::as_tuple(asio::use_awaitable));
        const auto state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none && !children_.empty()) {
            caller_cancelled = true;
            co_await asio::this_coro::reset_cancellation_state();
            cancel();
        }
    }
    co_await asio::this_coro::throw_if_cancelled(throwing);
    if (first_error_) std::rethrow_exception(first_error_);
    if (caller_cancelled) throw boost::system::system_error(asio::error::operation_aborted);
}

void TaskGroup::finished(Child child, std::exception_ptr error) {
    children_.erase(child);
    if (error && !first_error_) {
        first_error_ = std::move(error);
        cancel();
    }
    if (children_.empty()) all_done_.cancel();
}

}  // namespace motionspool
