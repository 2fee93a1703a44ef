#pragma once
#include "http/message.hpp"

namespace motionspool::http {

/// Makes a request of the bytes a client sends, strictly: no I/O, no waiting.
class RequestReader {
public:
    enum class Stage { head, body, done, refused };
    /// Why a request is not answered as asked.
    struct Refusal {
        int status = 400;
        std::string text;  ///< a sentence without its end
    };

    /// @param head_limit a longer head is refused (431); `body_limit`: a longer body (413)
    RequestReader(std::size_t head_limit, std::uint64_t body_limit);
    ~RequestReader();
    RequestReader(const RequestReader&) = delete;
    RequestReader& operator=(const RequestReader&) = delete;
    /// Stops after the head, so that it can be judged before the body is asked for.
    /// @return how many of the bytes were used; the others must be offered again, with more behind them
    [[nodiscard]] std::size_t feed(std::span<const char> bytes);
    [[nodiscard]] Stage stage() const noexcept { return stage_; }
    /// @pre stage() == Stage::refused
    [[nodiscard]] const Refusal& refusal() const noexcept { return refusal_; }
    /// Method, target and headers from Stage::body on, the body from Stage::done on.
    [[nodiscard]] Request& request() noexcept;
    /// The client waits for a "100 Continue" before it sends the body.
    /// @pre the head was read
    [[nodiscard]] bool expects_continue() const;
    /// May another request follow on the connection?
    /// @pre the head was read
    [[nodiscard]] bool keep_alive() const;
    /// @pre the head was read
    [[nodiscard]] bool body_too_long() const;
    /// For reasons the bytes do not show, such as their slowness.
    void refuse(int status, std::string text);

private:
    class Parser;
    [[nodiscard]] std::size_t feed_head(std::span<const char> bytes);
    [[nodiscard]] std::size_t feed_body(std::span<const char> bytes);

    std::unique_ptr<Parser> parser_;
    std::size_t head_limit_;
    std::uint64_t body_limit_;
    Stage stage_ = Stage::head;
    Refusal refusal_;
    std::size_t looked_at_ = 0;  ///< of an unfinished head
};

}  // namespace motionspool::http
