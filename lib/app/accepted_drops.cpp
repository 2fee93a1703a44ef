#include "app/accepted_drops.hpp"
#include <algorithm>
#include "app/drop.hpp"
#include "spool/files.hpp"
#include "spool/names.hpp"
#include "system/log.hpp"

namespace motionspool::app {

AcceptedDrops::AcceptedDrops(const Settings& settings, Clock& clock, store::Store& store, const spool::Layout& layout)
    : settings_{settings}, clock_{clock}, store_{store}, layout_{layout} {}

std::vector<std::string> AcceptedDrops::look_at(const store::BatchRow& batch) {
    auto& known = known_[batch.id];
    auto remarks = store_.batches.warnings(batch.id);
    auto trouble = trouble_with(batch, known);
    if (trouble.empty()) {
        known.said.clear();
        return remarks;
    }
    if (std::exchange(known.said, trouble) != trouble) {
        const auto events = store_.views.events(batch.id);
        const bool noted = std::ranges::any_of(events, [&](const store::Event& event) { return event.what == trouble; });
        if (!noted) {
            log::warn("batch {}: {}", batch.name, trouble);
            store_.notes.event(batch.id, trouble, clock_.now());
        }
    }
    remarks.insert(remarks.begin(), std::move(trouble));
    return remarks;
}

void AcceptedDrops::keep_in_mind(const store::BatchRow& batch) {
    auto& known = known_[batch.id];
    (void)trouble_with(batch, known);
    if (!known.edited) return;
    const auto text = spool::shown(batch.entry) +
                      ": warning: the manifest was changed after it was accepted. The change had no effect: the jobs went on as they were accepted. To render "
                      "what it says now, drop it into incoming/ again under another name";
    const auto said = store_.batches.warnings(batch.id);
    if (std::ranges::find(said, text) == said.end()) store_.batches.warn(batch.id, text);
}

std::string AcceptedDrops::trouble_with(const store::BatchRow& batch, Known& known) {
    const auto name = "accepted/" + spool::shown(batch.entry);
    const Drop drop{batch.entry, batch.kind == "folder"};
    if (!spool::exists(layout_.accepted.get(), batch.entry)) {
        if (spool::stale(layout_)) return {};  // the whole spool is away, and that is said elsewhere
        known.print = {};
        return name + " is no longer there: it was moved, renamed or deleted. " +
               (drop.folder ? "Jobs whose files were uploaded already go on, the others fail; put it back under that name to help them"
                            : "The jobs go on without it, as they were accepted");
    }
    const auto facts = stat_manifest_of(layout_.accepted.get(), drop);
    if (!facts) return name + " has no manifest any more that can be read; its jobs go on as they were accepted";
    const Print print{facts->st_dev, facts->st_ino, facts->st_size, facts->st_mtim.tv_sec * 1'000'000'000 + facts->st_mtim.tv_nsec};
    if (print != known.print) {
        const auto found = read_manifest_of(layout_.accepted.get(), drop, settings_.config);
        const auto* refusal = std::get_if<spool::Refusal>(&found);
        if (refusal != nullptr && refusal->why == spool::Refusal::Why::trouble) return {};  // of the disk: nobody has changed anything
        const auto* manifest = std::get_if<ManifestFile>(&found);
        known.edited = manifest == nullptr || manifest->bytes != store_.batches.manifest(batch.id);
        known.print = print;
    }
    if (!known.edited) return {};
    return "the manifest in " + name +
           " was changed after it was accepted. The change has no effect: its jobs go on as they were accepted. To render what it "
           "says now, drop it into incoming/ again under another name";
}

}  // namespace motionspool::app
