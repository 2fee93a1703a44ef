#include "config/yaml_bytes.hpp"
#include <algorithm>
#include <optional>

namespace motionspool::config {
namespace {

/// The length of the UTF-8 character at the front of `s`, or 0 if it is not one. Overlong forms, surrogates and > U+10FFFF are not.
std::size_t character(std::string_view s) {
    const auto byte = [&](std::size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0u; };
    const auto more = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
    const auto a = byte(0), b = byte(1);
    if (a < 0x80) return 1;
    if (a >= 0xC2 && a <= 0xDF) return more(1) ? 2 : 0;
    if (a >= 0xE0 && a <= 0xEF) return more(1) && more(2) && !(a == 0xE0 && b < 0xA0) && !(a == 0xED && b > 0x9F) ? 3 : 0;
    if (a >= 0xF0 && a <= 0xF4) return more(1) && more(2) && more(3) && !(a == 0xF0 && b < 0x90) && !(a == 0xF4 && b > 0x8F) ? 4 : 0;
    return 0;
}

std::string in_words(std::size_t bytes) {
    if (bytes >= 1'000'000 && bytes % 1'000'000 == 0) return std::to_string(bytes / 1'000'000) + " MB";
    return bytes >= 1'000 && bytes % 1'000 == 0 ? std::to_string(bytes / 1'000) + " kB" : std::to_string(bytes) + " bytes";
}

bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F; }

/// What is wrong with the character at the front of `rest`; empty if nothing is.
std::string_view character_problem(std::string_view rest, bool starts_line) {
    if (character(rest) == 0) return "this byte is not UTF-8; save the file as UTF-8";
    if (is_control(rest.front())) return "a control character; take it out";
    if (rest.front() == '\r' && rest.substr(1, 1) != "\n") return "a carriage return without a line feed; save the file with Unix or Windows line ends";
    if (rest.front() == '%' && starts_line) return "a line that begins with \"%\" is a YAML directive, which is not allowed";
    return {};
}

/// Where there are more brackets, or more open ones, than any document has: the parser would fill the memory with them before it said a word.
std::optional<Offset> too_many_brackets(std::string_view bytes) {
    constexpr std::size_t most_open = 1'000, anyway = 1'000, bytes_a_bracket = 10;
    const auto most = anyway + bytes.size() / bytes_a_bracket;
    std::size_t opened = 0, closed = 0;
    for (std::size_t i = 0; i < bytes.size(); i++) {
        if (bytes[i] == '[' || bytes[i] == '{') opened++;
        if (bytes[i] == ']' || bytes[i] == '}') closed++;
        if (opened > most || opened > closed + most_open) return Offset{i};
    }
    return std::nullopt;
}

}  // namespace

std::size_t count_characters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

bool is_readable(std::size_t most_bytes, Report& report) {
    const auto bytes = report.bytes();
    if (bytes.size() > most_bytes) {
        report.error({}, "the file is larger than " + in_words(most_bytes) + ", the most that is read; split it");
        return false;
    }
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
        report.error({}, "the file is UTF-16; save it as UTF-8");
        return false;
    }
    bool starts_line = true;
    for (std::size_t i = bytes.starts_with(byte_order_mark) ? byte_order_mark.size() : 0; i < bytes.size();) {
        const auto rest = bytes.substr(i);
        if (const auto problem = character_problem(rest, starts_line); !problem.empty()) {
            report.error({i}, std::string{problem});
            return false;
        }
        starts_line = rest.front() == '\n';
        i += character(rest);
    }
    if (const auto at = too_many_brackets(bytes)) {
        report.error(*at, "too many brackets for a file of this size");
        return false;
    }
    return true;
}

Lines::Lines(std::string_view bytes) : size_{bytes.size()}, starts_{bytes.starts_with(byte_order_mark) ? byte_order_mark.size() : 0} {
    for (std::size_t i = 0; i < bytes.size(); i++)
        if (bytes[i] == '\n') starts_.push_back(i + 1);
}

Offset Lines::of(const YAML::Mark& mark) const {
    const auto line = std::min(static_cast<std::size_t>(std::max(mark.line, 0)), starts_.size() - 1);
    return {std::min(starts_[line] + static_cast<std::size_t>(std::max(mark.column, 0)), size_)};
}

}  // namespace motionspool::config
