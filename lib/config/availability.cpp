#include "config/availability.hpp"
#include <algorithm>
#include <array>

namespace motionspool::config {
namespace {

// The promised keys whose feature is still to be built. A feature that arrives deletes its rows.
constexpr std::array<std::string_view, 1> manifest_keys{"finish"};
constexpr std::array<std::string_view, 5> configuration_keys{
    "output.draft_name", "manifest_defaults.finish", "status.listen", "status.hosts", "hooks.*",
};

bool has_no_effect(std::string_view key) { return std::ranges::find(configuration_keys, key) != configuration_keys.end(); }

}  // namespace

bool is_available(std::string_view manifest_key) { return std::ranges::find(manifest_keys, manifest_key) == manifest_keys.end(); }

std::vector<std::string> keys_without_effect(const Node& configuration) {
    std::vector<std::string> keys;
    for (const auto& [section, value] : configuration.fields) {
        if (has_no_effect(section.text)) keys.push_back(section.text);
        const bool whole_section = has_no_effect(section.text + ".*");
        for (const auto& field : value.fields) {
            auto key = section.text + "." + field.key.text;
            const bool off = field.value.kind == Node::Kind::quoted && field.value.text.empty();
            if (!off && (whole_section || has_no_effect(key))) keys.push_back(std::move(key));
        }
    }
    return keys;
}

}  // namespace motionspool::config
