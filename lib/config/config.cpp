#include "config/config.hpp"
#include <algorithm>
#include <array>
#include "config/availability.hpp"
#include "config/config_values.hpp"
#include "config/sections.hpp"

namespace motionspool::config {
namespace {

/// A section whose every key is commented out is as good as none.
std::optional<Item> find_section(Fields& root, std::string_view key) {
    auto item = root.find(key);
    return item && item->node.kind == Node::Kind::null ? std::nullopt : item;
}

template <typename Settings>
void read_section(Fields& root, std::string_view key, Settings& settings, void (*reader)(const Item&, Settings&, Report&), Report& report) {
    if (const auto item = find_section(root, key)) reader(*item, settings, report);
}

/// Where the value of "SECTION.KEY" stands; nothing if it is not written.
std::optional<Offset> place_of(const Node& root, std::string_view name) {
    const Node* node = &root;
    for (const auto part : {name.substr(0, name.find('.')), name.substr(name.find('.') + 1)}) {
        const auto field = std::ranges::find(node->fields, part, [](const Field& one) { return std::string_view{one.key.text}; });
        if (field == node->fields.end()) return std::nullopt;
        node = &field->value;
    }
    return node->at;
}

void check_directories(const Config& config, const Node& root, Report& report) {
    struct Place {
        std::string_view key;
        const std::string& path;
    };
    const std::array places{Place{"spool.directory", config.spool.directory}, Place{"output.directory", config.output.directory},
                            Place{"state.directory", config.state.directory}};
    for (std::size_t i = 0; i < places.size(); i++)
        for (std::size_t j = 0; j < i; j++)
            if (places[i].path == places[j].path)
                report.error(place_of(root, places[i].key).value_or(place_of(root, places[j].key).value_or(root.at)),
                             "`" + std::string{places[j].key} + "` and `" + std::string{places[i].key} + "` are both " + in_quotes(places[i].path) +
                                 "; expected a folder of its own for each");
}

Config read_root(const Node& root, Report& report) {
    Config config;
    Fields fields{root, {}, report};
    fields.read("instance", config.instance, read_line);
    read_section(fields, "spool", config.spool, read_spool, report);
    read_section(fields, "output", config.output, read_output, report);
    read_section(fields, "state", config.state, read_state, report);
    read_section(fields, "provider", config.provider, read_provider, report);
    read_section(fields, "limits", config.limits, read_limits, report);
    read_section(fields, "credits", config.credits, read_credit_settings, report);
    read_section(fields, "shares", config.shares, read_shares, report);
    read_section(fields, "windows", config.windows, read_windows, report);
    fields.read("timezone", config.timezone, read_timezone);
    if (const auto item = find_section(fields, "manifest_defaults")) read_manifest_defaults(*item, config, config.manifest_defaults, report);
    read_section(fields, "webhook", config.webhook, read_webhook, report);
    read_section(fields, "status", config.status, read_status, report);
    read_section(fields, "control", config.control, read_control, report);
    read_section(fields, "hooks", config.hooks, read_hooks, report);
    read_section(fields, "log", config.log, read_log, report);
    fields.finish();
    check_directories(config, root, report);
    return config;
}

}  // namespace

LoadedConfig parse_config(std::string_view bytes) {
    Report report{bytes};
    const auto root = read_yaml({}, report);
    LoadedConfig loaded;
    if (root && root->kind != Node::Kind::null && require_map({"the configuration", *root}, "keys such as spool: and output:", report)) {
        loaded.config = read_root(*root, report);
        loaded.not_yet = keys_without_effect(*root);
    }
    loaded.complaints = report.take();
    return loaded;
}

}  // namespace motionspool::config
