#include "config/syntax_error.hpp"
#include <yaml-cpp/exceptions.h>
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include "base/text.hpp"

namespace motionspool::config {
namespace {

namespace msg = YAML::ErrorMsg;

constexpr std::array<std::string_view, 11> typographic{"“", "”", "„", "‟", "‘", "’", "‚", "«", "»", "‹", "›"};

/// What a rule may look at.
struct Trouble {
    std::string_view bytes;
    Offset at;
    std::string_view message;
    Offset last_event;
    std::size_t line_start;
    std::string_view line;  ///< the one `at` is on, without its end

    [[nodiscard]] char here() const { return at.byte < bytes.size() ? bytes[at.byte] : '\0'; }
    [[nodiscard]] std::string_view before() const { return line.substr(0, at.byte - line_start); }
    [[nodiscard]] bool is(std::string_view text) const { return message == text; }
};

Trouble look(std::string_view bytes, Offset at, std::string_view message, Offset last_event) {
    at.byte = std::min(at.byte, bytes.size());
    const auto newline = at.byte == 0 ? std::string_view::npos : bytes.rfind('\n', at.byte - 1);
    const auto start = newline == std::string_view::npos ? 0 : newline + 1;
    return {bytes, at, message, last_event, start, bytes.substr(start, bytes.find('\n', start) - start)};
}

using Answer = std::optional<Complaint>;
Complaint say(Offset at, std::string text) { return {Complaint::Severity::error, at, std::move(text)}; }

/// The value behind the first ": " of a line.
std::string_view value_of(std::string_view line) {
    const auto colon = line.find(": ");
    return colon == std::string_view::npos ? std::string_view{} : trim(line.substr(colon + 2));
}

Answer merge_conflict(const Trouble& t) {
    for (std::size_t at = 0; at != std::string_view::npos; at = t.bytes.find('\n', at), at += at == std::string_view::npos ? 0 : 1) {
        if (t.bytes.substr(at).starts_with("<<<<<<< ")) return say({at}, "a merge conflict was left in; keep one side of it, and take the marks out");
    }
    return std::nullopt;
}

/// "key:value" or "-key: value" on a line, which is then part of a longer text, and the next key surprises.
Answer missing_space(const Trouble& t, std::size_t line_start) {
    auto line = t.bytes.substr(line_start, t.bytes.find('\n', line_start) - line_start);
    const auto first = line.find_first_not_of(" \t");
    if (first == std::string_view::npos) return std::nullopt;
    const auto dash = line[first] == '-' && first + 1 < line.size() && line[first + 1] != ' ' && line[first + 1] != '-';
    if (dash) return say({line_start + first}, "a \"-\" without a space behind it; write \"- \"");
    const auto colon = line.find(':');
    const bool attached =
        colon != std::string_view::npos && colon + 1 < line.size() && line[colon + 1] != ' ' && line[colon + 1] != '\r' && line[colon + 1] != '/';
    const bool key = colon != std::string_view::npos && line.substr(first, colon - first).find_first_of(" \"'") == std::string_view::npos;
    if (!attached || !key) return std::nullopt;
    return say({line_start + colon}, "a \":\" without a space behind it; write \": \" between a key and its value");
}

/// The start of the line above; nothing for the first.
std::optional<std::size_t> line_above(const Trouble& t) {
    if (t.line_start == 0) return std::nullopt;
    const auto newline = t.line_start < 2 ? std::string_view::npos : t.bytes.rfind('\n', t.line_start - 2);
    return newline == std::string_view::npos ? 0 : newline + 1;
}

Answer star(const Trouble& t) {
    const bool alone = t.is(msg::ALIAS_NOT_FOUND) || t.is(msg::CHAR_IN_ALIAS);
    if (!alone && !t.is(msg::UNKNOWN_ANCHOR)) return std::nullopt;
    const auto star = t.line.rfind('*', t.at.byte - t.line_start);
    const auto start = star == std::string_view::npos ? t.at.byte - t.line_start : star;
    auto word = t.line.substr(start);
    word = word.substr(0, word.find_first_of(" \t\r,]}"));
    return say({t.line_start + start}, "a value that begins with \"*\" must be in quotes: \"" + std::string{word} + "\"");
}

Answer tab(const Trouble& t) {
    const auto indentation = t.line.substr(0, std::min(t.line.find_first_not_of(" \t"), t.line.size()));
    const auto tab = indentation.find('\t');
    if (tab == std::string_view::npos) return std::nullopt;
    return say({t.line_start + tab}, "a tab in the indentation; use spaces");
}

Answer typographic_quote(const Trouble& t) {
    const auto value = value_of(t.line);
    if (!begins_with_typographic_quote(value)) return std::nullopt;
    return say({static_cast<std::size_t>(value.data() - t.bytes.data())}, "typographic quotation marks do not quote; use straight ones: \"…\"");
}

Answer first_character(const Trouble& t) {
    if (t.is(msg::UNKNOWN_TOKEN)) return say(t.at, "a value that begins with \"" + std::string{t.here()} + "\" must be in quotes");
    if (t.is(msg::ANCHOR_NOT_FOUND) || t.is(msg::CHAR_IN_ANCHOR)) return say(t.at, "a value that begins with \"&\" must be in quotes");
    if (t.is(msg::CHAR_IN_BLOCK)) return say(t.at, "a value that begins with \"|\" or \">\" must be in quotes, or begin on the next line");
    if (t.is(msg::MAP_KEY)) return say(t.at, "a value that begins with \"?\" must be in quotes");
    if (t.is(msg::BLOCK_ENTRY)) return say(t.at, "\"- \" is not allowed here; begin a list on the line below its key, or put the value in quotes");
    if (t.is(msg::FLOW_END)) return say(t.at, "\"" + std::string{t.here()} + "\" closes nothing; put a value with brackets in quotes");
    const bool tag = contains_ignoring_case(t.message, "tag");
    return tag ? Answer{say(t.at, "tags are not allowed; put a text that begins with \"!\" in quotes")} : std::nullopt;
}

Answer unclosed_quote(const Trouble& t) {
    if (!t.is(msg::EOF_IN_SCALAR) && !t.is(msg::DOC_IN_SCALAR)) return std::nullopt;
    for (auto i = t.last_event.byte + 1; i < t.bytes.size(); i++) {
        const bool begins_value = std::string_view{" \t\n[{,:"}.find(t.bytes[i - 1]) != std::string_view::npos;
        if ((t.bytes[i] == '"' || t.bytes[i] == '\'') && begins_value) return say({i}, "a quotation mark that is never closed");
    }
    return say(t.at, "a quotation mark that is never closed");
}

Answer colon(const Trouble& t) {
    if (!t.is(msg::MAP_VALUE)) return std::nullopt;
    auto before = t.before();
    while (before.starts_with(' ') || before.starts_with("- ")) before.remove_prefix(1);
    if (before.find(": ") != std::string_view::npos) return say(t.at, "a \": \" inside a value; put the whole value in quotes");
    if (const auto above = line_above(t)) {
        if (auto answer = missing_space(t, *above)) return answer;
    }
    return say(t.at, "a key is not expected here; check the indentation of this line, and that the line above it reads \"key: value\"");
}

Answer brackets(const Trouble& t) {
    if (t.is(msg::END_OF_SEQ_FLOW)) return say(t.at, "a list that begins with \"[\" is not closed, or a \",\" is missing in it");
    if (t.is(msg::END_OF_MAP_FLOW)) return say(t.at, "a group that begins with \"{\" is not closed, or a \",\" is missing in it");
    return std::nullopt;
}

Answer indentation(const Trouble& t) {
    if (!t.is(msg::END_OF_MAP) && !t.is(msg::END_OF_SEQ)) return std::nullopt;
    const auto before = trim(t.before());
    const bool comma = t.here() == ',' && (before.ends_with('"') || before.ends_with('\''));
    if (comma) return say(t.at, "a \",\" behind a value; leave it out, a line ends without one");
    if (before.ends_with('"') || before.ends_with('\'')) return say(t.at, "text behind the closing quotation mark; put the whole value in one pair of quotes");
    if (before.ends_with(']') || before.ends_with('}')) return say(t.at, "text behind the closing bracket; put the whole value in quotes");
    if (!before.empty()) return say(t.at, "a value cannot go on like this; put the whole value in quotes");
    return say(t.at, "wrong indentation; begin the line in the same column as its neighbours above");
}

Answer escape(const Trouble& t) {
    if (!t.message.starts_with(msg::INVALID_ESCAPE) && !t.is(msg::INVALID_HEX) && !t.message.starts_with(msg::INVALID_UNICODE)) return std::nullopt;
    return say(t.at, R"(a "\" in double quotes begins an escape, and this is none; use "/" in paths, or single quotes)");
}

}  // namespace

bool begins_with_typographic_quote(std::string_view text) {
    return std::ranges::any_of(typographic, [&](std::string_view quote) { return text.starts_with(quote); });
}

bool ends_with_typographic_quote(std::string_view text) {
    return std::ranges::any_of(typographic, [&](std::string_view quote) { return text.ends_with(quote); });
}

Complaint explain_syntax_error(std::string_view bytes, Offset at, std::string_view message, Offset last_event) {
    const auto trouble = look(bytes, at, message, last_event);
    for (const auto rule : {merge_conflict, star, tab, typographic_quote, first_character, unclosed_quote, colon, brackets, indentation, escape})
        if (auto answer = rule(trouble)) return std::move(*answer);
    return say(trouble.at, "this is not YAML (" + std::string{message} + "); check quotation marks and indentation");
}

}  // namespace motionspool::config
