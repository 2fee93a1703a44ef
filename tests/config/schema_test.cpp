#include "config/schema.hpp"
#include <doctest/doctest.h>
#include <filesystem>
#include <functional>
#include "config/config.hpp"
#include "config/corpus_file.hpp"
#include "config/manifest_reader.hpp"
#include "support/temp_folder.hpp"

// config/*.schema.json, by which editors complete and check, say what the readers do.
using namespace motionspool;
using namespace motionspool::config;

namespace {

using Read = std::function<Complaints(const std::string& text)>;

Complaints manifest_complaints(const std::string& text) { return read_manifest(text, {}, manifest_limits(Config{})).complaints; }
Complaints configuration_complaints(const std::string& text) { return parse_config(text).complaints; }

/// The tree of a text; nothing if it is no YAML that we read.
std::optional<Node> tree(const std::string& text) {
    Report report{text};
    auto root = read_yaml({.bytes = 4'000'000}, report);
    return report.errors() == 0 ? std::move(root) : std::nullopt;
}

Node schema_file(const std::string& name) {
    auto root = tree(test::read_file(std::filesystem::path{EXAMPLES} / ".." / name));
    REQUIRE(root.has_value());
    return *root;
}

/// The keys that the reader says it expects where it finds one that it does not know: "expected a, b or c".
std::set<std::string> known_keys(const Complaints& complaints) {
    std::set<std::string> keys;
    for (const auto& complaint : complaints) {
        constexpr std::string_view head = "unknown key \"zzzzzzzz\"; expected ";
        if (!complaint.text.starts_with(head)) continue;
        auto list = complaint.text.substr(head.size());
        for (std::size_t at = 0; (at = list.find(" or ", at)) != std::string::npos;) list.replace(at, 4, ", ");
        for (std::size_t at = 0; at <= list.size();) {
            const auto end = std::min(list.find(", ", at), list.size());
            keys.insert(list.substr(at, end - at));
            at = end + 2;
        }
    }
    return keys;
}

/// A text in which the key "zzzzzzzz" stands in the group at the path.
std::string with_unknown_key(const std::vector<std::string>& path) {
    std::string text = "zzzzzzzz: 1";
    for (auto step = path.rbegin(); step != path.rend(); ++step)
        text = *step == "[]" ? "[{" + text + "}]" : *step + ": " + (text.starts_with('[') ? text : "{" + text + "}");
    return "{" + text + "}\n";
}

void check_keys(const schema::Validator& schema, const Read& read, const std::vector<std::vector<std::string>>& groups) {
    for (const auto& path : groups) {
        const auto text = with_unknown_key(path);
        CAPTURE(text);
        const auto of_reader = known_keys(read(text)), of_schema = schema.keys_at(path);
        CHECK_FALSE(of_reader.empty());
        CHECK(of_reader == of_schema);
    }
}

/// Something an editor can see without knowing more than the text: not what two values mean together, nor what is in the file system.
bool is_structural(const std::string& complaint) {
    for (const auto* words : {"unknown key",
                              "is a list",
                              "is a group of keys",
                              "has no value",
                              "expected a whole number",
                              "expected true or false",
                              "expected 720p or 1080p",
                              "belongs to",
                              "expected seconds",
                              "expected a duration such as",
                              "expected a list",
                              "characters; at most",
                              "expected an absolute path",
                              "expected a rate such as",
                              "is missing; expected",
                              "is not available in this version",
                              "expected an amount of credits",
                              "expected keys",
                              "expected a size such as",
                              "expected a time of day",
                              "do not go together",
                              "does not go together",
                              "expected HOST:PORT",
                              "is an empty list"}) {
        if (complaint.find(words) != std::string::npos) return true;
    }
    return false;
}

void check_corpus(const schema::Validator& schema, const std::string& file, std::size_t least) {
    std::size_t refused = 0;
    for (const auto& one : corpus::read_cases(TESTS_DATA "/" + file)) {
        CAPTURE(one.name);
        const auto root = tree(one.text);
        static const std::set<std::string> beyond{"a priority with a plus sign", "takes with decimals"};  // an integer to JSON Schema
        if (beyond.contains(one.name)) continue;
        if (!root || std::none_of(one.says.begin(), one.says.end(), is_structural)) continue;
        const bool accepted = schema.accepts(*root);
        CHECK_FALSE(accepted);
        if (!accepted) refused++;
    }
    CHECK(refused >= least);
}

void check_good(const schema::Validator& schema, const std::string& file, const Read& read) {
    const auto cases = corpus::read_cases(TESTS_DATA "/" + file);
    CHECK(cases.size() >= 10);
    for (const auto& one : cases) {
        CAPTURE(one.name);
        const auto complaints = read(one.text);
        CHECK(corpus::as_said(complaints, one.text) == one.says);
        CHECK_FALSE(any_error(complaints));
        const auto root = tree(one.text);
        REQUIRE(root.has_value());
        CHECK(schema.accepts(*root));
    }
}

}  // namespace

