#include "async/wait.hpp"
#include <boost/asio/experimental/awaitable_operators.hpp>

namespace motionspool {

asio::awaitable<void> wait(Wakeup& wakeup, Clock& clock, std::optional<BootTime> when) {
    using namespace asio::experimental::awaitable_operators;
    if (!when) {
        co_await wakeup.wait();
        co_return;
    }
    auto either = wakeup.wait() || clock.sleep_until(*when);
    co_await std::move(either);
}

}  // namespace motionspool
