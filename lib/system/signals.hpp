#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/signal_set.hpp>
#include <initializer_list>

namespace motionspool::system {
namespace asio = boost::asio;

/// Signals as something to wait for. They are caught from construction on: one that comes while nobody waits is remembered.
class Signals {
public:
    /// @throws boost::system::system_error if a signal cannot be caught (SIGKILL, SIGSTOP)
    Signals(const asio::any_io_executor& executor, std::initializer_list<int> numbers);
    /// Completes with the number of the next one. @throws system_error{operation_aborted} if cancelled
    asio::awaitable<int> next();

private:
    asio::signal_set set_;
};

/// A peer that closes its connection must be an error of the write, not the end of the program. Children started later inherit this.
void ignore_broken_pipes();

}  // namespace motionspool::system
