#pragma once
#include <algorithm>
#include <deque>
#include "simulator/options.hpp"

namespace motionspool::simulator {

/// A true sliding window over arrivals. The window that ends at t holds the arrivals in (t - length, t]: two exactly one length apart do not share one.
class Window {
public:
    explicit Window(std::optional<Rate> limit) : limit_{limit}, length_{limit ? limit->window : milliseconds{10'000}} {}
    /// Notes an arrival. @return may it pass? One that may not takes no place. @pre `at` is no earlier than the last one
    bool arrive(milliseconds at) {
        forget(all_, at);
        forget(passed_, at);
        all_.push_back(at);
        peak_ = std::max(peak_, all_.size());
        if (limit_ && passed_.size() >= limit_->count) return false;
        passed_.push_back(at);
        return true;
    }
    /// Arrivals, refused ones included, in the window that ends at the last one.
    [[nodiscard]] std::size_t count() const { return all_.size(); }
    /// The most of any window so far.
    [[nodiscard]] std::size_t peak() const { return peak_; }

private:
    void forget(std::deque<milliseconds>& arrivals, milliseconds at) const {
        while (!arrivals.empty() && arrivals.front() <= at - length_) arrivals.pop_front();
    }
    std::optional<Rate> limit_;
    milliseconds length_;
    std::deque<milliseconds> all_, passed_;
    std::size_t peak_ = 0;
};

}  // namespace motionspool::simulator
