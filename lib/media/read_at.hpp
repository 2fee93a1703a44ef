#pragma once
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

/// Reading a container by position. In headers, because the probing helper links nothing of this library.
namespace motionspool::media {

/// Fills `out` from an offset; fewer bytes only at the end of the file or on an error.
using ReadAt = std::function<std::size_t(std::uint64_t offset, std::span<char> out)>;

/// Reads an open file without moving its position, which is shared with whoever handed it over. The descriptor must outlive the reader.
[[nodiscard]] inline ReadAt reader_of(int fd) {
    return [fd](std::uint64_t offset, std::span<char> out) {
        std::size_t got = 0;
        while (got < out.size()) {
            const auto n = ::pread(fd, out.data() + got, out.size() - got, static_cast<off_t>(offset + got));
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) break;
            got += static_cast<std::size_t>(n);
        }
        return got;
    };
}

/// Reads bytes held in memory, which must outlive the reader.
[[nodiscard]] inline ReadAt reader_of(std::string_view bytes) {
    return [bytes](std::uint64_t offset, std::span<char> out) -> std::size_t {
        if (offset >= bytes.size()) return 0;
        return bytes.copy(out.data(), out.size(), static_cast<std::size_t>(offset));
    };
}

/// An unsigned big-endian number of up to eight bytes.
[[nodiscard]] inline std::uint64_t big_endian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
    return value;
}

/// Are the last bytes of [from, to), at most 4096 of them, all zero? Not of fewer than 16, which may be so by chance.
[[nodiscard]] inline bool zeros_before(const ReadAt& read, std::uint64_t from, std::uint64_t to) {
    std::array<char, 4096> bytes{};
    const auto length = std::min<std::uint64_t>(bytes.size(), to - from);
    const auto got = read(to - length, std::span{bytes}.first(static_cast<std::size_t>(length)));
    return got >= 16 && std::all_of(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(got), [](char byte) { return byte == 0; });
}

}  // namespace motionspool::media
