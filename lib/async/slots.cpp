#include "async/slots.hpp"
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace motionspool {

asio::awaitable<Slots::Slot> Slots::enter() {
    if (free_ > 0) {
        --free_;
        co_return Slot{*this};
    }
    const auto place = waiters_.emplace(waiters_.end(), executor_);
    co_await place->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    const bool granted = place->granted;
    waiters_.erase(place);
    if (!granted) throw boost::system::system_error(asio::error::operation_aborted);
    co_return Slot{*this};
}

void Slots::leave() {
    for (auto& waiter : waiters_) {
        if (waiter.granted) continue;
        waiter.granted = true;
        waiter.timer.cancel();
        return;
    }
    ++free_;
}

}  // namespace motionspool
