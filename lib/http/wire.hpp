#pragma once
#include "http/deadline.hpp"
#include "http/stream.hpp"

namespace motionspool::http {

/// A stream whose every wait is limited. Errors are values (asio::error::timed_out for a limit), but for operation_aborted,
/// which is thrown when the awaiting coroutine was cancelled.
class Wire {
public:
    explicit Wire(std::unique_ptr<Stream> stream);
    /// From now on no wait goes on after `end`, and none is longer than `idle`.
    void limit(SteadyTime end, std::chrono::milliseconds idle) noexcept;
    /// Nothing of it stays pending on the loop until the next read or write.
    void rest() { deadline_.clear(); }
    [[nodiscard]] asio::awaitable<Moved> read(asio::mutable_buffer into);
    /// Writes all of it, or until an error; the bytes handed over successfully are counted in both cases.
    [[nodiscard]] asio::awaitable<Moved> write(asio::const_buffer from);
    [[nodiscard]] SteadyTime end() const noexcept { return end_; }
    [[nodiscard]] Stream& stream() noexcept { return *stream_; }
    [[nodiscard]] Socket& socket() noexcept { return stream_->socket(); }

private:
    /// @return false if `end` has passed
    bool arm();
    boost::system::error_code judge(boost::system::error_code error) const;

    std::unique_ptr<Stream> stream_;
    Deadline deadline_;
    SteadyTime end_{};
    std::chrono::milliseconds idle_{0};
};

/// Has the peer closed the connection? A TLS connection ended without its farewell counts.
[[nodiscard]] bool is_end(boost::system::error_code error);

/// In a sentence's middle: "connection refused".
[[nodiscard]] std::string in_words(boost::system::error_code error);

}  // namespace motionspool::http
