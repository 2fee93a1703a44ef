#include "http/client.hpp"
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/this_coro.hpp>
#include <stdexcept>
#include "http/address.hpp"
#include "http/dialer.hpp"
#include "http/pool.hpp"

namespace motionspool::http {
namespace {

class SingleLine final : public Line {
public:
    explicit SingleLine(std::unique_ptr<Conversation> conversation) : conversation_{std::move(conversation)} {}

    asio::awaitable<Exchange> exchange(Request request, Limits limits, Sink* sink) override {
        const auto conversation = std::move(conversation_);
        if (!conversation) throw std::logic_error("a Line is made for one exchange");
        co_return co_await conversation->exchange(request, limits, sink);
    }

private:
    std::unique_ptr<Conversation> conversation_;
};

class RealClient final : public Client {
public:
    RealClient(asio::any_io_executor executor, ClientOptions options)
        : options_{std::move(options)}, dialer_{std::move(executor), options_.ca_file, options_.tls_now}, pool_{options_.idle_lines, options_.keep_alive} {}

    asio::awaitable<Connected> connect(Origin origin, Reach reach, std::chrono::milliseconds limit) override {
        auto dialed = co_await dialer_.dial(origin, reach, limit);
        if (auto* failure = std::get_if<Failure>(&dialed)) co_return std::move(*failure);
        auto& stream = std::get<Dialed>(dialed).stream;
        auto conversation = std::make_unique<Conversation>(std::move(stream), std::move(origin), options_.user_agent, false);
        co_return std::make_unique<SingleLine>(std::move(conversation));
    }

    asio::awaitable<Exchange> send(Origin origin, Request request, Limits limits, Sink* sink, Reach reach) override {
        if (auto pooled = pool_.take(origin, reach)) {
            auto answer = co_await pooled->conversation->exchange(request, limits, sink);
            const bool stale = std::holds_alternative<Failure>(answer) && pooled->conversation->went_stale();
            pool_.give_back(origin, std::move(*pooled));
            if (!stale) co_return answer;
        }
        auto dialed = co_await dialer_.dial(origin, reach, options_.connect_limit);
        if (auto* failure = std::get_if<Failure>(&dialed)) co_return std::move(*failure);
        auto& fresh = std::get<Dialed>(dialed);
        PooledLine line{.conversation = std::make_unique<Conversation>(std::move(fresh.stream), origin, options_.user_agent, true),
                        .global = is_globally_routable(fresh.address)};
        auto answer = co_await line.conversation->exchange(request, limits, sink);
        pool_.give_back(origin, std::move(line));
        co_return answer;
    }

private:
    ClientOptions options_;
    Dialer dialer_;
    Pool pool_;
};

}  // namespace

std::unique_ptr<Client> make_client(asio::any_io_executor executor, ClientOptions options) {
    limit_system_lookups();
    return std::make_unique<RealClient>(std::move(executor), std::move(options));
}

asio::awaitable<Connected> connect_unix(std::string path, std::string user_agent, std::chrono::milliseconds limit) {
    const auto executor = co_await asio::this_coro::executor;
    const auto failed = [&path](const std::string& what) { return Failure{.step = Failure::Step::connect, .text = path + ": " + what, .status = {}}; };
    if (path.size() >= sizeof(sockaddr_un::sun_path)) co_return failed("the path is too long for a socket");
    Socket socket{executor};
    const asio::local::stream_protocol::endpoint endpoint{path};
    const auto error = co_await connect_socket(socket, endpoint, from_now(limit));
    if (error) co_return failed(in_words(error));
    const Origin origin{.tls = false, .host = "localhost", .port = 80};
    auto conversation = std::make_unique<Conversation>(make_plain_stream(std::move(socket)), origin, std::move(user_agent), false);
    co_return std::make_unique<SingleLine>(std::move(conversation));
}

}  // namespace motionspool::http
