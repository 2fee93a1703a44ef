#include "config/yaml_builder.hpp"
#include <algorithm>
#include "config/values.hpp"

namespace motionspool::config {
namespace {

/// A value takes at least this many bytes of a text that means something; the bound keeps "[,,,,," from filling the memory.
constexpr std::size_t bytes_a_value = 4, values_anyway = 1'000;

/// Does the quotation mark at `at`, if there is one, have its counterpart? yaml-cpp takes the end of the file for it where a line end comes before.
bool is_closed(std::string_view bytes, Offset at) {
    if (at.byte >= bytes.size() || (bytes[at.byte] != '"' && bytes[at.byte] != '\'')) return true;
    const char mark = bytes[at.byte];
    for (auto i = at.byte + 1; i < bytes.size(); i++) {
        if (mark == '"' && bytes[i] == '\\')
            i++;
        else if (mark == '\'' && bytes[i] == mark && i + 1 < bytes.size() && bytes[i + 1] == mark)
            i++;
        else if (bytes[i] == mark)
            return true;
    }
    return false;
}

bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F; }

}  // namespace

char YamlBuilder::byte_at(Offset at) const { return at.byte < report_.bytes().size() ? report_.bytes()[at.byte] : '\0'; }

Offset YamlBuilder::arrive(const YAML::Mark& mark) {
    last_ = lines_.of(mark);
    if (++nodes_ > report_.bytes().size() / bytes_a_value + values_anyway) {
        report_.error(last_, "too many values for a file of this size");
        throw StopParsing{};
    }
    return last_;
}

void YamlBuilder::OnAnchor(const YAML::Mark& mark, const std::string& name) {
    report_.error(lines_.of(mark), "the anchor \"&" + shortened(name) + "\" is not allowed; put a text that begins with \"&\" in quotes");
}

void YamlBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t) {
    Node node;
    node.at = arrive(mark);
    report_.error(node.at, "aliases are not allowed; write the value out, and put a text that begins with \"*\" in quotes");
    node.kind = Node::Kind::quoted;
    node.text = "*";
    add(std::move(node));
}

void YamlBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t) {
    Node node;
    node.at = place_of_nothing(arrive(mark));
    add(std::move(node));
}

Offset YamlBuilder::place_of_nothing(Offset next_token) const {
    if (open_.empty()) return next_token;
    if (open_.back().key) return open_.back().key->at;
    const auto before = report_.bytes().substr(0, next_token.byte).find_last_not_of(" \t\r\n");
    const bool list_entry = before != std::string_view::npos && std::string_view{"-,["}.find(report_.bytes()[before]) != std::string_view::npos;
    return list_entry ? Offset{before} : next_token;
}

void YamlBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& value) {
    Node node;
    node.at = arrive(mark);
    check_tag(node.at, tag);
    check_value(node.at, value);
    node.kind = tag == "!" ? Node::Kind::quoted : Node::Kind::plain;
    node.text = value;
    add(std::move(node));
}

void YamlBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, YAML::EmitterStyle::value) {
    const auto at = arrive(mark);
    check_tag(at, tag);
    begin(at, Node::Kind::list);
}

void YamlBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, YAML::EmitterStyle::value) {
    const auto at = arrive(mark);
    check_tag(at, tag);
    begin(at, Node::Kind::map);
}

void YamlBuilder::check_tag(Offset at, const std::string& tag) {
    const bool implicit = tag == "?" || tag == "!" || tag.empty();
    if (!implicit || byte_at(at) == '!') report_.error(at, "tags are not allowed; put a text that begins with \"!\" in quotes");
}

void YamlBuilder::check_value(Offset at, const std::string& value) {
    if (value.size() > limits_.scalar) {
        report_.error(at, "a value of " + std::to_string(value.size()) + " bytes; at most " + std::to_string(limits_.scalar) + " are allowed");
        throw StopParsing{};
    }
    const auto opening = byte_at(at);
    if (!is_closed(report_.bytes(), at)) {
        report_.error(at, "a quotation mark that is never closed");
        throw StopParsing{};
    }
    if (!std::ranges::any_of(value, is_control)) return;
    report_.error(at, opening == '"' ? R"(a "\" in double quotes begins an escape, here of a control character; use "/" in paths, or single quotes)"
                                     : "a control character in a value; take it out");
}

void YamlBuilder::begin(Offset at, Node::Kind kind) {
    if (static_cast<int>(open_.size()) >= limits_.depth) {
        report_.error(at, "nested deeper than " + std::to_string(limits_.depth) + " levels");
        throw StopParsing{};
    }
    Open open;
    open.node.kind = kind;
    open.node.at = at;
    open_.push_back(std::move(open));
}

void YamlBuilder::end() {
    auto node = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(node));
}

void YamlBuilder::add(Node node) {
    if (open_.empty()) {
        root_ = std::move(node);
        return;
    }
    auto& into = open_.back();
    if (into.node.kind == Node::Kind::list) {
        into.node.items.push_back(std::move(node));
    } else if (!into.key) {
        add_key(into, std::move(node));
    } else {
        if (!into.drop_field) into.node.fields.push_back({std::move(*into.key), std::move(node)});
        into.key.reset();
    }
}

void YamlBuilder::add_key(Open& into, Node node) {
    into.drop_field = true;
    if (!node.is_text())
        report_.error(node.at, "a key must be text");
    else if (!into.keys.insert(node.text).second)
        report_.error(node.at, "the key \"" + shortened(node.text) + "\" is given twice");
    else
        into.drop_field = false;
    into.key = std::move(node);
}

}  // namespace motionspool::config
