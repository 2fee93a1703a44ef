#pragma once
#include <yaml-cpp/eventhandler.h>
#include <set>
#include <string>
#include "config/yaml.hpp"
#include "config/yaml_bytes.hpp"

namespace motionspool::config {

/// Ends the parse; a type of its own, so that nothing of yaml-cpp catches it.
struct StopParsing {};

/// Makes the tree of the parser's events and refuses what a strict document does not have.
class YamlBuilder final : public YAML::EventHandler {
public:
    YamlBuilder(const Lines& lines, const YamlLimits& limits, Report& report) : lines_{lines}, limits_{limits}, report_{report} {}
    [[nodiscard]] Node take_root() { return std::move(root_); }
    /// Where the last event was: an unclosed quotation mark stands behind it.
    [[nodiscard]] Offset last() const { return last_; }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnAnchor(const YAML::Mark&, const std::string& name) override;
    void OnAlias(const YAML::Mark&, YAML::anchor_t) override;
    void OnNull(const YAML::Mark&, YAML::anchor_t) override;
    void OnScalar(const YAML::Mark&, const std::string& tag, YAML::anchor_t, const std::string& value) override;
    void OnSequenceStart(const YAML::Mark&, const std::string& tag, YAML::anchor_t, YAML::EmitterStyle::value) override;
    void OnSequenceEnd() override { end(); }
    void OnMapStart(const YAML::Mark&, const std::string& tag, YAML::anchor_t, YAML::EmitterStyle::value) override;
    void OnMapEnd() override { end(); }

private:
    struct Open {
        Node node;
        std::optional<Node> key;
        bool drop_field = false;  ///< the key was refused: so its value goes, too
        std::set<std::string, std::less<>> keys;
    };
    /// The byte where an event is, or NUL at the end.
    [[nodiscard]] char byte_at(Offset) const;
    Offset arrive(const YAML::Mark&);
    /// The mark of an empty value is the next token's; a person looks at the key, or at the dash.
    [[nodiscard]] Offset place_of_nothing(Offset next_token) const;
    void check_tag(Offset, const std::string& tag);
    void check_value(Offset, const std::string& value);
    void begin(Offset, Node::Kind);
    void end();
    void add(Node);
    void add_key(Open&, Node);
    const Lines& lines_;
    const YamlLimits& limits_;
    Report& report_;
    Node root_;
    Offset last_;
    std::vector<Open> open_;
    std::size_t nodes_ = 0;
};

}  // namespace motionspool::config
