#include <utf8proc.h>
#include <algorithm>
#include "domain/names.hpp"
#include "spool/glob.hpp"

namespace motionspool::spool {
namespace {

/// Characters, not bytes; a byte that is no UTF-8 counts as one beyond all characters.
std::u32string characters_of(std::string_view text) {
    const auto composed = domain::nfc(text);
    std::u32string characters;
    const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(composed.data());
    auto left = static_cast<utf8proc_ssize_t>(composed.size());
    while (left > 0) {
        utf8proc_int32_t point = -1;
        const auto length = std::max<utf8proc_ssize_t>(1, utf8proc_iterate(at, left, &point));
        characters += point >= 0 ? static_cast<char32_t>(point) : 0x110000U + *at;
        at += length;
        left -= length;
    }
    return characters;
}

/// The end of the set that begins at `at` ("[…]"), or `at` itself if it is none and the bracket stands for itself.
std::size_t end_of_set(std::u32string_view pattern, std::size_t at) {
    auto end = at + 1;
    if (end < pattern.size() && (pattern[end] == U'!' || pattern[end] == U'^')) ++end;
    if (end < pattern.size() && pattern[end] == U']') ++end;
    while (end < pattern.size() && pattern[end] != U']') ++end;
    return end < pattern.size() ? end + 1 : at;
}

bool in_set(std::u32string_view set, char32_t c) {
    set = set.substr(1, set.size() - 2);
    const bool inverted = set.starts_with(U'!') || set.starts_with(U'^');
    if (inverted) set.remove_prefix(1);
    bool in = false;
    for (std::size_t i = 0; i < set.size(); ++i) {
        const bool range = i + 2 < set.size() && set[i + 1] == U'-';
        in = in || (range ? set[i] <= c && c <= set[i + 2] : set[i] == c);
        if (range) i += 2;
    }
    return in != inverted;
}

/// Goes over one element of the pattern if it matches the character. `*` is not one.
bool advance(std::u32string_view pattern, std::size_t& at, char32_t c) {
    if (at >= pattern.size() || pattern[at] == U'*') return false;
    const auto end = pattern[at] == U'[' ? end_of_set(pattern, at) : at;
    const bool set = end > at;
    const bool matches = set ? in_set(pattern.substr(at, end - at), c) : pattern[at] == U'?' || pattern[at] == c;
    if (matches) at = set ? end : at + 1;
    return matches;
}

/// Goes back to the last `*` only, so it takes at most (pattern × name) steps.
bool match(std::u32string_view pattern, std::u32string_view name) {
    std::size_t p = 0, n = 0, star = pattern.size(), star_n = 0;
    while (n < name.size()) {
        if (advance(pattern, p, name[n]))
            ++n;
        else if (p < pattern.size() && pattern[p] == U'*')
            star = p++, star_n = n;
        else if (star < pattern.size())
            p = star + 1, n = ++star_n;
        else
            return false;
    }
    return pattern.find_first_not_of(U'*', p) == std::u32string_view::npos;
}

}  // namespace

bool glob_match(std::string_view pattern, std::string_view name) {
    if (name.starts_with('.') && !pattern.starts_with('.')) return false;
    return match(characters_of(pattern), characters_of(name));
}

}  // namespace motionspool::spool