TEST_CASE("the manifest's schema has the keys that the reader knows, and no others") {
    const auto file = schema_file("manifest.schema.json");
    check_keys(schema::Validator{file}, manifest_complaints, {{}, {"defaults"}, {"jobs", "[]"}, {"matrix"}});
}

TEST_CASE("the configuration's schema has the keys that the reader knows, and no others") {
    const auto file = schema_file("motionspool.schema.json");
    check_keys(schema::Validator{file}, configuration_complaints,
               {{},
                {"spool"},
                {"output"},
                {"state"},
                {"provider"},
                {"limits"},
                {"limits", "breaker"},
                {"credits"},
                {"credits", "per_second"},
                {"credits", "minimum"},
                {"shares", "marketing"},
                {"windows", "night"},
                {"manifest_defaults"},
                {"manifest_defaults", "defaults"},
                {"webhook"},
                {"status"},
                {"control"},
                {"hooks"},
                {"log"}});
}

TEST_CASE("what the schemas call the default is the default") {
    const auto file = schema_file("motionspool.schema.json");
    std::string text;
    for (const auto& section : schema::find(file, "properties")->fields) {
        std::string inside;
        if (const auto* const properties = schema::find(section.value, "properties")) {
            for (const auto& field : properties->fields) {
                const auto* const value = schema::find(field.value, "default");
                if (value == nullptr || section.key.text == "manifest_defaults") continue;
                std::string list;
                for (const auto& item : value->items) list += (list.empty() ? "\"" : ", \"") + item.text + "\"";
                const auto shown = value->kind == Node::Kind::list     ? "[" + list + "]"
                                   : value->kind == Node::Kind::quoted ? "\"" + value->text + "\""
                                                                       : value->text;
                inside += "  " + field.key.text + ": " + shown + "\n";
            }
        }
        if (!inside.empty()) text += section.key.text + ":\n" + inside;
    }
    CAPTURE(text);
    const auto loaded = parse_config(text);
    CHECK(corpus::as_said(loaded.complaints, text).empty());
    CHECK(loaded.config == Config{});
}

TEST_CASE("good manifests are good to the schema, and what is wrong in their structure is not") {
    const auto file = schema_file("manifest.schema.json");
    const schema::Validator schema{file};
    check_good(schema, "good-manifests.txt", manifest_complaints);
    check_corpus(schema, "bad-manifests.txt", 125);
    for (const auto& entry : std::filesystem::recursive_directory_iterator{EXAMPLES}) {
        if (entry.path().extension() != ".yaml") continue;
        CAPTURE(entry.path());
        const auto root = tree(test::read_file(entry.path()));
        REQUIRE(root.has_value());
        CHECK(schema.accepts(*root));
    }
}

TEST_CASE("good configurations are good to the schema, and what is wrong in their structure is not") {
    const auto file = schema_file("motionspool.schema.json");
    const schema::Validator schema{file};
    check_good(schema, "good-configurations.txt", configuration_complaints);
    check_corpus(schema, "bad-configurations.txt", 90);
    const auto shipped = tree(test::read_file(std::filesystem::path{EXAMPLES} / "../motionspool.yaml"));
    REQUIRE(shipped.has_value());
    CHECK(schema.accepts(*shipped));
}
