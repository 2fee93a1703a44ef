#include "loop_watch.hpp"
#include <algorithm>
#include <bit>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include "system/log.hpp"
#include "system/notify.hpp"
#include "system/ticks.hpp"

namespace motionspool {
using namespace std::chrono_literals;

LoopWatch::LoopWatch(Clock& clock, const store::GroupCommit& commits) : clock_{clock}, commits_{commits} {}

asio::awaitable<void> LoopWatch::run() {
    constexpr auto beat = 100ms;
    const auto interval = system::watchdog_interval();
    auto fed = clock_.boot();
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer{executor};
    for (;;) {
        const auto began = system::monotonic_ticks();
        const auto committing = commits_.times().total;
        timer.expires_after(beat);
        co_await timer.async_wait(asio::use_awaitable);
        count(std::max(system::monotonic_ticks() - began - beat - (commits_.times().total - committing), 0ns));
        if (interval && clock_.boot() - fed >= *interval) {
            system::notify_watchdog();
            fed = clock_.boot();
        }
    }
}

void LoopWatch::count(std::chrono::nanoseconds lag) {
    const auto micros = static_cast<std::uint64_t>(lag.count()) / 1000;
    lags_.at(std::min<std::size_t>(static_cast<std::size_t>(std::bit_width(micros)), lags_.size() - 1))++;
    samples_++;
    longest_ = std::max(longest_, lag);
}

std::chrono::microseconds LoopWatch::quantile(double share) const {
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < lags_.size(); i++) {
        seen += lags_[i];
        const std::chrono::microseconds below{std::int64_t{1} << i};
        if (static_cast<double>(seen) >= share * static_cast<double>(samples_)) return std::min(below, std::chrono::ceil<std::chrono::microseconds>(longest_));
    }
    return std::chrono::duration_cast<std::chrono::microseconds>(longest_);
}

void LoopWatch::tell() const {
    if (samples_ == 0) return;
    const auto& times = commits_.times();
    const auto micros = [](std::chrono::nanoseconds t) { return t.count() / 1000; };
    log::info("loop lag: p50 < {} us, p99 < {} us, max {} us; {} commits, mean {} us, slowest {} us", quantile(0.5).count(), quantile(0.99).count(),
              micros(longest_), times.commits, times.commits == 0 ? 0 : micros(times.total) / static_cast<std::int64_t>(times.commits), micros(times.slowest));
}

}  // namespace motionspool
