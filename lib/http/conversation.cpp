#include "http/conversation.hpp"
#include <algorithm>
#include "base/time.hpp"
#include "http/file_pieces.hpp"
#include "http/head.hpp"

namespace motionspool::http {
namespace {

constexpr std::size_t room_for_answers = 32u << 10;

/// Bodies up to this go out with the head, in one packet or record.
constexpr std::size_t small_body = 12u << 10;

/// How long a peer that stopped reading is given to hand over an answer it may have sent before.
constexpr std::chrono::milliseconds last_words{1'000};

}  // namespace

Conversation::Conversation(std::unique_ptr<Stream> stream, Origin origin, std::string user_agent, bool keep_alive)
    : wire_{std::move(stream)}, origin_{std::move(origin)}, user_agent_{std::move(user_agent)}, keep_alive_{keep_alive} {}

asio::awaitable<Exchange> Conversation::exchange(const Request& request, const Limits& limits, Sink* sink) {
    fit_for_more_ = stale_ = file_shown_ = false;
    written_ = received_ = 0;
    limits_ = limits;
    if (const auto problem = head_problem(request)) co_return failure(Trouble{.step = Failure::Step::write, .text = *problem}, {});
    const auto gone = look();
    stale_ = gone.has_value();
    if (gone) co_return failure(*gone, {});
    wire_.limit(from_now(limits.total), limits.idle);
    AnswerReader reader{request.method == "HEAD", limits.body, sink};
    Inbox inbox{room_for_answers};
    const auto unsent = co_await send(request);
    if (unsent && !unsent->broken_line) co_return failure(*unsent, {});
    if (unsent) wire_.limit(std::min(wire_.end(), from_now(last_words)), limits.idle);
    const auto unread = co_await receive(reader, inbox);
    wire_.rest();
    if (unread) {
        const Trouble& cause = unsent ? *unsent : *unread;
        stale_ = !cause.timed_out && received_ == 0 && !file_shown_;
        auto failed = failure(cause, reader.status());
        failed.begun = reader.take();
        const auto rest = inbox.content();
        failed.begun.body.append(rest.data(), rest.size());
        co_return failed;
    }
    fit_for_more_ = !unsent && keep_alive_ && inbox.empty() && reader.keep_alive();
    auto answer = reader.take();
    const auto rest = inbox.content();
    answer.surplus.append(rest.data(), rest.size());
    co_return answer;
}

Conversation::Outcome Conversation::look() {
    const PeerState peer = look_at_peer(wire_.socket());
    const bool spoke_first = peer == PeerState::spoke && !wire_.stream().encrypted();
    if (peer != PeerState::gone && !spoke_first) return std::nullopt;
    return Trouble{.step = Failure::Step::write,
                   .text = spoke_first ? "the server spoke before it was asked" : "the server closed the connection before the request was sent",
                   .broken_line = true};
}

bool Conversation::reusable() { return fit_for_more_ && !look(); }

asio::awaitable<Conversation::Outcome> Conversation::send(const Request& request) {
    std::string head = to_head(request, origin_, user_agent_, keep_alive_);
    const auto* file = std::get_if<FileBody>(&request.body);
    const std::string& text = file != nullptr ? file->before : std::get<std::string>(request.body);
    const bool together = text.size() <= small_body;
    if (together) head += text;
    auto trouble = co_await write(head);
    if (!trouble && !together) trouble = co_await write(text);
    if (!trouble && file != nullptr) trouble = co_await send_file(*file);
    co_return trouble;
}

asio::awaitable<Conversation::Outcome> Conversation::send_file(const FileBody& body) {
    FilePieces pieces{*body.file, body.size};
    while (!pieces.at_end()) {
        const auto piece = pieces.next();
        if (!piece) co_return Trouble{.step = Failure::Step::write, .text = piece.problem().text};
        file_shown_ = true;
        if (body.seen) body.seen(*piece);
        const std::string_view bytes{piece->data(), piece->size()};
        auto trouble = co_await write(bytes);
        if (trouble) co_return trouble;
    }
    co_return co_await write(body.after);
}

asio::awaitable<Conversation::Outcome> Conversation::write(std::string_view bytes) {
    const auto [error, moved] = co_await wire_.write(asio::buffer(bytes));
    written_ += moved;
    if (!error) co_return std::nullopt;
    const bool some_may_have_left = wire_.stream().encrypted();
    if (some_may_have_left) written_ = std::max<std::uint64_t>(written_, 1);
    co_return broken(Failure::Step::write, error);
}

asio::awaitable<Conversation::Outcome> Conversation::receive(AnswerReader& reader, Inbox& inbox) {
    while (!reader.done()) {
        if (inbox.full())
            co_return Trouble{.step = Failure::Step::read, .text = "the answer's head is longer than " + std::to_string(room_for_answers) + " bytes"};
        const auto [error, moved] = co_await wire_.read(inbox.space());
        received_ += moved;
        inbox.add(moved);
        inbox.drop(reader.feed(inbox.content()));
        if (reader.problem()) co_return Trouble{.step = Failure::Step::read, .text = *reader.problem()};
        if (error && !reader.done()) co_return broken(Failure::Step::read, error);
    }
    co_return std::nullopt;
}

Conversation::Trouble Conversation::broken(Failure::Step step, boost::system::error_code error) const {
    Trouble trouble{.step = step, .text = {}, .timed_out = error == asio::error::timed_out, .broken_line = true};
    const bool reading = step == Failure::Step::read;
    if (trouble.timed_out && std::chrono::steady_clock::now() >= wire_.end()) {
        trouble.text = (reading ? "no complete answer within " : "the request could not be sent within ") + to_words(limits_.total);
    } else if (trouble.timed_out) {
        trouble.text = (reading ? "the server sent nothing for " : "the server took nothing for ") + to_words(limits_.idle);
    } else {
        trouble.text =
            in_words(error) + (reading ? (received_ == 0 ? " without an answer" : " before the answer was complete") : " while the request was being sent");
    }
    return trouble;
}

Failure Conversation::failure(const Trouble& trouble, std::optional<int> status) const {
    return Failure{.step = trouble.step,
                   .text = trouble.text == refused_by_receiver ? trouble.text : authority(origin_) + ": " + trouble.text,
                   .bytes_written = written_,
                   .timed_out = trouble.timed_out,
                   .status = status};
}

}  // namespace motionspool::http
