#include "config/values.hpp"
#include <algorithm>
#include "base/text.hpp"
#include "base/time.hpp"
#include "config/scalars.hpp"
#include "config/syntax_error.hpp"
#include "config/yaml_bytes.hpp"

namespace motionspool::config {
namespace {

using std::chrono::milliseconds;

std::string description(const Node& node) {
    switch (node.kind) {
        case Node::Kind::null: return "has no value";
        case Node::Kind::plain: return "is " + in_quotes(node.text);
        case Node::Kind::quoted: return node.text.empty() ? "is empty" : "is the text " + in_quotes(node.text);
        case Node::Kind::list: return "is a list";
        case Node::Kind::map: return "is a group of keys";
    }
    return "";
}

bool looks_like_comma_decimal(std::string_view text) {
    const auto comma = text.find(',');
    return comma != std::string_view::npos && comma > 0 && parse_integer(text.substr(0, comma)) && parse_integer(text.substr(comma + 1));
}

std::string hint(const Node& node, std::string_view expected) {
    if (!node.is_text()) return "";
    if (looks_like_comma_decimal(node.text)) {
        const auto comma = node.text.find(',');
        if (node.text.size() - comma == 4 && node.text.find(',', comma + 1) == std::string::npos && expected.find("credits") != std::string_view::npos)
            return " (thousands are written without a comma: " + node.text.substr(0, comma) + node.text.substr(comma + 1) + ")";
        auto with_point = node.text;
        std::ranges::replace(with_point, ',', '.');
        return " (decimals have a point: " + with_point + ")";
    }
    const bool wants_keys = expected.starts_with("keys");
    if (wants_keys && node.kind == Node::Kind::plain && node.text.find(':') != std::string::npos) return " (write a space behind each \":\")";
    return "";
}

void check_comment(const Item& item, bool prose, Report& report) {
    if (item.node.kind != Node::Kind::plain) return;
    const auto comment = comment_behind(item.node, report.bytes());
    if (!comment) return;
    const auto at = comment->byte;
    const auto next = report.bytes().substr(at + 1, 1);
    const bool spaced = next.empty() || next.find_first_of(" \t\r\n#") == 0;
    if (!spaced) {
        report.error(*comment,
                     subject(item) + " ends before \"#\", which begins a comment; put the whole value in quotes (or write \"# \" if a comment is meant)");
    } else if (const bool close = at >= 2 && report.bytes()[at - 2] != ' ' && report.bytes()[at - 1] == ' '; prose && close) {
        report.warning(*comment, subject(item) + " ends before \"#\", which begins a comment; put the whole text in quotes if the rest belongs to it");
    }
}

std::optional<std::string> uncut_text(const Item& item, bool prose, Report& report) {
    const auto* const text = any_text(item, "text", report);
    if (!text) return std::nullopt;
    check_comment(item, prose, report);
    if (item.node.kind != Node::Kind::plain || !begins_with_typographic_quote(*text) || !ends_with_typographic_quote(*text)) return *text;
    report.error(item.at(), subject(item) + " stands in typographic quotation marks, which do not quote; use straight ones: \"…\"");
    return std::nullopt;
}

}  // namespace

std::string shortened(std::string_view text) {
    constexpr std::size_t most = 60;
    if (text.size() <= most) return std::string{text};
    auto end = most;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) end--;
    return std::string{text.substr(0, end)} + "…";
}

std::string in_quotes(std::string_view text) { return '"' + shortened(text) + '"'; }

std::string subject(const Item& item) { return item.name.find(' ') == std::string::npos ? '`' + item.name + '`' : item.name; }

std::string one_of(std::span<const std::string_view> words) {
    std::string out;
    for (std::size_t i = 0; i < words.size(); i++) {
        if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
        out += words[i];
    }
    return out;
}

void complain_wrong(const Item& item, std::string_view expected, Report& report) {
    report.error(item.at(), subject(item) + " " + description(item.node) + "; expected " + std::string{expected} + hint(item.node, expected));
}

const std::string* plain_text(const Item& item, std::string_view expected, Report& report) {
    if (item.node.kind == Node::Kind::plain) return &item.node.text;
    if (item.node.kind == Node::Kind::quoted)
        report.error(item.at(), subject(item) + " is in quotes; expected " + std::string{expected} + " without quotes");
    else
        complain_wrong(item, expected, report);
    return nullptr;
}

const std::string* any_text(const Item& item, std::string_view expected, Report& report) {
    if (item.node.is_text()) return &item.node.text;
    complain_wrong(item, expected, report);
    return nullptr;
}

std::optional<std::string> read_text(const Item& item, Report& report) { return uncut_text(item, false, report); }

std::optional<std::string> read_prose(const Item& item, std::size_t most_characters, Report& report) {
    auto text = uncut_text(item, true, report);
    if (!text) return std::nullopt;
    const auto characters = count_characters(*text);
    if (characters <= most_characters) return text;
    report.error(item.at(), subject(item) + " has " + std::to_string(characters) + " characters; at most " + std::to_string(most_characters) + " are allowed");
    return std::nullopt;
}

std::optional<bool> read_boolean(const Item& item, Report& report) {
    const auto* const text = plain_text(item, "true or false", report);
    if (!text) return std::nullopt;
    if (*text == "true") return true;
    if (*text == "false") return false;
    complain_wrong(item, "true or false", report);
    return std::nullopt;
}

bool is_none(const Node& node) { return node.kind == Node::Kind::plain && node.text == "none"; }

std::optional<std::size_t> read_choice(const Item& item, std::span<const std::string_view> words, Report& report) {
    auto expected = one_of(words);
    const auto* const text = any_text(item, expected, report);
    if (!text) return std::nullopt;
    const auto found = std::ranges::find(words, std::string_view{*text});
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
    if (const auto meant = nearest(*text, words); !meant.empty()) expected += "; did you mean " + std::string{meant} + "?";
    complain_wrong(item, expected, report);
    return std::nullopt;
}

std::optional<std::vector<Item>> read_list(const Item& item, Report& report) {
    if (item.node.kind != Node::Kind::list) {
        complain_wrong(item, "a list; write one entry as [x]", report);
        return std::nullopt;
    }
    std::vector<Item> items;
    items.reserve(item.node.items.size());
    for (const auto& node : item.node.items) items.push_back({"an entry of " + subject(item), node});
    return items;
}

bool require_map(const Item& item, std::string_view expected, Report& report) {
    if (item.node.kind == Node::Kind::map) return true;
    complain_wrong(item, expected, report);
    return false;
}

}  // namespace motionspool::config
