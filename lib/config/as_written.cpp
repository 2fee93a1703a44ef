#include "config/as_written.hpp"
#include "config/yaml.hpp"
#include "domain/again.hpp"

namespace motionspool::config {
namespace {

std::string flow(const Node& node);

/// As one value behind a key: plain as it is, everything else in flow style.
std::string value_text(const Node& node) { return node.kind == Node::Kind::plain ? node.text : flow(node); }

std::string flow(const Node& node) {
    std::string inner;
    switch (node.kind) {
        case Node::Kind::null: return "";
        case Node::Kind::plain:
        case Node::Kind::quoted: return domain::yaml_quoted(node.text);
        case Node::Kind::list:
            for (const auto& item : node.items) inner += (inner.empty() ? "" : ", ") + (item.kind == Node::Kind::null ? "null" : flow(item));
            return "[" + inner + "]";
        case Node::Kind::map:
            for (const auto& field : node.fields) inner += (inner.empty() ? "" : ", ") + domain::yaml_quoted(field.key.text) + ": " + flow(field.value);
            return "{" + inner + "}";
    }
    return "";
}

}  // namespace

std::vector<WrittenEntry> entries_as_written(std::string_view manifest) {
    Report report{manifest};
    const auto root = read_yaml({.bytes = manifest.size()}, report);
    std::vector<WrittenEntry> entries;
    if (!root) return entries;
    for (const auto& [key, value] : root->fields) {
        if (key.text != "jobs") continue;
        for (const auto& item : value.items) {
            if (item.kind != Node::Kind::map) continue;
            WrittenEntry entry{item.at, {}};
            for (const auto& field : item.fields) entry.fields.emplace_back(field.key.text, value_text(field.value));
            entries.push_back(std::move(entry));
        }
    }
    return entries;
}

std::string without_comments(std::string_view configuration) {
    Report report{configuration};
    const auto root = read_yaml({}, report);
    return root ? flow(*root) : std::string{};
}

}  // namespace motionspool::config
