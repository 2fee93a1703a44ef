#include "spool/settling.hpp"
#include <algorithm>
#include <iterator>

namespace motionspool::spool {
namespace {
/// A scan that was under way when the event came may have passed the place already; the one after it has not.
constexpr int scans_remembered = 2;
}  // namespace

void Settling::renamed_in(const std::string& name) { renamed_.insert_or_assign(name, 0); }

bool Settling::see(const Entry& entry, BootTime now) {
    const bool renamed = renamed_.erase(entry.name) > 0;
    const auto known = known_.find(entry.name);
    const bool fresh = known == known_.end();
    if (!fresh && !renamed && known->second.print == entry.print && known->second.kind == entry.kind) {
        known->second.scan = scan_;
        return false;
    }
    known_.insert_or_assign(
        entry.name, Known{.kind = entry.kind, .print = entry.print, .unchanged_since = now, .stage = Stage::arriving, .at_once = renamed, .scan = scan_});
    return fresh;
}

bool Settling::end_scan(const Enough& enough, const std::function<void(const std::string&)>& gone) {
    for (auto at = known_.lower_bound(swept_); at != known_.end();) {
        const bool there = at->second.scan == scan_;
        if (!there) gone(at->first);
        at = there ? std::next(at) : known_.erase(at);
        if (at == known_.end() || !enough()) continue;
        swept_ = at->first;
        return false;
    }
    swept_.clear();
    ++scan_;
    for (auto& [name, scans] : renamed_) ++scans;
    std::erase_if(renamed_, [](const auto& item) { return item.second >= scans_remembered; });
    return true;
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

std::optional<Due> Settling::next_due(std::optional<std::string>& at, BootTime now, const Enough& enough) const {
    for (auto known = known_.lower_bound(*at); known != known_.end(); ++known) {
        const auto when = due_at(known->second);
        if (when && *when <= now) {
            at = known->first + '\0';
            return Due{.name = known->first, .kind = known->second.kind, .patience_over = now >= known->second.unchanged_since + patience_};
        }
        if (!enough()) continue;
        at = known->first + '\0';
        return std::nullopt;
    }
    at.reset();
    return std::nullopt;
}

bool Settling::awaits_change(const std::string& name) const {
    const auto known = known_.find(name);
    return known != known_.end() && known->second.stage != Stage::arriving;
}

std::optional<BootTime> Settling::due_at(const std::string& name) const {
    const auto known = known_.find(name);
    return known == known_.end() ? std::nullopt : due_at(known->second);
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
