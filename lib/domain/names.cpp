#include "domain/names.hpp"
#include <utf8proc.h>
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include "base/text.hpp"

namespace motionspool::domain {
namespace {

constexpr std::size_t most_characters = 100, most_bytes = 180;

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// utf8proc's transformation, or the text itself if it is not UTF-8.
std::string mapped(std::string_view text, int options) {
    utf8proc_uint8_t* raw = nullptr;
    const auto* const bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    const auto length = utf8proc_map(bytes, static_cast<utf8proc_ssize_t>(text.size()), &raw, static_cast<utf8proc_option_t>(options));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> out{raw, &std::free};
    if (length < 0) return std::string{text};
    return {reinterpret_cast<const char*>(out.get()), static_cast<std::size_t>(length)};
}

struct Character {
    std::string_view bytes;
    utf8proc_int32_t code;  ///< -1: a byte that is not UTF-8
};

/// Takes the first character off a text that is not empty.
Character take_character(std::string_view& text) {
    utf8proc_int32_t code = -1;
    const auto* const bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    const auto length = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size()), &code);
    const auto taken = text.substr(0, length > 0 ? static_cast<std::size_t>(length) : 1);
    text.remove_prefix(taken.size());
    return {taken, length > 0 ? code : -1};
}

enum class Kind { letter, mark, punctuation, forbidden };

Kind kind_of(utf8proc_int32_t code) {
    if (code == '.' || code == '_' || code == '-') return Kind::punctuation;
    if (code < 0) return Kind::forbidden;
    const auto category = utf8proc_category(code);
    const bool letter = category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
    const bool mark = category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME;
    if (letter || category == UTF8PROC_CATEGORY_ND) return Kind::letter;
    return mark ? Kind::mark : Kind::forbidden;
}

/// May a character of `kind` stand behind one of kind `before`? A mark needs a letter to sit on.
bool fits(Kind kind, Kind before) {
    switch (kind) {
        case Kind::letter:
        case Kind::punctuation: return true;
        case Kind::mark: return before == Kind::letter || before == Kind::mark;
        case Kind::forbidden: return false;
    }
    return false;
}

/// https://learn.microsoft.com/windows/win32/fileio/naming-a-file: these are devices whatever follows the first dot.
bool is_windows_device(std::string_view name) {
    constexpr std::array<std::string_view, 4> plain{"con", "prn", "aux", "nul"};
    const auto base = lower_ascii(name.substr(0, name.find('.')));
    if (std::ranges::find(plain, base) != plain.end()) return true;
    return base.size() == 4 && (base.starts_with("com") || base.starts_with("lpt")) && base[3] >= '1' && base[3] <= '9';
}

/// FNV-1a, 32 bits, folded to 24.
std::string six_hex_digits(std::string_view text) {
    std::uint32_t hash = 2166136261u;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    std::array<char, 8> digits{};
    std::snprintf(digits.data(), digits.size(), "%06x", (hash >> 24u) ^ (hash & 0xFFFFFFu));
    return digits.data();
}

/// As many whole characters as stay within both limits.
std::string_view cut(std::string_view text, std::size_t characters, std::size_t bytes) {
    auto rest = text;
    std::size_t length = 0;
    for (std::size_t n = 0; n < characters && !rest.empty(); n++) {
        const auto next = take_character(rest).bytes.size();
        if (length + next > bytes) break;
        length += next;
    }
    return text.substr(0, length);
}

/// What is allowed stays, anything else becomes '-', leading dots and dashes and trailing dots go.
std::string allowed_characters(std::string_view text) {
    std::string out;
    auto before = Kind::forbidden;
    while (!text.empty()) {
        const auto character = take_character(text);
        const auto kind = kind_of(character.code);
        const bool good = fits(kind, before);
        out += good ? character.bytes : std::string_view{"-"};
        before = good ? kind : Kind::punctuation;
    }
    out.erase(0, std::min(out.find_first_not_of(".-"), out.size()));
    out.erase(out.find_last_not_of('.') + 1);
    return out;
}

std::string quoted(const Character& character) {
    if (character.bytes == " ") return "a space";
    if (character.code < 0) return "a byte that is not UTF-8";
    if (character.code < 0x20 || utf8proc_charwidth(character.code) == 0) {
        std::array<char, 16> text{};
        std::snprintf(text.data(), text.size(), "U+%04X", static_cast<unsigned>(character.code));
        return text.data();
    }
    return '"' + std::string{character.bytes} + '"';
}

}  // namespace

std::string nfc(std::string_view text) { return is_ascii(text) ? std::string{text} : mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE); }

std::string name_key(std::string_view text) {
    if (is_ascii(text)) return lower_ascii(text);
    return nfc(mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD));
}

std::optional<std::string> name_problem(std::string_view name) {
    if (name.empty()) return "is empty; expected 1 to 100 letters, digits, \".\", \"_\" or \"-\"";
    if (name.size() > most_bytes * 4) return "is " + std::to_string(name.size()) + " bytes long; at most 180 are allowed";
    const auto composed = nfc(name);
    std::size_t characters = 0;
    auto before = Kind::forbidden;
    for (std::string_view rest = composed; !rest.empty(); characters++) {
        const auto character = take_character(rest);
        const auto kind = kind_of(character.code);
        if (!fits(kind, before)) return "contains " + quoted(character) + R"(; only letters, digits, ".", "_" and "-" are allowed)";
        before = kind;
    }
    if (composed.front() == '.' || composed.front() == '-')
        return std::string{"begins with \""} + composed.front() + "\"; expected a letter, a digit or \"_\" first";
    if (composed.back() == '.') return "ends with a dot; leave it out";
    if (characters > most_characters) return "is " + std::to_string(characters) + " characters long; at most 100 are allowed";
    if (composed.size() > most_bytes) return "is " + std::to_string(composed.size()) + " bytes long in UTF-8; at most 180 are allowed";
    if (is_windows_device(composed)) return "is the name of a Windows device; choose another";
    return std::nullopt;
}

std::string derived_name(std::string_view text) {
    const auto whole = nfc(text);
    auto name = allowed_characters(whole);
    if (name.empty()) return "unnamed";
    if (is_windows_device(name)) name.insert(0, 1, '_');
    if (cut(name, most_characters, most_bytes).size() == name.size()) return name;
    constexpr std::size_t tail = 7;
    return std::string{cut(name, most_characters - tail, most_bytes - tail)} + '-' + six_hex_digits(whole);
}

std::string stem(std::string_view path_or_url) {
    if (const auto scheme = path_or_url.find("://"); scheme != std::string_view::npos) {
        path_or_url.remove_prefix(scheme + 3);
        path_or_url = path_or_url.substr(0, path_or_url.find_first_of("?#"));
    }
    while (path_or_url.ends_with('/')) path_or_url.remove_suffix(1);
    const auto slash = path_or_url.rfind('/');
    if (slash != std::string_view::npos) path_or_url.remove_prefix(slash + 1);
    const auto dot = path_or_url.rfind('.');
    return std::string{dot == std::string_view::npos || dot == 0 ? path_or_url : path_or_url.substr(0, dot)};
}

}  // namespace motionspool::domain
