#pragma once
#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include "async/clock.hpp"

namespace motionspool::test {
namespace asio = boost::asio;

/// A clock that moves only when told to, from sleeper to sleeper in the order of their deadlines (equal ones: who slept first). Ten thousand sleepers are
/// nothing to it. Wall time moves along with boot time until jump_wall().
class ManualClock final : public Clock {
public:
    /// Begins at 2026-11-24T00:00:00Z, an hour after the machine's start.
    explicit ManualClock(asio::io_context& io, Instant wall = std::chrono::sys_days{std::chrono::November / 24 / 2026},
                         BootTime boot = BootTime{std::chrono::hours{1}})
        : io_{io}, boot_{boot}, wall_ahead_{wall.time_since_epoch() - boot.time_since_epoch()} {}

    [[nodiscard]] Instant now() const override { return Instant{boot_.time_since_epoch() + wall_ahead_}; }
    [[nodiscard]] BootTime boot() const override { return boot_; }
    [[nodiscard]] const std::string& boot_id() const override { return boot_id_; }
    asio::awaitable<void> sleep_until(BootTime when) override;

    void set_boot_id(std::string id) { boot_id_ = std::move(id); }
    /// As if someone set the system's clock: wakes nobody.
    void jump_wall(std::chrono::milliseconds by) { wall_ahead_ += by; }

    /// Runs whatever is ready; time stands still.
    void run_ready();
    /// Runs what is ready, then wakes one sleeper after the other and runs what follows from it, until `target`; sleepers due at `target` are woken.
    void run_until(BootTime target);
    void run_for(std::chrono::milliseconds duration) { run_until(boot_ + duration); }
    /// Like run_until(), but stops as soon as `enough`, asked whenever nothing is ready. @return whether it was enough in time
    bool run_until(BootTime limit, const std::function<bool()>& enough);

    [[nodiscard]] std::size_t sleeping() const { return sleepers_.size(); }
    /// When the next sleeper is due, if any sleeps.
    [[nodiscard]] std::optional<BootTime> next() const;

private:
    struct Sleeper;
    using Sleepers = std::multimap<BootTime, Sleeper*>;
    /// Lives in the frame of sleep_until(); leaves the clock when it is woken or its coroutine is cancelled.
    struct Sleeper {
        Sleeper(ManualClock& clock, const asio::any_io_executor& executor, BootTime when);
        Sleeper(const Sleeper&) = delete;
        Sleeper& operator=(const Sleeper&) = delete;
        ~Sleeper();
        ManualClock& clock;
        asio::steady_timer signal;
        Sleepers::iterator place;
        bool woken = false;
    };
    void wake_first();

    asio::io_context& io_;
    BootTime boot_;
    std::chrono::milliseconds wall_ahead_;
    std::string boot_id_ = "11111111-1111-1111-1111-111111111111";
    Sleepers sleepers_;
};

inline ManualClock::Sleeper::Sleeper(ManualClock& owner, const asio::any_io_executor& executor, BootTime when)
    : clock{owner}, signal{executor, asio::steady_timer::time_point::max()}, place{owner.sleepers_.emplace(when, this)} {}

inline ManualClock::Sleeper::~Sleeper() {
    if (!woken) clock.sleepers_.erase(place);
}

inline asio::awaitable<void> ManualClock::sleep_until(BootTime when) {
    if (when <= boot_) co_return;
    const auto executor = co_await asio::this_coro::executor;
    Sleeper self{*this, executor, when};
    co_await self.signal.async_wait(asio::as_tuple(asio::use_awaitable));
    if (!self.woken) throw boost::system::system_error(asio::error::operation_aborted);
}

inline std::optional<BootTime> ManualClock::next() const {
    if (sleepers_.empty()) return std::nullopt;
    return sleepers_.begin()->first;
}

inline void ManualClock::wake_first() {
    const auto first = sleepers_.begin();
    Sleeper& sleeper = *first->second;
    boot_ = first->first;
    sleepers_.erase(first);
    sleeper.woken = true;
    sleeper.signal.cancel();
}

inline void ManualClock::run_ready() {
    io_.restart();
    while (io_.poll() > 0) {}
}

inline bool ManualClock::run_until(BootTime limit, const std::function<bool()>& enough) {
    for (;;) {
        run_ready();
        if (enough()) return true;
        if (sleepers_.empty() || sleepers_.begin()->first > limit) break;
        wake_first();
    }
    boot_ = std::max(boot_, limit);
    return false;
}

inline void ManualClock::run_until(BootTime target) {
    run_until(target, [] { return false; });
}

}  // namespace motionspool::test
