#include "simulator/service.hpp"
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <stdexcept>

namespace motionspool::simulator {
namespace {

constexpr int callback_attempts = 4;                ///< sibling APIs: an answer within 15 s, else three retries
constexpr std::uint64_t largest_body = 160u << 20;  ///< 110 MB of a file in base64

Moment moment() {
    using namespace std::chrono;
    return {duration_cast<milliseconds>(steady_clock::now().time_since_epoch()), floor<milliseconds>(system_clock::now())};
}

http::ClientOptions client_options() {
    http::ClientOptions options;
    options.user_agent = "kie-simulator/1";
    return options;
}

http::Limits callback_limits() {
    http::Limits limits;
    limits.total = limits.idle = std::chrono::seconds{15};
    return limits;
}

/// The address a client on this machine uses: a wildcard is reached by loopback.
std::string reachable(std::string address) {
    for (const auto& [wildcard, loopback] : {std::pair{"0.0.0.0:", "127.0.0.1:"}, std::pair{"[::]:", "[::1]:"}}) {
        if (address.starts_with(wildcard)) return loopback + address.substr(std::string_view{wildcard}.size());
    }
    return address;
}

}  // namespace

Service::Service(asio::any_io_executor executor, Options options, Journal journal)
    : executor_{executor},
      simulator_{std::move(options), std::move(journal)},
      client_{http::make_client(executor, client_options())},
      group_{executor},
      held_{executor, asio::steady_timer::time_point::max()} {}

Result<std::unique_ptr<Service>> Service::open(asio::any_io_executor executor, std::string_view listen, Options options, Journal journal) {
    if (listen.starts_with("unix:")) return Problem{"the simulator listens on HOST:PORT only; expected e.g. 127.0.0.1:0"};
    std::unique_ptr<Service> service{new Service{executor, std::move(options), std::move(journal)}};
    auto* self = service.get();
    http::ServerOptions server;
    server.body = largest_body;
    server.connections = 4096;
    server.body_limit = std::chrono::minutes{10};
    server.admit = [self](const http::Request& head) { return self->simulator_.admit(head, moment()); };
    server.on_error = [self](const std::string& why) { self->give_up(why); };
    auto listening = http::listen(executor, listen, std::move(server), [self](http::Request request, http::Peer) { return self->answer(std::move(request)); });
    if (!listening) return listening.problem();
    service->server_ = std::move(*listening);
    service->url_ = "http://" + reachable(service->server_->listening_on());
    service->simulator_.set_base(service->url_);
    return service;
}

asio::awaitable<void> Service::run() {
    group_.spawn(server_->serve());
    try {
        co_await group_.join();
    } catch (const boost::system::system_error&) {
        if (!stopping_) throw;
    }
    if (!problem_.empty()) throw std::runtime_error(problem_);
}

void Service::stop() {
    stopping_ = true;
    group_.cancel();
}

void Service::give_up(const std::string& why) {
    if (problem_.empty()) problem_ = why;
    asio::post(executor_, [this] { stop(); });  // not from inside the coroutine that is to be cancelled
}

asio::awaitable<http::Reply> Service::answer(http::Request request) {
    auto planned = simulator_.handle(request, moment());
    request = http::Request{};  // an upload's bytes
    for (auto& callback : planned.callbacks) {
        if (!callback.before_answer) {
            group_.spawn(send_later(std::move(callback)));
            continue;
        }
        co_await send_once(callback.task, 1);
    }
    co_await pause(planned.delay);
    if (planned.releases) held_.cancel();
    if (planned.held) {
        auto released = held_.async_wait(asio::as_tuple(asio::use_awaitable));
        co_await std::move(released);
    }
    co_return std::move(planned.reply);
}

asio::awaitable<void> Service::pause(milliseconds duration) {
    if (duration <= milliseconds{0}) co_return;
    asio::steady_timer timer{executor_, duration};
    co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<bool> Service::send_once(std::string task, int attempt) {
    auto post = simulator_.callback(task, moment());
    if (!post) {
        simulator_.note_callback(task, attempt, "not sent: callbacks go to loopback addresses only", moment());
        co_return true;
    }
    const auto exchange = co_await client_->send(std::move(post->origin), std::move(post->request), callback_limits());
    const auto* response = std::get_if<http::Response>(&exchange);
    const auto answer = response != nullptr ? std::to_string(response->status) : std::get<http::Failure>(exchange).text;
    simulator_.note_callback(task, attempt, answer, moment());
    co_return response != nullptr && response->status >= 200 && response->status < 300;
}

asio::awaitable<void> Service::send_later(CallbackPlan plan) {
    co_await pause(plan.due - moment().steady);
    for (int attempt = 1; attempt <= callback_attempts; ++attempt) {
        const bool taken = co_await send_once(plan.task, attempt);
        if (taken) co_return;
        const std::chrono::seconds before_retry{1 << (attempt - 1)};
        co_await pause(before_retry);
    }
}

}  // namespace motionspool::simulator
