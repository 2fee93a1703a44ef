#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include "base/time.hpp"
#include "spool/scan.hpp"

namespace motionspool::spool {

/// Something to look into now.
struct Due {
    std::string name;
    EntryKind kind = EntryKind::stranger;
    bool patience_over = false;  ///< nothing changed for `patience`: what is still missing will not come. Always so for a stranger.
    friend bool operator==(const Due&, const Due&) = default;
};

/// Decides when an entry has arrived: one renamed in at once, anything else when nothing in it changed for `settle`. Pure: time is an argument.
class Settling {
public:
    Settling(std::chrono::milliseconds settle, std::chrono::milliseconds patience) : settle_{settle}, patience_{patience} {}

    /// An event said that the name was renamed into the folder. Counts for the next scans that show it.
    void renamed_in(const std::string& name);
    /// One entry that a complete scan showed. @return no scan had shown it before
    bool see(const Entry& entry, BootTime now);
    /// All of the scan's entries were told: those it did not show are forgotten. @return whether that is done, or it was enough for this slice
    /// @param gone told the name of each
    [[nodiscard]] bool end_scan(
        const Enough& enough, const std::function<void(const std::string&)>& gone = [](const std::string&) {});
    /// What to look into, in the order of names, until one of the answers below is given: the next that is due, from `at` on, which moves behind it.
    /// @param at at first "" @return nothing: it was enough for this slice; or, if `at` is nothing then, no more is due
    [[nodiscard]] std::optional<Due> next_due(std::optional<std::string>& at, BootTime now, const Enough& enough) const;
    /// Has it been looked into, and must something in it change before it is again?
    [[nodiscard]] bool awaits_change(const std::string& name) const;
    /// When it becomes due by mere waiting.
    [[nodiscard]] std::optional<BootTime> due_at(const std::string& name) const;

    void wait_for_more(
        const std::string& name);               ///< something it names is missing or cut short: due again after a change has settled, or when patience is over
    void leave_alone(const std::string& name);  ///< reported: due again only after a change
    /// Reported, and what is in its way may lie outside it: due again after a change, or `least` later, twice that the next time, at most `patience`.
    void try_again(const std::string& name, BootTime now, std::chrono::milliseconds least);
    void forget(const std::string& name);                   ///< taken
    void put_off(const std::string& name, BootTime until);  ///< others are being asked about it: due again then, or when that is over
    void all_answered();                                    ///< what was put off is due as it was

    void set_times(std::chrono::milliseconds settle, std::chrono::milliseconds patience) { settle_ = settle, patience_ = patience; }

private:
    enum class Stage { arriving, waiting, left_alone, troubled };
    struct Known {
        EntryKind kind = EntryKind::stranger;
        Fingerprint print;
        BootTime unchanged_since{};
        Stage stage = Stage::arriving;
        bool at_once = false;
        BootTime not_before{};
        int troubles = 0;        ///< since it last changed
        std::uint64_t scan = 0;  ///< the last one that showed it
    };
    [[nodiscard]] std::optional<BootTime> due_at(const Known&) const;

    std::chrono::milliseconds settle_, patience_;
    std::map<std::string, Known, std::less<>> known_;
    std::map<std::string, int, std::less<>> renamed_;  ///< with the number of scans that did not show it
    std::uint64_t scan_ = 1;
    std::string swept_;  ///< of a scan that is being ended: up to this name
};

}  // namespace motionspool::spool
