#include "simulator/mp4_length.hpp"
#include <cstdint>

namespace motionspool::simulator {
namespace {

/// @pre text.size() >= at + bytes
std::uint64_t big_endian(std::string_view text, std::size_t at, std::size_t bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) value = value << 8 | static_cast<unsigned char>(text[at + i]);
    return value;
}

/// The content of the first box of that type among those that lie one behind the other in `boxes`; cut off where `boxes` ends.
std::optional<std::string_view> find_box(std::string_view boxes, std::string_view type) {
    while (boxes.size() >= 8) {
        std::uint64_t size = big_endian(boxes, 0, 4);
        std::size_t head = 8;
        if (size == 1) {  // the size is a 64-bit number behind the type
            if (boxes.size() < 16) return std::nullopt;
            size = big_endian(boxes, 8, 8);
            head = 16;
        } else if (size == 0) {  // to the end of the file
            size = boxes.size();
        }
        if (size < head) return std::nullopt;
        if (boxes.substr(4, 4) == type) return boxes.substr(head, static_cast<std::size_t>(size - head));
        if (size > boxes.size()) return std::nullopt;
        boxes.remove_prefix(static_cast<std::size_t>(size));
    }
    return std::nullopt;
}

}  // namespace

std::optional<milliseconds> movie_length(std::string_view file) {
    const auto moov = find_box(file, "moov");
    if (!moov) return std::nullopt;
    const auto mvhd = find_box(*moov, "mvhd");
    if (!mvhd || mvhd->empty()) return std::nullopt;
    const bool wide = mvhd->front() == 1;  // version 1 has 64-bit times
    const std::size_t timescale_at = wide ? 20 : 12, bytes = wide ? 8 : 4;
    if (mvhd->size() < timescale_at + 4 + bytes) return std::nullopt;
    const auto timescale = big_endian(*mvhd, timescale_at, 4);
    const auto duration = big_endian(*mvhd, timescale_at + 4, bytes);
    const auto unknown = wide ? ~std::uint64_t{0} : std::uint64_t{0xffffffff};
    constexpr std::uint64_t longest = 1'000'000'000'000;  // keeps the product below 2^63
    if (timescale == 0 || duration == 0 || duration == unknown || duration > longest) return std::nullopt;
    return milliseconds{static_cast<std::int64_t>((duration * 1000 + timescale - 1) / timescale)};
}

std::int64_t paid_seconds(milliseconds length) { return (length.count() + 999) / 1000; }

}  // namespace motionspool::simulator
