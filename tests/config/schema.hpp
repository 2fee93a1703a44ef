#pragma once
#include <cmath>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <vector>
#include "config/yaml.hpp"

// As much of JSON Schema (draft 7) as config/*.schema.json use, over the tree that is read of YAML. A keyword that is not known here is an error, so that no
// schema says more than is checked.
namespace schema {
using motionspool::config::Field;
using motionspool::config::Node;
using Kind = Node::Kind;

inline const Node* find(const Node& map, std::string_view key) {
    for (const auto& field : map.fields) {
        if (field.key.text == key) return &field.value;
    }
    return nullptr;
}

inline std::optional<double> number(const Node& node) {
    if (node.kind != Kind::plain) return std::nullopt;
    char* end = nullptr;
    const double value = std::strtod(node.text.c_str(), &end);
    const bool whole = end == node.text.c_str() + node.text.size() && node.text.find_first_not_of("+-.0123456789eE") == std::string::npos;
    return whole ? std::optional{value} : std::nullopt;
}

/// What YAML 1.2 takes a value for, as editors do.
inline std::string type_of(const Node& node) {
    switch (node.kind) {
        case Kind::null: return "null";
        case Kind::list: return "array";
        case Kind::map: return "object";
        case Kind::quoted: return "string";
        case Kind::plain: break;
    }
    if (node.text == "true" || node.text == "false") return "boolean";
    const auto value = number(node);
    if (!value) return "string";
    return std::floor(*value) == *value ? "integer" : "number";
}

class Validator {
public:
    explicit Validator(const Node& root) : root_{root} {}
    [[nodiscard]] bool accepts(const Node& value) const { return check(root_, value); }

    /// The keys of the group at a path of keys; an entry of a list is "[]".
    [[nodiscard]] std::set<std::string> keys_at(const std::vector<std::string>& path) const {
        const Node* node = &root_;
        for (const auto& step : path) {
            const auto* const properties = find(*node, "properties");
            const auto* next = step == "[]" ? find(*node, "items") : properties != nullptr ? find(*properties, step) : nullptr;
            if (next == nullptr) next = find(*node, "additionalProperties");
            if (next == nullptr) return {};
            node = &resolved(*next);
        }
        std::set<std::string> keys;
        if (const auto* const properties = find(*node, "properties")) {
            for (const auto& field : properties->fields) keys.insert(field.key.text);
        }
        return keys;
    }

private:
    [[nodiscard]] const Node& resolved(const Node& schema) const {
        const auto* const reference = find(schema, "$ref");
        if (reference == nullptr) return schema;
        const auto* const definition = find(*find(root_, "definitions"), reference->text.substr(reference->text.rfind('/') + 1));
        if (definition == nullptr) throw std::runtime_error("no definition for " + reference->text);
        return *definition;
    }

    /// Is it equal to a constant of the schema?
    [[nodiscard]] static bool same(const Node& constant, const Node& value) {
        const auto a = number(constant), b = number(value);
        if (a || b) return a && b && *a == *b;
        const bool word = constant.kind == Kind::plain;  // true, false
        return value.is_text() && constant.text == value.text && (!word || value.kind == Kind::plain);
    }

    [[nodiscard]] static bool is_of_type(const std::string& type, const Node& value) {
        const auto is = type_of(value);
        return is == type || (type == "number" && is == "integer");
    }

    [[nodiscard]] static std::size_t characters(const std::string& text) {
        std::size_t n = 0;
        for (const char c : text) n += (static_cast<unsigned char>(c) & 0xC0u) != 0x80u ? 1 : 0;
        return n;
    }

    [[nodiscard]] bool check(const Node& unresolved, const Node& value) const {
        const auto& schema = resolved(unresolved);
        if (schema.kind == Kind::plain) return schema.text == "true";
        for (const auto& [key, argument] : schema.fields) {
            if (!holds(schema, key.text, argument, value)) return false;
        }
        return true;
    }

    [[nodiscard]] bool holds(const Node& schema, const std::string& keyword, const Node& argument, const Node& value) const {
        static const std::set<std::string> words{"$schema", "title", "description", "default", "definitions"};
        if (words.contains(keyword)) return true;
        const auto of_value = number(value);
        const auto limit = [&] { return number(argument).value(); };
        const auto any = [&](const auto& holds_one) { return std::any_of(argument.items.begin(), argument.items.end(), holds_one); };
        if (keyword == "type") {
            if (argument.kind != Kind::list) return is_of_type(argument.text, value);
            return any([&](const Node& type) { return is_of_type(type.text, value); });
        }
        if (keyword == "const") return same(argument, value);
        if (keyword == "enum") return any([&](const Node& one) { return same(one, value); });
        if (keyword == "anyOf") return any([&](const Node& one) { return check(one, value); });
        if (keyword == "allOf") return std::all_of(argument.items.begin(), argument.items.end(), [&](const Node& one) { return check(one, value); });
        if (keyword == "not") return !check(argument, value);
        if (keyword == "minimum") return !of_value || *of_value >= limit();
        if (keyword == "exclusiveMinimum") return !of_value || *of_value > limit();
        if (keyword == "maximum") return !of_value || *of_value <= limit();
        const bool text = type_of(value) == "string";
        if (keyword == "minLength") return !text || static_cast<double>(characters(value.text)) >= limit();
        if (keyword == "maxLength") return !text || static_cast<double>(characters(value.text)) <= limit();
        if (keyword == "pattern") return !text || std::regex_search(value.text, std::regex{argument.text});
        if (keyword == "minItems") return value.kind != Kind::list || static_cast<double>(value.items.size()) >= limit();
        if (keyword == "uniqueItems") return differ(value);
        if (keyword == "items") return std::all_of(value.items.begin(), value.items.end(), [&](const Node& item) { return check(argument, item); });
        return holds_for_groups(schema, keyword, argument, value);
    }

    [[nodiscard]] bool holds_for_groups(const Node& schema, const std::string& keyword, const Node& argument, const Node& value) const {
        const auto every = [&](const auto& holds_one) { return std::all_of(value.fields.begin(), value.fields.end(), holds_one); };
        if (keyword == "minProperties" || keyword == "maxProperties") {
            const auto size = static_cast<double>(value.fields.size()), limit = number(argument).value();
            return value.kind != Kind::map || (keyword == "minProperties" ? size >= limit : size <= limit);
        }
        if (keyword == "required")
            return value.kind != Kind::map ||
                   std::all_of(argument.items.begin(), argument.items.end(), [&](const Node& key) { return find(value, key.text) != nullptr; });
        if (keyword == "propertyNames") return every([&](const Field& field) { return check(argument, field.key); });
        if (keyword == "properties") {
            return every([&](const Field& field) {
                const auto* const known = find(argument, field.key.text);
                return known == nullptr || check(*known, field.value);
            });
        }
        if (keyword == "additionalProperties") {
            const auto* const properties = find(schema, "properties");
            return every(
                [&](const Field& field) { return (properties != nullptr && find(*properties, field.key.text) != nullptr) || check(argument, field.value); });
        }
        throw std::runtime_error("the schema has a keyword that is not checked: " + keyword);
    }

    [[nodiscard]] static bool differ(const Node& list) {
        std::set<std::string> seen;
        return std::all_of(list.items.begin(), list.items.end(), [&](const Node& item) { return seen.insert(item.text).second; });
    }

    const Node& root_;
};

}  // namespace schema
