#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <list>

namespace motionspool {
namespace asio = boost::asio;

/// Owns a set of coroutines and never outlives them: join() returns only when all have finished.
/// The first failure (in time) cancels the others and is rethrown by join().
class TaskGroup {
public:
    explicit TaskGroup(asio::any_io_executor executor);
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;
    /// Ends the program if a child is still running: its frame would use freed services.
    ~TaskGroup();

    /// Runs the child to its first suspension, then beside the caller. Refused (false, the child never starts) after cancel().
    bool spawn(asio::awaitable<void> task);
    /// Every child's next co_await throws operation_aborted; no child can be added from now on.
    void cancel();
    [[nodiscard]] bool cancelled() const noexcept { return cancelled_; }
    [[nodiscard]] std::size_t size() const noexcept { return children_.size(); }
    /// Waits for every child. If the caller is cancelled, the children are cancelled and still awaited.
    /// @throws the first child's error, operation_aborted of a cancelled one included
    asio::awaitable<void> join();

private:
    using Child = std::list<asio::cancellation_signal>::iterator;
    void finished(Child child, std::exception_ptr error);

    asio::any_io_executor executor_;
    asio::steady_timer all_done_;
    std::list<asio::cancellation_signal> children_;
    std::exception_ptr first_error_;
    bool cancelled_ = false;
};

}  // namespace motionspool
