#include "config/yaml.hpp"
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>
#include <sstream>
#include "config/syntax_error.hpp"
#include "config/yaml_builder.hpp"
#include "config/yaml_bytes.hpp"

namespace motionspool::config {
namespace {

/// Notices that there is something behind the document: a second one starts with its first event.
class NothingMore final : public YAML::EventHandler {
public:
    std::optional<YAML::Mark> seen;
    void OnDocumentStart(const YAML::Mark& mark) override {
        seen = mark;
        throw StopParsing{};
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
    void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
    void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
    void OnMapEnd() override {}
};

/// @return false if there was more, which is complained about
bool ends_here(YAML::Parser& parser, const Lines& lines, Report& report) {
    NothingMore nothing_more;
    try {
        parser.HandleNextDocument(nothing_more);
    } catch (const StopParsing&) {}
    if (!nothing_more.seen) return true;
    report.error(lines.of(*nothing_more.seen),
                 "a second document, or text behind the end of the first; expected one document, its keys all in the same column");
    return false;
}

std::optional<Node> parse(std::istream& in, const YamlLimits& limits, Report& report) {
    const Lines lines{report.bytes()};
    YamlBuilder builder{lines, limits, report};
    try {
        YAML::Parser parser{in};
        if (!parser.HandleNextDocument(builder) || !ends_here(parser, lines, report)) return std::nullopt;
        return builder.take_root();
    } catch (const StopParsing&) { return std::nullopt; } catch (const YAML::Exception& error) {
        auto explained = explain_syntax_error(report.bytes(), lines.of(error.mark), error.msg, builder.last());
        report.error(explained.at, std::move(explained.text));
        return std::nullopt;
    }
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

std::optional<Node> read_yaml(const YamlLimits& limits, Report& report) {
    if (!is_readable(limits.bytes, report)) return std::nullopt;
    auto bytes = report.bytes();
    if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
    std::istringstream in{std::string{bytes}};
    return parse(in, limits, report);
}

std::optional<Offset> comment_behind(const Node& plain, std::string_view bytes) {
    auto at = plain.at.byte;
    for (const char c : plain.text) {  // line breaks inside a plain value were folded, so blanks are not compared
        if (is_blank(c)) continue;
        while (at < bytes.size() && is_blank(bytes[at])) at++;
        if (at >= bytes.size() || bytes[at] != c) return std::nullopt;
        at++;
    }
    while (at < bytes.size() && (bytes[at] == ' ' || bytes[at] == '\t')) at++;
    return at < bytes.size() && bytes[at] == '#' ? std::optional{Offset{at}} : std::nullopt;
}

}  // namespace motionspool::config
