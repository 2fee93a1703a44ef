#include <unistd.h>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <stdexcept>
#include "support/provider.hpp"

namespace motionspool::test {
using http::Exchange;
using http::Failure;

std::string to_string(Where where) {
    switch (where) {
        case Where::connect: return "connect";
        case Where::create: return "createTask";
        case Where::record: return "recordInfo";
        case Where::credit: return "credit";
        case Where::upload: return "upload";
        case Where::fresh_link: return "download-url";
        case Where::result: return "result";
        case Where::callback: return "callback";
    }
    return {};
}

std::string to_string(Fault fault) {
    constexpr std::array names{"none",        "no connection", "gone",       "lost request", "silence",
                               "lost answer", "late answer",   "cut answer", "short answer", "HTTP 502 after it was done",
                               "garbage",     "HTTP 500",      "HTTP 403",   "HTTP 429",     "code 401",
                               "code 402",    "code 429",      "code 455",   "code 500",     "crash before",
                               "crash after", "exception"};
    return names.at(static_cast<std::size_t>(fault));
}

namespace {

Where where_to(const http::Origin& origin, const std::string& target) {
    if (origin.host == "tempfile.aiquickdraw.com" || origin.host.find("example") != std::string::npos) return Where::result;
    if (target.ends_with("/createTask")) return Where::create;
    if (target.find("/recordInfo") != std::string::npos) return Where::record;
    if (target.ends_with("/credit")) return Where::credit;
    if (target.ends_with("/download-url")) return Where::fresh_link;
    return Where::upload;
}

std::string about(Where where, const http::Request& request) {
    if (where == Where::create)
        return std::string{boost::json::parse(std::get<std::string>(request.body)).as_object().at("input").as_object().at("prompt").as_string()};
    return request.target.substr(request.target.find('=') + 1);
}

/// Reads the file a request carries, and shows it piece by piece, as the real client does.
std::string read_file_of(const http::Request& request) {
    const auto* body = std::get_if<http::FileBody>(&request.body);
    if (body == nullptr) return {};
    std::string bytes(body->size, '\0');
    const auto got = ::pread(body->file->get(), bytes.data(), bytes.size(), 0);
    bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    if (body->seen) body->seen(bytes);
    return bytes;
}

std::optional<http::Response> refusal(Fault fault) {
    switch (fault) {
        case Fault::http_500: return http::Response{500, {}, "<html>Internal Server Error</html>"};
        case Fault::http_403: return http::Response{403, {}, "error code: 1010"};
        case Fault::http_429: return http::Response{429, {{"Retry-After", "12"}}, R"({"code":429,"msg":"too many requests"})"};
        case Fault::code_401: return envelope(401, "You do not have access permissions");
        case Fault::code_402: return envelope(402, "Credits insufficient : Your current balance isn't enough to run this request. Please top up to continue.");
        case Fault::code_429: return envelope(429, "Your call frequency is too high. Please try again later.");
        case Fault::code_455: return envelope(455, "maintenance");
        case Fault::code_500: return envelope(500, "Internal error, please try again later");
        case Fault::none:
        case Fault::no_connection:
        case Fault::gone:
        case Fault::lost_request:
        case Fault::silence:
        case Fault::lost_answer:
        case Fault::late_answer:
        case Fault::cut_answer:
        case Fault::short_answer:
        case Fault::http_502_done:
        case Fault::garbage:
        case Fault::crash_before:
        case Fault::crash_after:
        case Fault::exception: return std::nullopt;
    }
    return std::nullopt;
}

Failure failure(Failure::Step step, std::string text, std::uint64_t written) {
    return {.step = step, .text = std::move(text), .bytes_written = written, .status = {}};
}

/// Hands an answer over, to the sink where it wants it. `cut` bytes arrive, then a reset.
Exchange hand_over(http::Response response, http::Sink* sink, std::optional<std::size_t> cut) {
    const auto body = std::exchange(response.body, {});
    const auto part = std::string_view{body}.substr(0, cut.value_or(body.size()));
    const bool taken = sink != nullptr && sink->begin(response);
    for (std::size_t at = 0; taken && at < part.size(); at += 1024) {
        const auto piece = part.substr(at, 1024);
        if (!sink->write(piece)) return failure(Failure::Step::read, "refused by the receiver", 100);
    }
    if (cut) {
        auto broken = failure(Failure::Step::read, "connection reset before the answer was complete", 100);
        broken.status = response.status;
        return broken;
    }
    if (!taken) response.body = body;
    return response;
}

class ProviderClient final : public http::Client {
public:
    ProviderClient(Provider& provider, Clock& clock, int life) : provider_{provider}, clock_{clock}, life_{life} {}

