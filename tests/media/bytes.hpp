#pragma once
#include <string>
#include <string_view>
#include "media/read_at.hpp"
#include "support/temp_folder.hpp"

namespace motionspool::test {

inline std::string big_endian_bytes(std::uint64_t value, int count) {
    std::string bytes;
    for (int i = count - 1; i >= 0; --i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
    return bytes;
}

/// A box as ISO/IEC 14496-12 writes it.
inline std::string box(std::string_view type, std::string_view body) { return big_endian_bytes(body.size() + 8, 4) + std::string{type} + std::string{body}; }

inline std::string mvhd(std::uint32_t scale, std::uint32_t duration) {
    return box("mvhd", std::string(12, '\0') + big_endian_bytes(scale, 4) + big_endian_bytes(duration, 4) + std::string(80, '\0'));
}

/// A file of tests/data.
inline std::string data(const std::string& name) { return read_file(std::string{TESTS_DATA} + "/" + name); }

}  // namespace motionspool::test
