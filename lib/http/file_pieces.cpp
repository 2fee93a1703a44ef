#include "http/file_pieces.hpp"
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>

namespace motionspool::http {
namespace {
constexpr std::uint64_t piece = 128u << 10;
}

FilePieces::FilePieces(const UniqueFd& file, std::uint64_t size) : fd_{file.get()}, size_{size}, room_(static_cast<std::size_t>(std::min(piece, size))) {}

Result<std::span<const char>> FilePieces::next() {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(room_.size(), size_ - at_));
    ssize_t got = -1;
    do got = ::pread(fd_, room_.data(), wanted, static_cast<off_t>(at_));
    while (got < 0 && errno == EINTR);
    if (got < 0) return Problem{std::string{"the file cannot be read: "} + std::strerror(errno)};
    if (got == 0) return Problem{"the file ends after " + std::to_string(at_) + " of " + std::to_string(size_) + " bytes; it was cut while being sent"};
    at_ += static_cast<std::uint64_t>(got);
    return std::span<const char>{room_.data(), static_cast<std::size_t>(got)};
}

}  // namespace motionspool::http
