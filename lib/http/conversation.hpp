#pragma once
#include "http/answer_reader.hpp"
#include "http/inbox.hpp"
#include "http/wire.hpp"

namespace motionspool::http {

/// A client's side of one connection: requests and their answers, one after the other.
class Conversation {
public:
    Conversation(std::unique_ptr<Stream> stream, Origin origin, std::string user_agent, bool keep_alive);
    /// As Line::exchange; the arguments must live until it ends.
    [[nodiscard]] asio::awaitable<Exchange> exchange(const Request& request, const Limits& limits, Sink* sink);
    /// May another exchange follow? Asks the kernel whether the peer is still there and silent.
    [[nodiscard]] bool reusable();
    /// The last exchange failed in a way that says no more than that the connection was old: no limit ran out, not a byte of an
    /// answer came, and no piece of a file was shown to anybody.
    [[nodiscard]] bool went_stale() const noexcept { return stale_; }

private:
    struct Trouble {
        Failure::Step step;
        std::string text;
        bool timed_out = false, broken_line = false;  ///< broken_line: the peer may have answered nevertheless
    };
    using Outcome = std::optional<Trouble>;
    [[nodiscard]] asio::awaitable<Outcome> send(const Request& request);
    [[nodiscard]] asio::awaitable<Outcome> send_file(const FileBody& body);
    [[nodiscard]] asio::awaitable<Outcome> write(std::string_view bytes);
    [[nodiscard]] asio::awaitable<Outcome> receive(AnswerReader& reader, Inbox& inbox);
    [[nodiscard]] Trouble broken(Failure::Step step, boost::system::error_code error) const;
    [[nodiscard]] Outcome look();
    [[nodiscard]] Failure failure(const Trouble& trouble, std::optional<int> status) const;

    Wire wire_;
    Origin origin_;
    std::string user_agent_;
    bool keep_alive_, fit_for_more_ = true, stale_ = false, file_shown_ = false;
    std::uint64_t written_ = 0, received_ = 0;
    Limits limits_;
};

}  // namespace motionspool::http
