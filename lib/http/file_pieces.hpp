#pragma once
#include "http/message.hpp"

namespace motionspool::http {

/// Reads a file's first bytes piece by piece, without moving the descriptor's own position.
class FilePieces {
public:
    /// @pre `file` outlives this
    FilePieces(const UniqueFd& file, std::uint64_t size);
    [[nodiscard]] bool at_end() const noexcept { return at_ == size_; }
    /// The next piece, valid until the next call. The problem: the file ends early, or cannot be read.
    /// @pre !at_end()
    [[nodiscard]] Result<std::span<const char>> next();

private:
    int fd_;
    std::uint64_t at_ = 0, size_;
    std::vector<char> room_;
};

}  // namespace motionspool::http
