#include "app/inputs.hpp"
#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>
#include "app/files.hpp"
#include "async/wait.hpp"
#include "domain/retry.hpp"
#include "kie/files.hpp"
#include "spool/files.hpp"
#include "system/log.hpp"
#include "system/sha256.hpp"

namespace motionspool::app {
using namespace std::chrono_literals;

namespace {
constexpr auto reuse_margin = 10min;  ///< a link is not used in its last minutes
constexpr int work_and_rest = 9;      ///< while many batches come in, looking takes at most a tenth of the time
constexpr auto at_least_every = 60s;  ///< uploads expire, and the wall clock is set, without a word
}  // namespace

Inputs::Inputs(const Settings& settings, Clock& clock, store::Store& store, http::Client& http, const spool::Layout& layout, TaskGroup& group,
               std::mt19937_64& random)
    : settings_{settings},
      clock_{clock},
      store_{store},
      http_{http},
      layout_{layout},
      group_{group},
      random_{random},
      wakeup_{store.executor},
      slots_{store.executor, settings.config.limits.uploads} {}

asio::awaitable<void> Inputs::run() {
    for (;;) {
        if (!tidied_ || clock_.boot() - *tidied_ >= at_least_every) {
            store_.uploads.forget_beyond(clock_.now() + reused_for());
            tidied_ = clock_.boot();
        }
        const auto again = try_troubled_again();
        auto starting = start_what_is_needed();
        co_await std::move(starting);
        const auto rest = clock_.boot() + work_and_rest * looked_for_;
        const auto anyway = *tidied_ + at_least_every;
        co_await wait(wakeup_, clock_, again ? std::min(*again, anyway) : anyway);
        if (clock_.boot() < rest) co_await clock_.sleep_until(rest);
    }
}

std::chrono::milliseconds Inputs::reused_for() const { return std::max<std::chrono::milliseconds>(settings_.config.provider.upload_ttl - reuse_margin, 1min); }

std::optional<BootTime> Inputs::try_troubled_again() {
    std::optional<BootTime> again;
    for (auto& [sha256, trouble] : troubled_) {
        if (trouble.until > clock_.boot())
            again = again ? std::min(*again, trouble.until) : trouble.until;
        else if (!std::exchange(trouble.over, true))
            store_.uploads.try_again(sha256, clock_.now());
    }
    return again;
}

asio::awaitable<void> Inputs::start_what_is_needed() {
    looked_for_ = 0ms;
    Line::Ahead ahead;
    for (;;) {
        const auto began = clock_.boot();
        const bool done = look_ahead(ahead);
        looked_for_ += clock_.boot() - began;
        if (done) break;
        co_await asio::post(store_.executor, asio::use_awaitable);
    }
    for (auto& input : ahead.inputs) {
        if (under_way_.contains(input.sha256)) continue;
        const auto trouble = troubled_.find(input.sha256);
        if (trouble != troubled_.end() && trouble->second.until > clock_.boot()) continue;
        under_way_.insert(input.sha256);
        group_.spawn(upload(std::move(input)));
    }
}

asio::awaitable<void> Inputs::upload(store::Input input) {
    const auto sha256 = input.sha256;
    {
        const auto slot = co_await slots_.enter();
        const auto job = store_.jobs.begin_upload(input.id, clock_.now());
        auto sending = send(std::move(input));
        const bool sent = co_await std::move(sending);
        if (job) store_.jobs.end_upload(*job, sent ? "inputs uploaded" : "", clock_.now());
    }
    under_way_.erase(sha256);
    changed();
    look_again();
}

asio::awaitable<bool> Inputs::send(store::Input input) {
    const auto batch = store_.batches.get(input.batch);
    const auto place = place_of(layout_, *batch, settings_.config.spool.media_roots);
    if (spool::stale(layout_)) {  // what is not there now may only be unmounted
        put_off(input, "the spool " + settings_.config.spool.directory + " is gone; is it not mounted?");
        co_return false;
    }
    if (!place && !spool::exists(folder_of(layout_, batch->place), batch->entry)) {
        auto failing = fail_all(input, {"input-missing", "the drop " + batch->place + "/" + batch->entry + " is no longer there"});
        co_await std::move(failing);
        co_return false;
    }
    if (!place) {
        put_off(input, place.problem().text);
        co_return false;
    }
    auto opened = place->open(input.source);
    if (const auto* refusal = std::get_if<spool::Refusal>(&opened)) {
        using Why = spool::Refusal::Why;
        if (refusal->why == Why::away || refusal->why == Why::unreadable || refusal->why == Why::trouble) {  // it may be there again
            put_off(input, "it " + refusal->text);
            co_return false;
        }
        auto failing = fail_all(input, {"input-missing", input.source + " " + refusal->text});
        co_await std::move(failing);
        co_return false;
    }
    auto& file = std::get<spool::OpenedInput>(opened);
    if (file.size != input.bytes) {
        auto failing = fail_all(input, {"input-changed", input.source + " has " + std::to_string(file.size) + " bytes and had " + std::to_string(input.bytes) +
                                                             " when it was accepted"});
        co_await std::move(failing);
        co_return false;
    }
    auto hash = std::make_shared<system::Sha256>();
    kie::UploadOrder order;
    order.file = std::make_shared<const UniqueFd>(std::move(file.fd));
    order.bytes = input.bytes;
    order.sha256 = input.sha256;
    order.format = input.format;
    order.seen = [hash](std::span<const char> piece) { hash->update(piece); };
    auto connecting = http_.connect(settings_.upload, http::Reach::anywhere, 10s);
    auto connected = co_await std::move(connecting);
    if (const auto* failure = std::get_if<http::Failure>(&connected)) {
        put_off(input, failure->text);
        co_return false;
    }
    auto& line = std::get<std::unique_ptr<http::Line>>(connected);
    const http::Limits limits{.total = 30min, .idle = 60s, .body = 1u << 20};
    auto request = kie::upload(settings_.key.reveal(), std::move(order));
    auto exchanging = line->exchange(std::move(request), limits, nullptr);
    const auto exchange = co_await std::move(exchanging);
    const auto uploaded = kie::read_upload(exchange);
    if (uploaded.url.empty()) {
        put_off(input, uploaded.trouble + (uploaded.key_refused ? "; check the API key" : ""));
        co_return false;
    }
    if (hash->hex() != input.sha256) {
        auto failing = fail_all(input, {"input-changed", input.source + " is not what it was when it was accepted"});
        co_await std::move(failing);
        co_return false;
    }
    if (uploaded.bytes != 0 && uploaded.bytes != input.bytes) {
        put_off(input, "the upload host stored " + std::to_string(uploaded.bytes) + " of " + std::to_string(input.bytes) + " bytes");
        co_return false;
    }
    store_.uploads.put(input.sha256, uploaded.url, clock_.now() + reused_for());
    troubled_.erase(input.sha256);
    log::info("uploaded {} ({} bytes)", input.source, input.bytes);
    co_return true;
}

void Inputs::put_off(const store::Input& input, const std::string& why) {
    auto& trouble = troubled_[input.sha256];
    trouble.failures++;
    const auto wait = domain::retry_delay(trouble.failures) / 2 + domain::jittered(domain::retry_delay(trouble.failures) / 2, random_());
    trouble.until = clock_.boot() + wait;
    trouble.over = false;
    store_.uploads.put_off(input.sha256, "uploading " + input.source + " failed: " + why, clock_.now() + wait, clock_.now());
    log::warn("uploading {} failed: {}; next try in {}", input.source, why, to_words(wait));
}

asio::awaitable<void> Inputs::fail_all(const store::Input& input, store::JobError error) {
    log::warn("jobs of {} fail: {}", input.source, error.message);
    store_.uploads.forget_trouble(input.sha256);
    for (;;) {
        const auto failed = store_.jobs.fail_waiting_on(input.id, error, clock_.now(), 200);
        if (failed == 0) break;
        co_await asio::post(store_.executor, asio::use_awaitable);
    }
    failed_in(input.batch);
}

}  // namespace motionspool::app
