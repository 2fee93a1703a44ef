#pragma once
// Strict YAML: bytes -> a small tree with positions, or what is wrong and where.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include "base/complaint.hpp"
#include "config/report.hpp"

namespace motionspool::config {

struct Field;
/// A value. `plain` text may still mean a number or a boolean; `quoted` (block text, too) is text.
struct Node {
    enum class Kind { null, plain, quoted, list, map };
    Kind kind = Kind::null;
    Offset at;                  ///< where it begins; an empty value stands at its key
    std::string text;           ///< plain, quoted
    std::vector<Node> items;    ///< list
    std::vector<Field> fields;  ///< map, in the order written; keys are text and differ
    [[nodiscard]] bool is_text() const { return kind == Kind::plain || kind == Kind::quoted; }
};
struct Field {
    Node key, value;
};

struct YamlLimits {
    std::size_t bytes = 1'000'000;
    std::size_t scalar = 65'536;  ///< bytes of one value
    int depth = 12;
};

/// Reads exactly one document. Refused: anchors, aliases, tags, directives, a second document, keys given twice or that are no text, control characters,
/// invalid UTF-8, and what exceeds the limits. What leaves the tree readable is complained about all at once; a syntax error ends the reading.
/// @return the root; nothing after a syntax error, or for a text without content (which is no complaint)
[[nodiscard]] std::optional<Node> read_yaml(const YamlLimits&, Report&);

/// Where a comment begins that stands right behind a plain value on its last line: "#" of `prompt: a fox #1`.
[[nodiscard]] std::optional<Offset> comment_behind(const Node& plain, std::string_view bytes);

}  // namespace motionspool::config
