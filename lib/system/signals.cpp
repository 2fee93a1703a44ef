#include "system/signals.hpp"
#include <boost/asio/use_awaitable.hpp>
#include <csignal>

namespace motionspool::system {

Signals::Signals(const asio::any_io_executor& executor, std::initializer_list<int> numbers) : set_{executor} {
    for (const int number : numbers) set_.add(number);
}

asio::awaitable<int> Signals::next() { co_return co_await set_.async_wait(asio::use_awaitable); }

void ignore_broken_pipes() { std::signal(SIGPIPE, SIG_IGN); }

}  // namespace motionspool::system
