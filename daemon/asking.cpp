#include "asking.hpp"
#include <unistd.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <filesystem>
#include <iostream>
#include "base/text.hpp"
#include "exit.hpp"
#include "foundation.hpp"
#include "http/client.hpp"
#include "system/lock.hpp"
#include "web/control.hpp"

namespace motionspool {
namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

asio::awaitable<http::Exchange> exchange(std::string socket, http::Request request) {
    auto connecting = http::connect_unix(std::move(socket), "motionspool/" MOTIONSPOOL_VERSION, 5s);
    auto connected = co_await std::move(connecting);
    if (auto* failure = std::get_if<http::Failure>(&connected)) co_return std::move(*failure);
    const http::Limits limits{.total = 120s, .idle = 120s, .body = 8u << 20};
    auto exchanging = std::get<std::unique_ptr<http::Line>>(connected)->exchange(std::move(request), limits, nullptr);
    co_return co_await std::move(exchanging);
}

http::Exchange exchange_now(const std::string& socket, http::Request request) {
    asio::io_context io{1};
    http::Exchange result;
    std::exception_ptr failure;
    auto on_end = [&](std::exception_ptr error, http::Exchange e) {
        failure = std::move(error);
        result = std::move(e);
    };
    asio::co_spawn(io, exchange(socket, std::move(request)), std::move(on_end));
    io.run();
    if (failure) std::rethrow_exception(failure);
    return result;
}

[[noreturn]] void nobody_answers(const config::Config& config, const std::string& why) {
    const auto& socket = config.control.socket;
    const auto holder = system::lock_holder(config.state.directory);
    if (::access(socket.c_str(), W_OK) != 0 && errno == EACCES)
        throw Exit{EX_NOPERM, "may not use the control socket " + socket + "; it is for members of the service's group"};
    if (!holder) throw Exit{EX_UNAVAILABLE, "the daemon does not run, and this command needs it; start it (systemctl start motionspool, or motionspool run)"};
    throw Exit{EX_UNAVAILABLE, "the daemon runs (process " + std::to_string(*holder) + ") and does not answer at its control socket " + socket + " (" + why +
                                   "); its log says why, control.socket sets the place"};
}

int exit_code(int status) {
    if (status == 400 || status == 405) return EX_USAGE;
    if (status == 404) return EX_NOINPUT;
    if (status == 421) return EX_CONFIG;
    return status == 409 ? 1 : EX_UNAVAILABLE;
}

}  // namespace

json::object ask_daemon(const config::Config& config, const std::string& command, const json::object& question) {
    http::Headers headers{{"Content-Type", "application/json"}, {web::state_header, state_directory_of(config)}};
    http::Request request{"POST", "/api/v1/" + command, std::move(headers), json::serialize(question)};
    const auto answered = exchange_now(config.control.socket, std::move(request));
    if (const auto* failure = std::get_if<http::Failure>(&answered)) nobody_answers(config, failure->text);
    const auto& response = std::get<http::Response>(answered);
    boost::system::error_code error;
    const auto body = json::parse(response.body, error);
    if (error || !body.is_object()) nobody_answers(config, "HTTP " + std::to_string(response.status));
    if (response.status == 200) return body.get_object();
    const auto* message = body.get_object().contains("error") ? body.at("error").as_object().if_contains("message") : nullptr;
    throw Exit{exit_code(response.status), message != nullptr && message->is_string() ? std::string{message->get_string()} : response.body};
}

void require_yes(const std::string& sentence, const std::string& text) {
    if (::isatty(STDIN_FILENO) != 1) throw Exit{EX_USAGE, sentence + "; add --yes to do it, or --dry-run to see it only"};
    std::cout << text << "go on? [y/N] " << std::flush;
    std::string line;
    std::getline(std::cin, line);
    const auto answer = lower_ascii(trim(line));
    if (answer != "y" && answer != "yes") throw Exit{1, "nothing was done"};
}

}  // namespace motionspool
