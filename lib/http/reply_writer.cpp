#include "http/reply_writer.hpp"
#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <limits>
#include "http/file_pieces.hpp"
#include "http/head.hpp"

namespace motionspool::http {
namespace {

/// Texts up to this go out with the head, in one packet.
constexpr std::size_t small_body = 12u << 10;

/// How long bytes may take to reach a peer before a reset on purpose.
constexpr std::chrono::milliseconds delivery{1'000};

}  // namespace

asio::awaitable<bool> ReplyWriter::write(const Reply& reply, bool with_body, bool keep_alive) {
    if (reply.no_answer) {
        close_by_reset(wire_.socket());
        co_return false;
    }
    std::uint64_t most = with_body && allows_body(reply.status) ? reply.cut_body_after.value_or(std::numeric_limits<std::uint64_t>::max()) : 0;
    std::string head = to_head(reply.status, reply.headers, length_of(reply.body), keep_alive && !reply.cut_body_after);
    const auto* file = std::get_if<FileBody>(&reply.body);
    const std::string& text = file != nullptr ? file->before : std::get<std::string>(reply.body);
    const bool together = text.size() <= small_body && most >= text.size();
    if (together) head += text;
    const auto [error, written] = co_await wire_.write(asio::buffer(head));
    bool sent = !error;
    if (together) most -= text.size();
    if (sent && !together) sent = co_await write_some(text, most);
    if (sent && file != nullptr) sent = co_await write_file(*file, most);
    if (sent && reply.cut_body_after) co_await reset_once_delivered();
    co_return sent && !reply.cut_body_after;
}

asio::awaitable<bool> ReplyWriter::write_continue() {
    constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
    const auto [error, written] = co_await wire_.write(asio::buffer(text));
    co_return !error;
}

asio::awaitable<bool> ReplyWriter::write_file(const FileBody& body, std::uint64_t most) {
    FilePieces pieces{*body.file, body.size};
    while (!pieces.at_end() && most > 0) {
        const auto piece = pieces.next();
        if (!piece) {
            close_by_reset(wire_.socket());
            co_return false;
        }
        if (body.seen) body.seen(*piece);
        const std::string_view bytes{piece->data(), piece->size()};
        const bool sent = co_await write_some(bytes, most);
        if (!sent) co_return false;
    }
    co_return co_await write_some(body.after, most);
}

asio::awaitable<bool> ReplyWriter::write_some(std::string_view bytes, std::uint64_t& most) {
    const auto part = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(most, bytes.size())));
    most -= part.size();
    const auto [error, written] = co_await wire_.write(asio::buffer(part));
    co_return !error;
}

asio::awaitable<void> ReplyWriter::reset_once_delivered() {
    const auto end = from_now(delivery);
    asio::steady_timer pause{wire_.socket().get_executor()};
    while (unacknowledged(wire_.socket()) > 0 && std::chrono::steady_clock::now() < end) {
        pause.expires_after(std::chrono::milliseconds{1});
        co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    close_by_reset(wire_.socket());
}

}  // namespace motionspool::http
