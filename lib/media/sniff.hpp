#pragma once
#include "domain/media.hpp"
#include "media/ebml_walk.hpp"
#include "media/image_walk.hpp"
#include "media/mp4_walk.hpp"

namespace motionspool::media {

/// What a file is by its first bytes, and whether its container is all there.
struct Sniffed {
    domain::Format format = domain::Format::other;
    bool complete = true;   ///< of no known format it is false only for a file that is empty or begins with zeros: one whose bytes are still to come
    bool sideways = false;  ///< EXIF turns it by 90 degrees
};

namespace detail {
/// The first box of a QuickTime file from before there were brands.
inline bool old_quicktime(std::string_view type) {
    return type == "moov" || type == "mdat" || type == "wide" || type == "free" || type == "skip" || type == "pnot";
}

/// Brands of the same container that hold still images.
inline bool still_image(std::string_view brand) {
    return brand == "heic" || brand == "heix" || brand == "mif1" || brand == "msf1" || brand == "avif" || brand == "avis" || brand == "heim" || brand == "heis";
}

inline Sniffed sniff_mp4(const ReadAt& read, std::uint64_t size) {
    const auto walk = walk_mp4(read, size);
    return {.format = walk.quicktime ? domain::Format::quicktime : domain::Format::mp4, .complete = walk.complete()};
}
}  // namespace detail

/// Any bytes are safe, whatever they claim.
[[nodiscard]] inline Sniffed sniff(const ReadAt& read, std::uint64_t size) {
    std::array<char, 4096> head{};
    const std::string_view bytes{head.data(), read(0, head)};
    if (bytes.starts_with("\xff\xd8\xff")) {
        const auto walk = walk_jpeg(read);
        return {.format = domain::Format::jpeg, .complete = walk.complete, .sideways = walk.sideways};
    }
    if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return {.format = domain::Format::png, .complete = walk_png(read, size).complete};
    if (bytes.starts_with("\x1a\x45\xdf\xa3")) {
        const auto walk = walk_ebml(read, size);
        if (walk.doctype == "webm") return {.format = domain::Format::webm, .complete = walk.complete};
        const bool other = !walk.doctype.empty() && walk.doctype != "matroska";
        return {.format = other ? domain::Format::other : domain::Format::matroska, .complete = other || walk.complete};
    }
    const auto type = bytes.size() >= 8 ? bytes.substr(4, 4) : std::string_view{};
    const auto brand = bytes.size() >= 12 ? bytes.substr(8, 4) : std::string_view{};
    if ((type == "ftyp" && !detail::still_image(brand)) || detail::old_quicktime(type)) return detail::sniff_mp4(read, size);
    return {.complete = bytes.find_first_not_of('\0') != std::string_view::npos};
}

}  // namespace motionspool::media
