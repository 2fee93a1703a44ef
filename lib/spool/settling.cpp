#include "spool/settling.hpp"
#include <algorithm>
#include <set>

namespace motionspool::spool {
namespace {
/// A scan that was under way when the event came may have passed the place already; the one after it has not.
constexpr int scans_remembered = 2;
}  // namespace

void Settling::renamed_in(const std::string& name) { renamed_.insert_or_assign(name, 0); }

std::size_t Settling::observe(std::span<const Entry> entries, BootTime now) {
    std::set<std::string_view> seen;
    std::size_t fresh = 0;
    for (const auto& entry : entries) {
        seen.insert(entry.name);
        const bool renamed = renamed_.erase(entry.name) > 0;
        const auto known = known_.find(entry.name);
        fresh += known == known_.end() ? 1 : 0;
        const bool changed = known == known_.end() || known->second.print != entry.print || known->second.kind != entry.kind;
        if (changed || renamed)
            known_.insert_or_assign(entry.name,
                                    Known{.kind = entry.kind, .print = entry.print, .unchanged_since = now, .stage = Stage::arriving, .at_once = renamed});
    }
    std::erase_if(known_, [&](const auto& item) { return !seen.contains(item.first); });
    for (auto& [name, scans] : renamed_) ++scans;
    std::erase_if(renamed_, [](const auto& item) { return item.second >= scans_remembered; });
    return fresh;
}

std::optional<BootTime> Settling::due_at(const Known& known) const {
    switch (known.stage) {
        case Stage::arriving: {
            if (known.kind == EntryKind::stranger) return known.unchanged_since + patience_;
            return std::max(known.at_once ? known.unchanged_since : known.unchanged_since + settle_, known.not_before);
        }
        case Stage::waiting: return std::max(known.unchanged_since + patience_, known.not_before);
        case Stage::left_alone: return std::nullopt;
        case Stage::troubled: return known.not_before;
    }
    return std::nullopt;
}

std::vector<Due> Settling::due(BootTime now) const {
    std::vector<Due> due;
    for (const auto& [name, known] : known_) {
        const auto at = due_at(known);
        if (at && *at <= now) due.push_back({.name = name, .kind = known.kind, .patience_over = now >= known.unchanged_since + patience_});
    }
    return due;
}

bool Settling::awaits_change(const std::string& name) const {
    const auto known = known_.find(name);
    return known != known_.end() && known->second.stage != Stage::arriving;
}

std::optional<BootTime> Settling::next() const {
    std::optional<BootTime> next;
    for (const auto& [name, known] : known_) {
        const auto at = due_at(known);
        if (at && (!next || *at < *next)) next = at;
    }
    return next;
}

void Settling::wait_for_more(const std::string& name) {
    if (const auto known = known_.find(name); known != known_.end()) known->second.stage = Stage::waiting;
}

void Settling::leave_alone(const std::string& name) {
    if (const auto known = known_.find(name); known != known_.end()) known->second.stage = Stage::left_alone;
}

void Settling::try_again(const std::string& name, BootTime now, std::chrono::milliseconds least) {
    const auto found = known_.find(name);
    if (found == known_.end()) return;
    auto& known = found->second;
    known.stage = Stage::troubled;
    known.not_before = now + std::min(patience_, least * (1 << std::min(known.troubles++, 20)));
}

void Settling::put_off(const std::string& name, BootTime until) {
    if (const auto known = known_.find(name); known != known_.end()) known->second.not_before = until;
}

void Settling::all_answered() {
    for (auto& [name, known] : known_) {
        if (known.stage != Stage::troubled) known.not_before = {};
    }
}

void Settling::forget(const std::string& name) { known_.erase(name); }

}  // namespace motionspool::spool
