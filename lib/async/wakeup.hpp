#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

namespace motionspool {
namespace asio = boost::asio;

/// "Something changed, look again." Never loses a wake-up: a ring() before wait() is remembered. One waiter at a time.
class Wakeup {
public:
    explicit Wakeup(const asio::any_io_executor& executor);
    void ring();
    /// Completes once rung. @throws system_error{operation_aborted} if the waiter is cancelled; std::logic_error on a second waiter
    asio::awaitable<void> wait();

private:
    asio::steady_timer timer_;
    bool rung_ = false;
    bool waiting_ = false;
};

}  // namespace motionspool
