#include "web/webhook.hpp"
#include <spdlog/spdlog.h>
#include <algorithm>
#include <charconv>
#include "base/seeded.hpp"
#include "base/text.hpp"
#include "domain/evidence.hpp"
#include "kie/evidence.hpp"
#include "system/hmac.hpp"

namespace motionspool::web {
using namespace std::chrono_literals;

namespace {

constexpr auto usual_skew = 5min;

/// The only header of that name, if there is exactly one.
std::optional<std::string_view> only(const http::Headers& headers, std::string_view name) {
    const auto count = std::ranges::count_if(headers, [&](const http::Header& header) { return equal_ignoring_case(header.name, name); });
    return count == 1 ? http::find(headers, name) : std::nullopt;
}

/// Unix seconds: digits alone, so that the signed text can be read in one way only.
std::optional<Instant> read_timestamp(std::string_view text) {
    std::int64_t seconds = 0;
    const bool digits = !text.empty() && text.size() <= 12 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    if (!digits || std::from_chars(text.data(), text.data() + text.size(), seconds).ec != std::errc{}) return std::nullopt;
    return Instant{std::chrono::seconds{seconds}};
}

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
    options.on_error = [](const std::string& text) { spdlog::warn("webhook: {}", text); };
    return options;
}

http::Reply not_here() { return {.status = 404, .headers = {{"Content-Type", "text/plain; charset=utf-8"}}, .body = "not found\n", .cut_body_after = {}}; }
http::Reply thanks() { return {.status = 200, .headers = {{"Content-Type", "text/plain; charset=utf-8"}}, .body = "ok\n", .cut_body_after = {}}; }

}  // namespace

std::variant<Callback, NoCallback> read_callback(const http::Request& request, std::string_view path, const std::optional<system::Secret>& key) {
    if (request.method != "POST") return NoCallback{"its method is not POST"};
    auto secret = domain::token_in(request.target, path);
    if (!secret) return NoCallback{"its path is none of a callback"};
    const auto* body = std::get_if<std::string>(&request.body);
    auto task = body == nullptr ? std::nullopt : kie::read_callback(*body);
    if (!task) return NoCallback{"its body names no task"};
    if (!key || seeded("unsigned-callback")) return Callback{std::move(*secret), std::move(*task), {}};
    const auto timestamp = only(request.headers, "X-Webhook-Timestamp"), signature = only(request.headers, "X-Webhook-Signature");
    if (!timestamp || !signature) return NoCallback{"it is not signed"};
    const auto signed_at = read_timestamp(*timestamp);
    const auto expected = system::hmac_sha256_base64(key->reveal(), *task + "." + std::string{*timestamp});
    if (!signed_at || !system::same_secret(*signature, expected)) return NoCallback{"its signature is wrong"};
    return Callback{std::move(*secret), std::move(*task), signed_at};
}

Webhook::Webhook(const app::Settings& settings, Clock& clock, app::Callbacks& callbacks)
    : settings_{settings}, clock_{clock}, callbacks_{callbacks}, path_{path_of(settings.config.webhook.public_url)} {}

Result<std::unique_ptr<Webhook>> Webhook::open(asio::any_io_executor executor, const app::Settings& settings, Clock& clock, app::Callbacks& callbacks) {
    std::unique_ptr<Webhook> webhook{new Webhook{settings, clock, callbacks}};
    auto* self = webhook.get();
    auto handler = [self](http::Request request, http::Peer peer) { return self->answer(std::move(request), std::move(peer)); };
    auto server = http::listen(std::move(executor), settings.config.webhook.listen, careful(), std::move(handler));
    if (!server) return server.problem();
    webhook->server_ = std::move(*server);
    return webhook;
}

asio::awaitable<http::Reply> Webhook::answer(http::Request request, http::Peer peer) {
    const auto read = read_callback(request, path_, settings_.webhook_key);
    if (const auto* none = std::get_if<NoCallback>(&read)) {
        spdlog::warn("webhook: a request from {} is refused: {}", peer.address, none->why);
        co_return not_here();
    }
    const auto& callback = std::get<Callback>(read);
    auto taking = callbacks_.take(callback.secret, callback.task);
    const bool ours = co_await std::move(taking);
    if (!ours) {
        spdlog::warn("webhook: a request from {} is refused: its path names no submission of the last 14 days", peer.address);
        co_return not_here();
    }
    const auto skew = callback.signed_at ? clock_.now() - *callback.signed_at : 0ms;
    if (skew > usual_skew || skew < -usual_skew) spdlog::warn("webhook: the callback for task {} was signed {} from now", callback.task, to_words(abs(skew)));
    spdlog::debug("webhook: a callback for task {}", callback.task);
    co_return thanks();
}

}  // namespace motionspool::web
