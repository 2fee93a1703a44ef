#pragma once
#include "app/callbacks.hpp"
#include "app/settings.hpp"
#include "http/server.hpp"
#include "web/callback.hpp"

namespace motionspool::web {

/// The listener for callbacks. Whatever is not a genuine one gets one and the same 404, and one line in the log.
class Webhook {
public:
    /// Binds `webhook.listen`, so that a port in use is known at start. @pre settings, clock and callbacks outlive this
    /// @param earlier callBackUrls under which tasks may still call, whatever webhook.public_url is now
    [[nodiscard]] static Result<std::unique_ptr<Webhook>> open(asio::any_io_executor, const app::Settings& settings, Clock& clock, app::Callbacks& callbacks,
                                                               const std::vector<std::string>& earlier = {});
    /// Serves until cancelled.
    asio::awaitable<void> serve() { return server_->serve(); }
    [[nodiscard]] std::string listening_on() const { return server_->listening_on(); }

private:
    Webhook(const app::Settings& settings, Clock& clock, app::Callbacks& callbacks);
    asio::awaitable<http::Reply> answer(http::Request, http::Peer);

    const app::Settings& settings_;
    Clock& clock_;
    app::Callbacks& callbacks_;
    std::vector<std::string> paths_;  ///< today's first
    std::unique_ptr<http::Server> server_;
};

}  // namespace motionspool::web
