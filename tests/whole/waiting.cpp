#include "whole/waiting.hpp"
#include <stdexcept>
#include <thread>

namespace motionspool::whole {

void wait_until(const std::string& what, const std::function<bool()>& enough, std::chrono::milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!enough()) {
        if (std::chrono::steady_clock::now() >= end) throw std::runtime_error("not within " + std::to_string(limit.count()) + " ms: " + what);
        std::this_thread::sleep_for(5ms);
    }
}

}  // namespace motionspool::whole
