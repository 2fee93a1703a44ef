#pragma once
#include <string>
#include <string_view>

namespace motionspool {

/// The beginning of a text, at most so many bytes, cut between characters of UTF-8.
[[nodiscard]] inline std::string cut_to(std::string_view text, std::size_t most) {
    if (text.size() <= most) return std::string{text};
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) most--;
    return std::string{text.substr(0, most)};
}

}  // namespace motionspool
