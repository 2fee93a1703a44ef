#pragma once
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include "media/read_at.hpp"

namespace motionspool::media {

/// What the outermost elements of a Matroska or WebM file say (RFC 8794, RFC 9559).
struct EbmlWalk {
    std::string doctype;    ///< "matroska", "webm", …
    bool complete = false;  ///< the segment, or where its size is unknown (a live recording) every child of it, lies within the file, and was written
};

namespace detail {
inline constexpr std::uint64_t ebml_header = 0x1a45dfa3, ebml_doctype = 0x4282, segment_id = 0x18538067, cluster_id = 0x1f43b675;
inline constexpr int most_elements = 100'000;
inline constexpr std::uint64_t longest_id = 4;

struct Element {
    std::uint64_t id = 0, body = 0, size = 0;
    bool unknown_size = false;
};

/// The header of the element at `at`: an id and a size, both numbers whose leading zero bits tell their length. Nothing if they are malformed or cut.
inline std::optional<Element> element_at(const ReadAt& read, std::uint64_t at) {
    std::array<char, 12> head{};
    const auto got = read(at, head);
    const auto length_of = [&](std::size_t i) -> std::size_t {
        const auto first = i < got ? static_cast<unsigned char>(head[i]) : 0U;
        std::size_t length = 1;
        for (unsigned bit = 0x80; bit != 0 && (first & bit) == 0; bit >>= 1) ++length;
        return length;
    };
    const auto id_length = length_of(0);
    if (id_length > 4) return std::nullopt;
    const auto size_length = length_of(id_length);
    if (size_length > 8 || id_length + size_length > got) return std::nullopt;
    Element element;
    element.id = big_endian({head.data(), id_length});
    const auto mask = (std::uint64_t{1} << (7 * size_length)) - 1;
    element.size = big_endian({head.data() + id_length, size_length}) & mask;
    element.unknown_size = element.size == mask;
    element.body = at + id_length + size_length;
    return element;
}

/// Do the elements from `at` on lie within the file? One of unknown size is entered, so that what it holds is walked.
inline bool children_fit(const ReadAt& read, std::uint64_t at, std::uint64_t size) {
    for (int n = 0; n < most_elements && at < size; ++n) {
        const auto child = element_at(read, at);
        if (!child || (!child->unknown_size && child->size > size - child->body)) return false;
        at = child->unknown_size ? child->body : child->body + child->size;
    }
    return true;
}

/// Do the elements from `at` up to `end` break off in zeros where one should begin? So they do in a file that has its full size from the start and is still
/// being copied. What a cluster holds is looked at where it is the last: its end is shown by nothing behind it.
inline bool break_off(const ReadAt& read, std::uint64_t at, std::uint64_t end, bool in_cluster = false) {
    std::optional<Element> last;
    for (int n = 0; n < most_elements && at < end; ++n) {
        const auto child = element_at(read, at);
        if (!child) return end - at > longest_id && zeros_before(read, at + longest_id, std::min(end, at + 4096));  // an id may have come in part
        if (!child->unknown_size && child->size > end - child->body) return false;
        at = child->unknown_size ? child->body : child->body + child->size;
        last = child;
    }
    if (in_cluster || !last || last->id != cluster_id || last->unknown_size) return false;
    return break_off(read, last->body, last->body + last->size, true);
}

inline bool segment_complete(const ReadAt& read, const Element& segment, std::uint64_t size) {
    if (segment.unknown_size) return children_fit(read, segment.body, size);
    return segment.size <= size - segment.body && !break_off(read, segment.body, segment.body + segment.size);
}

inline std::string doctype_of(const ReadAt& read, const Element& header) {
    std::uint64_t at = header.body;
    while (at < header.body + header.size) {
        const auto child = element_at(read, at);
        if (!child || child->unknown_size || child->size > 4096) return {};
        if (child->id == ebml_doctype) {
            std::string text(static_cast<std::size_t>(child->size), '\0');
            text.resize(read(child->body, text));
            while (text.ends_with('\0')) text.pop_back();
            return text;
        }
        at = child->body + child->size;
    }
    return {};
}
}  // namespace detail

/// Walks the outermost elements. Any bytes are safe.
[[nodiscard]] inline EbmlWalk walk_ebml(const ReadAt& read, std::uint64_t size) {
    EbmlWalk walk;
    const auto header = detail::element_at(read, 0);
    if (!header || header->id != detail::ebml_header || header->unknown_size || header->size > size - header->body) return walk;
    walk.doctype = detail::doctype_of(read, *header);
    std::uint64_t at = header->body + header->size;
    for (int n = 0; n < 1000 && at < size; ++n) {
        const auto element = detail::element_at(read, at);
        if (!element) return walk;
        if (element->id == detail::segment_id) {
            walk.complete = detail::segment_complete(read, *element, size);
            return walk;
        }
        if (element->unknown_size || element->size > size - element->body) return walk;
        at = element->body + element->size;
    }
    return walk;
}

}  // namespace motionspool::media
