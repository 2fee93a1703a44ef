#include "spool/names.hpp"
#include <utf8proc.h>
#include <algorithm>
#include <array>
#include <cstdint>
#include "base/text.hpp"

namespace motionspool::spool {
namespace {

/// Compared without regard to case.
constexpr std::array<std::string_view, 16> ignored_names{
    "@eaDir",      "#recycle", "@Recycle", "@Recently-Snapshot",   "$RECYCLE.BIN",    "System Volume Information", "lost+found", "Thumbs.db", "ehthumbs.db",
    "desktop.ini", "Icon\r",   "__MACOSX", "Network Trash Folder", "Temporary Items", "TheVolumeSettingsFolder",   "RECYCLER"};
/// Dot files (.stfolder, .DS_Store, .~lock.…#, the temporary files of rsync), Office's locks, Syncthing's temporary files.
constexpr std::array<std::string_view, 3> ignored_starts{".", "~$", "~syncthing~"};
constexpr std::array<std::string_view, 12> ignored_ends{"~",        ".tmp",        ".part",     ".swp",      ".swo",        ".swx",
                                                        ".partial", ".crdownload", ".download", ".filepart", ".opdownload", ".!sync"};
constexpr std::array<std::string_view, 2> ignored_parts{".sync-conflict-", ".fuse_hidden"};
constexpr std::array<std::string_view, 6> note_ends{".report.txt", ".report.json", ".report.html", ".status.txt", ".waiting.txt", ".again.yaml"};
constexpr std::array<std::string_view, 4> manifest_ends{".yaml", ".yml", ".yaml.txt", ".yml.txt"};

constexpr std::size_t longest_name = 255;      // NAME_MAX, bytes
constexpr std::size_t longest_extension = 32;  // bytes; what follows the last dot of a longer one is no extension

bool ends_with(std::string_view name, std::string_view end) {
    return name.size() > end.size() && equal_ignoring_case(name.substr(name.size() - end.size()), end);
}

/// The manifest's extension `name` ends with, as written; empty if none.
std::string_view manifest_end(std::string_view name) {
    for (const auto end : manifest_ends)
        if (ends_with(name, end)) return name.substr(name.size() - end.size());
    return {};
}

/// Six digits that differ between names that begin alike (FNV-1a).
std::string short_hash(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    std::string digits;
    for (int i = 0; i < 6; ++i, hash >>= 4) digits += "0123456789abcdef"[hash & 15];
    return digits;
}

struct Character {
    std::string_view bytes;
    utf8proc_int32_t point = -1;  ///< -1: a byte that is no UTF-8
};

/// Takes the first character off a name that is not empty.
Character take_character(std::string_view& name) {
    Character character;
    const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(name.data()), static_cast<utf8proc_ssize_t>(name.size()), &character.point);
    if (length <= 0) character.point = -1;
    character.bytes = name.substr(0, length > 0 ? static_cast<std::size_t>(length) : 1);
    name.remove_prefix(character.bytes.size());
    return character;
}

bool is_control(const Character& character) { return character.point >= 0 && utf8proc_category(character.point) == UTF8PROC_CATEGORY_CC; }

}  // namespace

bool is_note(std::string_view name) {
    return std::any_of(note_ends.begin(), note_ends.end(), [&](std::string_view end) { return ends_with(name, end); });
}

bool is_dropping(std::string_view name) {
    return name == ".DS_Store" || name.starts_with("._") || name == ".stfolder" ||
           std::ranges::any_of(ignored_names, [&](std::string_view whole) { return equal_ignoring_case(name, whole); });
}

bool is_note_on_entry(std::string_view name) { return ends_with(name, ".report.txt") || ends_with(name, ".waiting.txt"); }

bool ignored(std::string_view name) {
    const auto starts = [&](std::string_view start) { return name.starts_with(start); };
    const auto ends = [&](std::string_view end) { return ends_with(name, end); };
    const auto has = [&](std::string_view part) { return name.find(part) != std::string_view::npos; };
    return is_dropping(name) || std::any_of(ignored_starts.begin(), ignored_starts.end(), starts) ||
           std::any_of(ignored_ends.begin(), ignored_ends.end(), ends) || std::any_of(ignored_parts.begin(), ignored_parts.end(), has) ||
           (name.size() > 1 && name.starts_with('#') && name.ends_with('#'));
}

ManifestName manifest_alone(std::string_view name) {
    const auto end = manifest_end(name);
    if (end.empty()) return ManifestName::no;
    return ends_with(name, ".txt") ? ManifestName::with_txt : ManifestName::yes;
}

ManifestName manifest_in_folder(std::string_view name) {
    const auto end = manifest_end(name);
    return equal_ignoring_case(name.substr(0, name.size() - end.size()), "manifest") ? manifest_alone(name) : ManifestName::no;
}

NameParts parts_of(std::string_view name, bool folder) {
    if (folder) return {std::string{name}, {}};
    auto cut = name.size() - manifest_end(name).size();
    if (cut == name.size()) {
        const auto dot = name.rfind('.');
        if (dot != std::string_view::npos && dot > 0 && name.size() - dot <= longest_extension) cut = dot;
    }
    return {std::string{name.substr(0, cut)}, std::string{name.substr(cut)}};
}

std::string joined(std::string_view stem, std::string_view suffix) {
    if (stem.size() + suffix.size() <= longest_name) return std::string{stem} + std::string{suffix};
    const auto hash = "-" + short_hash(stem);
    auto keep = longest_name - std::min(longest_name, suffix.size() + hash.size());
    while (keep > 0 && (static_cast<unsigned char>(stem[keep]) & 0xc0U) == 0x80U) --keep;
    return std::string{stem.substr(0, keep)} + hash + std::string{suffix};
}

std::string numbered(const NameParts& parts, unsigned n) {
    return n <= 1 ? joined(parts.stem, parts.extension) : joined(parts.stem, "." + std::to_string(n) + parts.extension);
}

std::optional<std::string_view> no_text(std::string_view name) {
    bool control = false;
    while (!name.empty()) {
        const auto character = take_character(name);
        if (character.point < 0) return "is not UTF-8";
        control = control || is_control(character);
    }
    return control ? std::optional<std::string_view>{"has a control character"} : std::nullopt;
}

std::string escaped(std::string_view name) {
    std::string text;
    while (!name.empty()) {
        const auto character = take_character(name);
        if (character.point >= 0 && !is_control(character)) {
            text += character.bytes;
            continue;
        }
        for (const char byte : character.bytes) {
            const auto value = static_cast<unsigned char>(byte);
            text += {'\\', 'x', "0123456789ABCDEF"[value >> 4U], "0123456789ABCDEF"[value & 15U]};
        }
    }
    return text;
}

std::string as_utf8(std::string_view name) {
    std::string text;
    while (!name.empty()) {
        const auto character = take_character(name);
        text += character.point >= 0 ? character.bytes : "?";
    }
    return text;
}

std::string shown(std::string_view name) {
    std::string text;
    while (!name.empty()) {
        const auto character = take_character(name);
        const auto kind = character.point < 0 ? UTF8PROC_CATEGORY_CN : utf8proc_category(character.point);
        const bool plain = character.point >= 0 && kind != UTF8PROC_CATEGORY_CC && kind != UTF8PROC_CATEGORY_CF && kind != UTF8PROC_CATEGORY_ZL &&
                           kind != UTF8PROC_CATEGORY_ZP;
        text += plain ? character.bytes : "?";
    }
    return text;
}

}  // namespace motionspool::spool