    asio::awaitable<http::Connected> connect(http::Origin origin, http::Reach, milliseconds limit) override;
    asio::awaitable<Exchange> send(http::Origin origin, http::Request request, http::Limits limits, http::Sink* sink, http::Reach) override {
        return exchange(std::move(origin), std::move(request), limits, sink);
    }
    asio::awaitable<Exchange> exchange(http::Origin, http::Request, http::Limits, http::Sink*);

private:
    [[nodiscard]] bool dead() const { return provider_.is_cut_off(life_); }
    Fault ask(Where where, std::string what) {
        if (dead()) return Fault::no_connection;
        const auto fault = provider_.fault(provider_.note(where, std::move(what)));
        if (fault == Fault::exception) throw std::runtime_error("a client that breaks, at call " + std::to_string(provider_.calls - 1));
        if (fault == Fault::crash_before) provider_.crash();
        return fault;
    }
    Provider& provider_;
    Clock& clock_;
    int life_;
};

class ProviderLine final : public http::Line {
public:
    ProviderLine(ProviderClient& client, http::Origin origin) : client_{client}, origin_{std::move(origin)} {}
    asio::awaitable<Exchange> exchange(http::Request request, http::Limits limits, http::Sink* sink) override {
        return client_.exchange(origin_, std::move(request), limits, sink);
    }

private:
    ProviderClient& client_;
    http::Origin origin_;
};

asio::awaitable<http::Connected> ProviderClient::connect(http::Origin origin, http::Reach, milliseconds limit) {
    const auto fault = ask(Where::connect, origin.host);
    co_await clock_.sleep_for(fault == Fault::silence ? limit : provider_.one_way);
    if (fault == Fault::crash_after && !dead()) provider_.crash();
    if (fault != Fault::none || dead()) co_return failure(Failure::Step::connect, origin.host + ": connection refused", 0);
    provider_.hosts.insert(origin.host);
    co_return std::make_unique<ProviderLine>(*this, std::move(origin));
}

asio::awaitable<Exchange> ProviderClient::exchange(http::Origin origin, http::Request request, http::Limits limits, http::Sink* sink) {
    const auto where = where_to(origin, request.target);
    const auto fault = ask(where, about(where, request));
    if (fault == Fault::no_connection || fault == Fault::gone || dead()) co_return failure(Failure::Step::connect, origin.host + ": connection refused", 0);
    provider_.hosts.insert(origin.host);
    auto file = read_file_of(request);
    const auto* body = std::get_if<http::FileBody>(&request.body);
    if (body != nullptr && file.size() < body->size) co_return failure(Failure::Step::write, "the file is shorter than it was", file.size() + 1);
    co_await clock_.sleep_for(provider_.one_way);
    if (fault == Fault::silence) co_await clock_.sleep_for(limits.total - provider_.one_way);
    if (fault == Fault::lost_request || fault == Fault::silence || dead())
        co_return failure(Failure::Step::read, origin.host + ": connection reset without an answer", 100);
    auto response = refusal(fault).value_or(http::Response{});
    if (response.status == 0) response = provider_.answer({origin, request, std::move(file)});
    if (fault == Fault::crash_after) provider_.crash();
    co_await clock_.sleep_for(provider_.one_way);
    if (fault == Fault::late_answer) co_await clock_.sleep_for(limits.total);
    if (fault == Fault::lost_answer || fault == Fault::late_answer || dead())
        co_return failure(Failure::Step::read, origin.host + ": connection reset without an answer", 100);
    if (fault == Fault::http_502_done) response = {502, {}, "<html>Bad Gateway</html>"};
    if (fault == Fault::garbage) response.body = "<html>Welcome to the captive portal</html>";
    const auto half = response.body.size() / 2;
    if (fault == Fault::short_answer) response.body.resize(half);
    co_return hand_over(std::move(response), sink, fault == Fault::cut_answer ? std::optional{half} : std::nullopt);
}

}  // namespace

std::unique_ptr<http::Client> Provider::client(Clock& clock) {
    clock_ = &clock;
    life_began_ = clock.boot();
    return std::make_unique<ProviderClient>(*this, clock, life_);
}

}  // namespace motionspool::test
