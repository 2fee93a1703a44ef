#include "async/wakeup.hpp"
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <stdexcept>

namespace motionspool {

Wakeup::Wakeup(const asio::any_io_executor& executor) : timer_{executor} { timer_.expires_at(asio::steady_timer::time_point::max()); }

void Wakeup::ring() {
    rung_ = true;
    timer_.cancel();
}

asio::awaitable<void> Wakeup::wait() {
    struct Place {
        bool& taken;
        ~Place() { taken = false; }
    };
    if (waiting_) throw std::logic_error("a Wakeup has one waiter");
    waiting_ = true;
    const Place place{waiting_};
    if (!rung_) co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    if (!rung_) throw boost::system::system_error(asio::error::operation_aborted);
    rung_ = false;
}

}  // namespace motionspool
