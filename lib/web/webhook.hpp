#pragma once
#include <variant>
#include "app/callbacks.hpp"
#include "app/settings.hpp"
#include "http/server.hpp"

namespace motionspool::web {

/// A callback whose form and signature are good. Whether its secret is one of ours is the service's to say.
struct Callback {
    std::string secret, task;
    std::optional<Instant> signed_at;  ///< as its sender's clock says
};
/// Why a request is none; for the log, and holds nothing of the request.
struct NoCallback {
    std::string why;
};

/// Judges a request without looking anything up: POST {path}/callback/SECRET, a body that names one task, and, if there is a key, one timestamp and one
/// signature over "TASK.TIMESTAMP".
/// @param path of `webhook.public_url`
[[nodiscard]] std::variant<Callback, NoCallback> read_callback(const http::Request&, std::string_view path, const std::optional<system::Secret>& key);

/// The listener for callbacks. Whatever is not a genuine one gets one and the same 404, and one line in the log.
class Webhook {
public:
    /// Binds `webhook.listen`, so that a port in use is known at start. @pre settings, clock and callbacks outlive this
    [[nodiscard]] static Result<std::unique_ptr<Webhook>> open(asio::any_io_executor, const app::Settings& settings, Clock& clock, app::Callbacks& callbacks);
    /// Serves until cancelled.
    asio::awaitable<void> serve() { return server_->serve(); }
    [[nodiscard]] std::string listening_on() const { return server_->listening_on(); }

private:
    Webhook(const app::Settings& settings, Clock& clock, app::Callbacks& callbacks);
    asio::awaitable<http::Reply> answer(http::Request, http::Peer);

    const app::Settings& settings_;
    Clock& clock_;
    app::Callbacks& callbacks_;
    std::string path_;
    std::unique_ptr<http::Server> server_;
};

}  // namespace motionspool::web
