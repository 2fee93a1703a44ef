#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <utility>

namespace motionspool {
namespace asio = boost::asio;

/// A number of places; who finds none free waits in line. Must outlive the slots it gave out.
class Slots {
public:
    Slots(asio::any_io_executor executor, int count) : executor_{std::move(executor)}, free_{count} {}

    /// A place, given back when this is destroyed.
    class Slot {
    public:
        Slot(Slot&& other) noexcept : owner_{std::exchange(other.owner_, nullptr)} {}
        Slot& operator=(Slot&&) = delete;
        ~Slot() {
            if (owner_ != nullptr) owner_->leave();
        }

    private:
        friend class Slots;
        explicit Slot(Slots& owner) : owner_{&owner} {}
        Slots* owner_;
    };

    /// @throws system_error{operation_aborted} if cancelled while waiting
    asio::awaitable<Slot> enter();

private:
    struct Waiter {
        explicit Waiter(const asio::any_io_executor& executor) : timer{executor, asio::steady_timer::time_point::max()} {}
        asio::steady_timer timer;
        bool granted = false;
    };
    void leave();

    asio::any_io_executor executor_;
    int free_;
    std::list<Waiter> waiters_;
};

}  // namespace motionspool
