#pragma once
#include "http/client.hpp"

namespace motionspool::http {

/// The problem of an answer whose sink gave up.
inline constexpr std::string_view refused_by_receiver = "refused by the receiver";

/// Makes one final answer of the bytes a server sends: no I/O, no waiting. Answers with a status of 1xx are read past.
class AnswerReader {
public:
    /// @param to_head the request's method was HEAD: no body follows, whatever the head says
    /// @param body_limit a longer body is a problem, unless `sink` takes it; `sink` may be null
    AnswerReader(bool to_head, std::uint64_t body_limit, Sink* sink);
    ~AnswerReader();
    AnswerReader(const AnswerReader&) = delete;
    AnswerReader& operator=(const AnswerReader&) = delete;
    /// @return how many of the bytes were used; the others must be offered again, with more behind them
    [[nodiscard]] std::size_t feed(std::span<const char> bytes);
    /// The whole answer is there.
    [[nodiscard]] bool done() const noexcept;
    /// Why this will never be an answer; nothing while it may.
    [[nodiscard]] const std::optional<std::string>& problem() const noexcept;
    /// The final answer's, once its status line was read.
    [[nodiscard]] std::optional<int> status() const noexcept;
    /// May another request follow on the connection?
    /// @pre done()
    [[nodiscard]] bool keep_alive() const noexcept;
    /// What there is of the answer: all of it, once done().
    [[nodiscard]] Response take();

private:
    class Parser;
    void start();

    bool to_head_;
    std::uint64_t body_limit_;
    Sink* sink_;
    std::unique_ptr<Parser> parser_;
    std::optional<std::string> problem_;
};

}  // namespace motionspool::http
