#include "desk.hpp"

namespace motionspool::simulator {
namespace {

std::string big_endian(std::uint32_t value) {
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8), static_cast<char>(value)};
}
std::string box(const std::string& type, const std::string& content) { return big_endian(static_cast<std::uint32_t>(content.size() + 8)) + type + content; }

}  // namespace

std::string clip_of(std::uint32_t milliseconds_long, std::size_t filler) {
    const auto mvhd = box("mvhd", std::string(12, '\0') + big_endian(1000) + big_endian(milliseconds_long) + std::string(80, '\0'));
    return box("ftyp", "isom") + box("mdat", std::string(filler, 'm')) + box("moov", box("free", "") + mvhd);
}

}  // namespace motionspool::simulator
