#pragma once
#include <boost/asio/steady_timer.hpp>
#include "async/task_group.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "simulator/simulator.hpp"

namespace motionspool::simulator {

/// Serves a Simulator: waits for what it says, sends its callbacks, and knows no rule.
class Service {
public:
    /// Binds and listens. `listen`: "HOST:PORT", port 0 for any free one.
    [[nodiscard]] static Result<std::unique_ptr<Service>> open(asio::any_io_executor, std::string_view listen, Options, Journal);
    /// "http://127.0.0.1:8080"; a wildcard address is shown as loopback.
    [[nodiscard]] const std::string& url() const { return url_; }
    /// Serves until stop(), or until cancelled. @throws runtime_error if a request could not be journalled or kept; operation_aborted if cancelled
    asio::awaitable<void> run();
    /// Ends run(); answers still waiting for their time are not sent.
    void stop();

private:
    Service(asio::any_io_executor, Options, Journal);
    asio::awaitable<http::Reply> answer(http::Request);
    asio::awaitable<void> send_later(CallbackPlan);
    asio::awaitable<bool> send_once(std::string task, int attempt);
    asio::awaitable<void> pause(milliseconds);
    void give_up(const std::string& why);

    asio::any_io_executor executor_;
    Simulator simulator_;
    std::unique_ptr<http::Client> client_;
    std::unique_ptr<http::Server> server_;
    TaskGroup group_;
    asio::steady_timer held_;  ///< never expires; whose answer is held waits for it, and it is cancelled to release them
    std::string url_, problem_;
    bool stopping_ = false;
};

}  // namespace motionspool::simulator
