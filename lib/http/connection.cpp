#include "http/connection.hpp"
#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include "base/time.hpp"
#include "http/head.hpp"

namespace motionspool::http {
namespace {

constexpr std::size_t room_for_bodies = 32u << 10;

/// How long, and for how many bytes, a client that is still sending is listened to after its answer: closing at once would reset the
/// connection, and the answer could be lost with it.
constexpr std::chrono::milliseconds goodbye{500};
constexpr std::uint64_t goodbye_bytes = 4u << 20;

Reply plain(int status, const std::string& text) {
    return Reply{.status = status, .headers = {{"Content-Type", "text/plain; charset=utf-8"}}, .body = text + ".\n", .cut_body_after = {}};
}

std::string description(std::exception_ptr error) {
    try {
        std::rethrow_exception(std::move(error));
    } catch (const std::exception& thrown) { return thrown.what(); } catch (...) {
        return "an unknown exception";
    }
}

}  // namespace

Connection::Connection(Socket socket, Peer peer, const ServerOptions& options, const Handler& handler)
    : wire_{make_plain_stream(std::move(socket))},
      inbox_{std::max<std::size_t>(options.header + 1, room_for_bodies)},
      peer_{std::move(peer)},
      options_{options},
      handler_{handler} {}

asio::awaitable<void> Connection::serve() {
    auto next = Next::another;
    while (next == Next::another) next = co_await serve_one();
}

asio::awaitable<Connection::Next> Connection::serve_one() {
    RequestReader reader{options_.header, options_.body};
    bool complete = co_await read_head(reader);
    if (!complete) co_return Next::close;
    auto reply = judge(reader);
    if (!reply) {
        complete = co_await read_body(reader);
        if (!complete) co_return Next::close;
        if (reader.stage() == RequestReader::Stage::refused) reply = plain(reader.refusal().status, reader.refusal().text);
    }
    const bool refused = reply.has_value();
    const bool keep_alive = !refused && options_.keep_alive && reader.keep_alive();
    const bool with_body = reader.request().method != "HEAD";
    wire_.rest();
    if (!refused) reply = co_await ask_handler(std::move(reader.request()));
    wire_.limit(SteadyTime::max(), options_.body_limit);
    ReplyWriter writer{wire_};
    const Reply answer = sendable(std::move(*reply));
    const bool written = co_await writer.write(answer, with_body, keep_alive);
    if (written && keep_alive) co_return Next::another;
    if (written && (refused || !inbox_.empty())) co_await say_goodbye();
    co_return Next::close;
}

asio::awaitable<bool> Connection::read_head(RequestReader& reader) {
    wire_.limit(from_now(options_.head_limit), options_.head_limit);
    inbox_.drop(reader.feed(inbox_.content()));
    while (reader.stage() == RequestReader::Stage::head) {
        const auto [error, bytes] = co_await wire_.read(inbox_.space());
        inbox_.add(bytes);
        if (error == asio::error::timed_out && !inbox_.empty()) {
            reader.refuse(408, "the head did not arrive within " + to_words(options_.head_limit));
        } else if (error) {
            co_return false;
        }
        inbox_.drop(reader.feed(inbox_.content()));
    }
    co_return true;
}

asio::awaitable<bool> Connection::read_body(RequestReader& reader) {
    wire_.limit(from_now(options_.body_limit), options_.body_limit);
    if (reader.expects_continue() && inbox_.empty()) {
        ReplyWriter writer{wire_};
        const bool told = co_await writer.write_continue();
        if (!told) co_return false;
    }
    inbox_.drop(reader.feed(inbox_.content()));
    while (reader.stage() == RequestReader::Stage::body) {
        if (inbox_.full()) {
            reader.refuse(400, "a chunk's head or the trailer is too long");
            break;
        }
        const auto [error, bytes] = co_await wire_.read(inbox_.space());
        inbox_.add(bytes);
        if (error == asio::error::timed_out) {
            reader.refuse(408, "the body did not arrive within " + to_words(options_.body_limit));
        } else if (error) {
            co_return false;
        }
        inbox_.drop(reader.feed(inbox_.content()));
    }
    co_return true;
}

std::optional<Reply> Connection::judge(RequestReader& reader) const {
    if (reader.stage() == RequestReader::Stage::refused) return plain(reader.refusal().status, reader.refusal().text);
    if (options_.admit) {
        if (auto refused = options_.admit(reader.request())) return refused;
    }
    if (reader.body_too_long()) return plain(413, "the body is longer than " + std::to_string(options_.body) + " bytes");
    return std::nullopt;
}

asio::awaitable<Reply> Connection::ask_handler(Request request) {
    std::exception_ptr error;
    const std::string method = request.method;
    try {
        co_return co_await handler_(std::move(request), peer_);
    } catch (...) { error = std::current_exception(); }
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != asio::cancellation_type::none) std::rethrow_exception(error);
    report("answering a " + method + " request from " + peer_.address + " failed: " + description(error));
    co_return plain(500, "this failed; the log says why");
}

Reply Connection::sendable(Reply reply) const {
    const auto problem = reply.no_answer ? std::nullopt : head_problem(reply.status, reply.headers);
    if (!problem) return reply;
    report("an answer to " + peer_.address + " cannot be sent: " + *problem);
    return plain(500, "this failed; the log says why");
}

asio::awaitable<void> Connection::say_goodbye() {
    boost::system::error_code failed;
    wire_.socket().shutdown(asio::socket_base::shutdown_send, failed);
    wire_.limit(from_now(goodbye), goodbye);
    std::uint64_t heard = 0;
    while (!failed && heard < goodbye_bytes) {
        inbox_.drop(inbox_.content().size());
        const auto [error, bytes] = co_await wire_.read(inbox_.space());
        heard += bytes;
        failed = error;
    }
}

void Connection::report(const std::string& text) const {
    if (options_.on_error) options_.on_error(text);
}

}  // namespace motionspool::http
