#include "async/pace.hpp"
#include <algorithm>

namespace motionspool {

asio::awaitable<void> Pace::turn() {
    if (places_ == 0) co_return;
    auto start = std::max(clock_.boot(), not_before_);
    if (!starts_.empty()) start = std::max(start, starts_.back());
    if (starts_.size() == places_) {
        start = std::max(start, starts_.front() + window_);
        starts_.pop_front();
    }
    starts_.push_back(start);
    co_await clock_.sleep_until(start);
}

void Pace::hold_until(BootTime when) { not_before_ = std::max(not_before_, when); }

}  // namespace motionspool
