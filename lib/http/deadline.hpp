#pragma once
#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include "http/socket.hpp"

namespace motionspool::http {

using SteadyTime = std::chrono::steady_clock::time_point;

/// A year at most, so that a limit meant as "none" does not overflow.
[[nodiscard]] inline SteadyTime from_now(std::chrono::milliseconds limit) {
    return std::chrono::steady_clock::now() + std::min(limit, std::chrono::milliseconds{std::chrono::hours{24 * 365}});
}

/// Cancels a socket's operations at a time that may be moved as often as one likes: moving it later costs no timer operation.
class Deadline {
public:
    /// @pre the socket outlives this and does not move
    explicit Deadline(Socket& socket);
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;
    ~Deadline();
    void set(SteadyTime at);
    /// No deadline, and nothing left pending on the loop.
    void clear();
    /// Has it passed since the last set()?
    [[nodiscard]] bool passed() const noexcept { return shared_->passed; }

private:
    /// Owned by the timer's handler, too: it can run after the Deadline has gone.
    struct Shared {
        asio::steady_timer timer;
        Socket* socket;
        SteadyTime at{};
        bool waiting = false, passed = false;
    };
    static void wait(const std::shared_ptr<Shared>& shared);
    static void fired(const std::shared_ptr<Shared>& shared);
    std::shared_ptr<Shared> shared_;
};

}  // namespace motionspool::http
