#include "config/yaml.hpp"
#include "corpus.hpp"

using namespace motionspool;
using namespace motionspool::config;
using Kind = Node::Kind;

namespace {

Node good(std::string_view text, const YamlLimits& limits = {}) {
    Report report{text};
    auto root = read_yaml(limits, report);
    CHECK(corpus::lines(report.take(), text) == "");
    REQUIRE(root.has_value());
    return std::move(*root);
}

std::string bad(std::string_view text, const YamlLimits& limits = {}) {
    Report report{text};
    const auto root = read_yaml(limits, report);
    CHECK(report.errors() > 0);
    return corpus::lines(report.take(), text);
}

std::optional<std::size_t> comment(std::string_view text) {
    const auto root = good(text);
    const auto at = comment_behind(root.fields.at(0).value, text);
    return at ? std::optional{at->byte} : std::nullopt;
}

}  // namespace

TEST_CASE("the tree keeps kinds, texts and places") {
    const auto root = good("a: x\nb: 'y'\nc: [1, \"2\"]\nd: {e: }\nf: |\n  two\n  lines\n");
    REQUIRE(root.kind == Kind::map);
    REQUIRE(root.fields.size() == 5);
    CHECK(root.fields[0].value.kind == Kind::plain);
    CHECK(root.fields[0].value.at == Offset{3});
    CHECK(root.fields[1].value.kind == Kind::quoted);
    CHECK(root.fields[1].value.text == "y");
    CHECK(root.fields[2].value.items.at(1).kind == Kind::quoted);
    CHECK(root.fields[3].value.fields.at(0).value.kind == Kind::null);
    CHECK(root.fields[4].value.kind == Kind::quoted);
    CHECK(root.fields[4].value.text == "two\nlines\n");
}

TEST_CASE("an empty value stands at its key, an empty entry at its dash") {
    const auto root = good("a:\n\nb:\n  -\n  - x\n");
    CHECK(root.fields[0].value.at == Offset{0});
    CHECK(root.fields[1].value.items.at(0).at == Offset{9});
}

TEST_CASE("offsets count a BOM and CRLF") {
    const std::string_view text =
        "\xEF\xBB\xBF"
        "a: x\r\nb: y\r\n";
    const auto root = good(text);
    CHECK(root.fields[0].value.at == Offset{6});
    CHECK(text[root.fields[1].value.at.byte] == 'y');
}

TEST_CASE("a text without content has no root and no complaint") {
    for (const auto* text : {"", "\n\n", "# comment\n", "\xEF\xBB\xBF"}) {
        Report report{text};
        CHECK_FALSE(read_yaml({}, report).has_value());
        CHECK(report.errors() == 0);
    }
}

TEST_CASE("quotation marks must be closed even where the parser would forgive") {
    for (const auto* text : {"a: 'x\n", "a: \"x\n", "a: '", "a: \"", "a: 'it''s\n", "a: \"x\\\"\n", "'a", "- 'x\n\n"}) {
        CAPTURE(text);
        CHECK(bad(text).find("a quotation mark that is never closed") != std::string::npos);
    }
    for (const auto* text : {"a: 'it''s'", "a: \"x\\\"\"", "a: ''", "a: \"\"", "a: '\"'", "a: it's", "a: 'two\n  lines'", "a: ''''"}) {
        CAPTURE(text);
        CHECK(good(text).fields.size() == 1);
    }
}

TEST_CASE("limits hold") {
    CHECK(bad("a: b", {.bytes = 3}) == "1:1: error: the file is larger than 3 bytes, the most that is read; split it");
    CHECK(bad("a: bcd", {.scalar = 2}) == "1:4: error: a value of 3 bytes; at most 2 are allowed");
    CHECK(bad("a: [[b]]", {.depth = 2}) == "1:5: error: nested deeper than 2 levels");
    CHECK(good("a: [b]", {.depth = 2}).fields.size() == 1);
}

TEST_CASE("a comment behind a plain value is found on its last line") {
    CHECK(comment("a: x #1") == 5u);
    CHECK(comment("a: x   # y") == 7u);
    CHECK(comment("a: x y\n  z # c") == 11u);
    CHECK(comment("a: x#1") == std::nullopt);
    CHECK(comment("a: x\n# next line") == std::nullopt);
    CHECK(comment("a: x") == std::nullopt);
    CHECK(comment("a: [x] # y") == std::nullopt);
}

TEST_CASE("a report counts on beyond what it lists") {
    Report report{"text"};
    for (std::size_t i = 0; i < Report::most + 50; i++) report.error({0}, "x");
    CHECK(report.errors() == Report::most + 50);
    CHECK(report.full());
    const auto late = report.mark();
    report.error({0}, "y");
    CHECK(report.errors_since(late) == "it is in error, and so many others are that its errors are not listed");
    const auto complaints = report.take();
    REQUIRE(complaints.size() == Report::most + 1);
    CHECK(complaints.back() == Complaint{Complaint::Severity::error, {4}, "more than 10000 complaints; the rest is not listed"});
}

TEST_CASE("the errors since a mark leave warnings out") {
    Report report{""};
    report.error({}, "before");
    const auto mark = report.mark();
    CHECK(report.errors_since(mark).empty());
    report.warning({}, "w");
    report.error({}, "a");
    report.error({}, "b");
    CHECK(report.errors_since(mark) == "a; b");
}
