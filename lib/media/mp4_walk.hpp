#pragma once
#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include "media/read_at.hpp"

namespace motionspool::media {

/// What the boxes of an MP4 or QuickTime file say (ISO/IEC 14496-12, 4.2 and 8.2.2).
struct Mp4Walk {
    bool ftyp = false, moov = false, mdat = false;
    bool quicktime = false;                             ///< brand "qt  ", or boxes without any brand, as before 2001
    bool ends_at_eof = false;                           ///< every top-level box lies within the file, and the last one ends where the file ends
    bool fragmented = false;                            ///< it has moof boxes: what lies in an mdat is told by the moof before it
    bool hole = false;                                  ///< the end of the last box was never written: zeros where no zeros can be
    std::optional<std::chrono::milliseconds> duration;  ///< mvhd's; nothing if there is none, it is unknown, or zero (fragmented files)
    [[nodiscard]] bool complete() const noexcept { return moov && mdat && ends_at_eof && !hole; }
};

namespace detail {
/// More top-level boxes than any honest file has, and few enough to look at within a slice of the loop.
inline constexpr int most_boxes = 10'000;

struct Box {
    std::array<char, 4> type{};
    std::uint64_t body = 0, end = 0;
    [[nodiscard]] bool is(std::string_view name) const { return std::string_view{type.data(), type.size()} == name; }
};

/// The box at `at`, if it is one and lies before `limit`. A size of 0 means "to the end", allowed at the top level only.
inline std::optional<Box> box_at(const ReadAt& read, std::uint64_t at, std::uint64_t limit, bool top_level) {
    std::array<char, 16> head{};
    const auto got = read(at, head);
    if (got < 8 || at + 8 > limit) return std::nullopt;
    Box box;
    std::copy_n(head.begin() + 4, 4, box.type.begin());
    const auto printable = [](char c) { return (c >= 0x20 && c < 0x7f) || c == '\xa9'; };
    if (!std::all_of(box.type.begin(), box.type.end(), printable)) return std::nullopt;
    std::uint64_t size = big_endian({head.data(), 4}), header = 8;
    if (size == 1) {
        if (got < 16) return std::nullopt;
        size = big_endian({head.data() + 8, 8});
        header = 16;
    } else if (size == 0 && top_level) {
        size = limit - at;
    }
    if (size < header || size > limit - at) return std::nullopt;
    box.body = at + header;
    box.end = at + size;
    return box;
}

/// The duration in an mvhd box; all ones mean "unknown".
inline std::optional<std::chrono::milliseconds> mvhd_duration(const ReadAt& read, const Box& mvhd) {
    std::array<char, 32> body{};
    const auto got = read(mvhd.body, body);
    const bool wide = got > 0 && body[0] == 1;
    if (got < (wide ? 32U : 20U) || mvhd.end - mvhd.body < (wide ? 32U : 20U)) return std::nullopt;
    const auto scale = big_endian({body.data() + (wide ? 20 : 12), 4});
    const auto units = wide ? big_endian({body.data() + 24, 8}) : big_endian({body.data() + 16, 4});
    const auto unknown = wide ? ~std::uint64_t{0} : std::uint64_t{0xffffffff};
    if (scale == 0 || units == 0 || units == unknown || units / scale > 1'000'000'000) return std::nullopt;
    return std::chrono::milliseconds{static_cast<std::int64_t>(units / scale * 1000 + units % scale * 1000 / scale)};
}

inline std::optional<std::chrono::milliseconds> moov_duration(const ReadAt& read, const Box& moov) {
    std::uint64_t at = moov.body;
    for (int n = 0; n < most_boxes && at < moov.end; ++n) {
        const auto child = box_at(read, at, moov.end, false);
        if (!child) return std::nullopt;
        if (child->is("mvhd")) return mvhd_duration(read, *child);
        at = child->end;
    }
    return std::nullopt;
}

/// Do the boxes within a box, or within the last of them, break off in zeros where one should begin? A few zeros behind the last are known of honest writers.
inline bool breaks_off(const ReadAt& read, const Box& outer, int depth = 0) {
    constexpr std::uint64_t known_of_writers = 24;
    constexpr int deepest = 4;  // moov, trak, mdia, minf, stbl
    constexpr std::array<std::string_view, 4> hold_boxes{"trak", "mdia", "minf", "stbl"};
    std::uint64_t at = outer.body;
    std::optional<Box> last;
    for (int n = 0; n < most_boxes && at < outer.end; ++n) {
        const auto child = box_at(read, at, outer.end, false);
        if (!child) return outer.end - at > known_of_writers && zeros_before(read, at + 8, outer.end);  // a header may have come in part
        at = child->end;
        last = child;
    }
    return last && std::any_of(hold_boxes.begin(), hold_boxes.end(), [&](auto name) { return last->is(name); }) && depth < deepest &&
           breaks_off(read, *last, depth + 1);
}

/// A file that is written in order and has its full size from the start (preallocated by whoever copies it) ends in zeros until the copy has ended. The last
/// box tells: of any other nothing is known yet if it is there, and of an mdat without fragments only the index in the moov tells what lies at its end (silence
/// is zeros).
inline bool has_hole(const ReadAt& read, const Mp4Walk& walk, const Box& last) {
    if (last.is("moov")) return breaks_off(read, last);
    return walk.fragmented && last.is("mdat") && zeros_before(read, last.body, last.end);
}

inline void note(Mp4Walk& walk, const ReadAt& read, const Box& box) {
    if (box.is("ftyp") && !walk.ftyp) {
        std::array<char, 4> brand{};
        walk.ftyp = true;
        walk.quicktime = read(box.body, brand) == 4 && std::string_view{brand.data(), 4} == "qt  ";
    } else if (box.is("moov") && !walk.moov) {
        walk.moov = true;
        walk.duration = moov_duration(read, box);
    } else if (box.is("mdat")) {
        walk.mdat = true;
    } else if (box.is("moof")) {
        walk.fragmented = true;
    }
}
}  // namespace detail

/// Walks the top-level boxes. Any bytes are safe; what is no box ends the walk with `ends_at_eof` false. At most 10,000 small reads.
[[nodiscard]] inline Mp4Walk walk_mp4(const ReadAt& read, std::uint64_t size) {
    Mp4Walk walk;
    std::uint64_t at = 0;
    std::optional<detail::Box> last;
    for (int n = 0; n < detail::most_boxes && at < size; ++n) {
        const auto box = detail::box_at(read, at, size, true);
        if (!box) break;
        detail::note(walk, read, *box);
        last = box;
        at = box->end;
    }
    walk.ends_at_eof = size > 0 && at == size;
    walk.hole = walk.ends_at_eof && detail::has_hole(read, walk, *last);
    walk.quicktime = walk.quicktime || !walk.ftyp;
    return walk;
}

}  // namespace motionspool::media
