#pragma once
#include <algorithm>
#include <array>
#include <string>
#include <vector>
#include "media/read_at.hpp"

namespace motionspool::media {

/// What the structure of an image file says, pixels aside.
struct ImageWalk {
    bool complete = false;  ///< its end marker (JPEG: EOI, PNG: IEND) was reached; anything may follow it
    bool sideways = false;  ///< EXIF says that it is shown turned by 90 degrees: width and height change places
};

namespace detail {
/// Bytes one after the other, from a buffer.
class ByteStream {
public:
    ByteStream(const ReadAt& read, std::uint64_t at) : read_{read}, next_{at} {}
    /// The next byte, or -1 at the end.
    [[nodiscard]] int get() {
        if (at_ == got_ && !refill()) return -1;
        return static_cast<unsigned char>(buffer_[at_++]);
    }
    [[nodiscard]] std::uint64_t position() const { return next_ - (got_ - at_); }
    void seek(std::uint64_t to) { next_ = to, at_ = got_ = 0; }

private:
    [[nodiscard]] bool refill() {
        got_ = read_(next_, buffer_);
        next_ += got_;
        at_ = 0;
        return got_ > 0;
    }
    const ReadAt& read_;
    std::vector<char> buffer_ = std::vector<char>(64 * 1024);
    std::uint64_t next_;
    std::size_t at_ = 0, got_ = 0;
};

/// Is EXIF's orientation (tag 0x0112 of the first directory, TIFF 6.0) one of 5 to 8? `segment` is the body of an APP1 segment.
inline bool turned_sideways(std::string_view segment) {
    if (!segment.starts_with(std::string_view{"Exif\0\0", 6})) return false;
    const auto tiff = segment.substr(6);
    const bool little = tiff.starts_with("II");
    const auto number = [&](std::size_t at, std::size_t n) -> std::uint64_t {
        if (at > tiff.size() || tiff.size() - at < n) return 0;
        std::string bytes{tiff.substr(at, n)};
        if (little) std::reverse(bytes.begin(), bytes.end());
        return big_endian(bytes);
    };
    const auto directory = static_cast<std::size_t>(number(4, 4));
    const auto entries = number(directory, 2);
    for (std::size_t i = 0; i < entries; ++i) {
        const auto entry = directory + 2 + i * 12;
        if (entry + 12 > tiff.size()) return false;
        if (number(entry, 2) == 0x0112) return number(entry + 8, 2) >= 5 && number(entry + 8, 2) <= 8;
    }
    return false;
}

/// The next marker, passing over entropy-coded data, stuffed zeros and restart markers; -1 at the end.
inline int next_marker(ByteStream& bytes) {
    int byte = bytes.get();
    for (;;) {
        while (byte >= 0 && byte != 0xff) byte = bytes.get();
        while (byte == 0xff) byte = bytes.get();
        if (byte < 0) return -1;
        if (byte != 0 && (byte < 0xd0 || byte > 0xd7)) return byte;
    }
}
}  // namespace detail

/// Walks the segments of a JPEG (ITU-T T.81, annex B) to its EOI.
[[nodiscard]] inline ImageWalk walk_jpeg(const ReadAt& read) {
    ImageWalk walk;
    detail::ByteStream bytes{read, 2};
    for (;;) {
        const int marker = detail::next_marker(bytes);
        if (marker < 0) return walk;
        if (marker == 0xd9) {
            walk.complete = true;
            return walk;
        }
        if (marker == 0x01 || marker == 0xd8) continue;
        const auto body = bytes.position() + 2;
        const int high = bytes.get(), low = bytes.get();
        if (low < 0 || high * 256 + low < 2) return walk;
        const auto length = static_cast<std::size_t>(high * 256 + low - 2);
        if (marker == 0xe1 && !walk.sideways) {
            std::string segment(length, '\0');
            segment.resize(read(body, segment));
            walk.sideways = detail::turned_sideways(segment);
        }
        bytes.seek(body + length);
    }
}

/// Walks the chunks of a PNG (ISO/IEC 15948, 5.3) to its IEND.
[[nodiscard]] inline ImageWalk walk_png(const ReadAt& read, std::uint64_t size) {
    std::uint64_t at = 8;
    std::array<char, 8> head{};
    while (read(at, head) == head.size()) {
        const auto length = big_endian({head.data(), 4});
        if (length + 12 > size - at || head[4] == '\0') return {};  // a type is four letters; zeros are a copy under way
        if (std::string_view{head.data() + 4, 4} == "IEND") return {.complete = true};
        at += length + 12;
    }
    return {};
}

}  // namespace motionspool::media
