#pragma once
#include <boost/asio/buffer.hpp>
#include <cstring>
#include <memory>
#include <span>

namespace motionspool::http {

/// Bytes received and not yet used up, in a room of fixed size.
class Inbox {
public:
    explicit Inbox(std::size_t size) : room_{new char[size]}, size_{size} {}
    [[nodiscard]] std::span<const char> content() const noexcept { return {room_.get(), filled_}; }
    [[nodiscard]] boost::asio::mutable_buffer space() noexcept { return {room_.get() + filled_, size_ - filled_}; }
    [[nodiscard]] bool full() const noexcept { return filled_ == size_; }
    [[nodiscard]] bool empty() const noexcept { return filled_ == 0; }
    /// So many bytes were put into space().
    void add(std::size_t bytes) noexcept { filled_ += bytes; }
    /// So many of content()'s first bytes are not needed any more.
    void drop(std::size_t bytes) noexcept {
        filled_ -= bytes;
        if (bytes != 0) std::memmove(room_.get(), room_.get() + bytes, filled_);
    }

private:
    std::unique_ptr<char[]> room_;
    std::size_t size_, filled_ = 0;
};

}  // namespace motionspool::http
