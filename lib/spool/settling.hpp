#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>
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
    /// What a complete scan showed. Entries it did not show are forgotten. @return how many it showed that no scan had shown before
    std::size_t observe(std::span<const Entry> entries, BootTime now);
    /// What to look into, in the order of names, until one of the answers below is given.
    [[nodiscard]] std::vector<Due> due(BootTime now) const;
    /// Has it been looked into, and must something in it change before it is again?
    [[nodiscard]] bool awaits_change(const std::string& name) const;
    /// When something becomes due by mere waiting.
    [[nodiscard]] std::optional<BootTime> next() const;

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
        int troubles = 0;  ///< since it last changed
    };
    [[nodiscard]] std::optional<BootTime> due_at(const Known&) const;

    std::chrono::milliseconds settle_, patience_;
    std::map<std::string, Known, std::less<>> known_;
    std::map<std::string, int, std::less<>> renamed_;  ///< with the number of scans that did not show it
};

}  // namespace motionspool::spool
