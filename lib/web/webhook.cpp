#include "web/webhook.hpp"
#include "domain/evidence.hpp"
#include "system/log.hpp"

namespace motionspool::web {
using namespace std::chrono_literals;

namespace {

constexpr auto usual_skew = 5min;

std::string path_of(const std::string& public_url) {
    if (public_url.empty()) return {};
    const auto url = http::parse_url(public_url);
    return !url || url->target == "/" ? std::string{} : url->target;
}

http::ServerOptions careful() {
    http::ServerOptions options;
    options.body = 128u << 10;  // the longest prompt, escaped twice, is a third of it
    options.connections = 64;
    options.head_limit = 10s;
    options.body_limit = 20s;
    options.keep_alive = false;
    options.on_error = [](const std::string& text) { log::warn("webhook: {}", text); };
    return options;
}

http::Reply not_here() { return {.status = 404, .headers = {{"Content-Type", "text/plain; charset=utf-8"}}, .body = "not found\n", .cut_body_after = {}}; }
http::Reply thanks() { return {.status = 200, .headers = {{"Content-Type", "text/plain; charset=utf-8"}}, .body = "ok\n", .cut_body_after = {}}; }

}  // namespace

Webhook::Webhook(const app::Settings& settings, Clock& clock, app::Callbacks& callbacks)
    : settings_{settings}, clock_{clock}, callbacks_{callbacks}, paths_{path_of(settings.config.webhook.public_url)} {}

Result<std::unique_ptr<Webhook>> Webhook::open(asio::any_io_executor executor, const app::Settings& settings, Clock& clock, app::Callbacks& callbacks,
                                               const std::vector<std::string>& earlier) {
    std::unique_ptr<Webhook> webhook{new Webhook{settings, clock, callbacks}};
    for (const auto& url : earlier) webhook->paths_.push_back(path_of(std::string{domain::public_url_in(url)}));
    auto* self = webhook.get();
    auto handler = [self](http::Request request, http::Peer peer) { return self->answer(std::move(request), std::move(peer)); };
    auto server = http::listen(std::move(executor), settings.config.webhook.listen, careful(), std::move(handler));
    if (!server) return server.problem();
    webhook->server_ = std::move(*server);
    return webhook;
}

asio::awaitable<http::Reply> Webhook::answer(http::Request request, http::Peer peer) {
    const auto read = read_callback(request, path_for(request.target, paths_), settings_.webhook_key);
    if (const auto* none = std::get_if<NoCallback>(&read)) {
        log::warn("webhook: a request from {} is refused: {}", peer.address, none->why);
        co_return not_here();
    }
    const auto& callback = std::get<Callback>(read);
    auto taking = callbacks_.take(callback.secret, callback.task);
    const bool ours = co_await std::move(taking);
    if (!ours) {
        log::warn("webhook: a request from {} is refused: its path names no submission of the last 14 days", peer.address);
        co_return not_here();
    }
    const auto skew = callback.signed_at ? clock_.now() - *callback.signed_at : 0ms;
    if (skew > usual_skew || skew < -usual_skew) log::warn("webhook: the callback for task {} was signed {} from now", callback.task, to_words(abs(skew)));
    log::debug("webhook: a callback for task {}", callback.task);
    co_return thanks();
}

}  // namespace motionspool::web
