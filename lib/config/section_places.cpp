// spool, output, state: where things lie.
#include <array>
#include "config/config_values.hpp"
#include "config/sections.hpp"

namespace motionspool::config {
namespace {

std::optional<Watch> read_watch(const Item& item, Report& report) {
    constexpr std::array<std::string_view, 3> words{"auto", "inotify", "poll"};
    constexpr std::array values{Watch::automatic, Watch::inotify, Watch::poll};
    const auto choice = read_choice(item, words, report);
    if (!choice) return std::nullopt;
    return values[*choice];
}

}  // namespace

void read_spool(const Item& item, SpoolSettings& spool, Report& report) {
    using namespace std::chrono_literals;
    if (!require_map(item, expects_keys, report)) return;
    Fields fields{item.node, "spool.", report};
    fields.read("directory", spool.directory, read_absolute_path);
    fields.read("media_roots", spool.media_roots, read_absolute_paths);
    fields.read("settle", spool.settle, read_span, SpanRange{0ms, 1h});
    fields.read("patience", spool.patience, read_span, SpanRange{0ms, 720h});
    fields.read("rescan", spool.rescan, read_span, SpanRange{100ms, 24h});
    fields.read("watch", spool.watch, read_watch);
    fields.finish();
}

void read_output(const Item& item, OutputSettings& output, Report& report) {
    constexpr std::uint64_t petabyte = 1'000'000'000'000'000;
    if (!require_map(item, expects_keys, report)) return;
    Fields fields{item.node, "output.", report};
    fields.read("directory", output.directory, read_absolute_path);
    fields.read("name", output.name, read_name_pattern);
    fields.read("draft_name", output.draft_name, read_name_pattern);
    if (const auto keep_free = fields.find("keep_free"); keep_free && is_none(keep_free->node))
        output.keep_free = 0;
    else
        fields.read("keep_free", output.keep_free, read_size, 0, petabyte);
    fields.finish();
    if (output.name != output.draft_name) return;
    const auto draft = fields.find("draft_name"), name = fields.find("name");
    report.error(draft  ? draft->at()
                 : name ? name->at()
                        : item.at(),
                 "`output.name` and `output.draft_name` are the same; a draft and its final need names that differ");
}

void read_state(const Item& item, StateSettings& state, Report& report) {
    if (!require_map(item, expects_keys, report)) return;
    Fields fields{item.node, "state.", report};
    fields.read("directory", state.directory, read_absolute_path);
    fields.finish();
}

}  // namespace motionspool::config
