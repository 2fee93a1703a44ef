#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>
#include "app/settings.hpp"
#include "spool/layout.hpp"
#include "spool/scan.hpp"

namespace motionspool::app {

/// The notes in incoming/: what a drop waits for, and why something was left where it is. Each is named after its entry.
class IncomingNotes {
public:
    IncomingNotes(const Settings&, const spool::Layout&);
    /// What lies in incoming/ now: decides what its notes are called.
    void observe(std::vector<spool::Entry> in_order_of_names);
    /// The same again.
    [[nodiscard]] const std::vector<spool::Entry>& entries() const { return entries_; }
    /// One of them, from the last to the first: a hundred thousand are not freed at once. Nothing: there are no more.
    [[nodiscard]] std::optional<spool::Entry> take_last();
    /// NAME.waiting.txt: what is missing, a sentence each.
    /// @param partly_good without that it is taken all the same in the end
    void waits_for(const std::string& name, const std::vector<std::string>& missing, bool partly_good);
    /// The same of what has no manifest yet, and so is no drop.
    void waits_for_manifest(const std::string& name, const std::string& why);
    /// NAME.waiting.txt: this server could not look at it, and tries again. Logged when that begins.
    void held_up(const std::string& name, const std::string& trouble);
    /// NAME.report.txt: it stays where it is, and why.
    void left(const std::string& name, const std::string& why);
    /// The same, and it is tried again by itself.
    void troubled(const std::string& name, const std::string& why);
    /// It was taken: nothing said of it holds any more.
    void taken(const std::string& name);
    /// Somebody took it away, or gave it another name: likewise.
    void gone(const std::string& name);

private:
    /// Null: there is none of that name.
    [[nodiscard]] const spool::Entry* entry(const std::string& name) const;
    [[nodiscard]] std::string note_name(const std::string& name, std::string_view suffix) const;
    void remove(const std::string& note);
    void write(const std::string& name, std::string_view suffix, const std::string& text);
    const Settings& settings_;
    const spool::Layout& layout_;
    std::size_t logged_ = 0;
    std::vector<spool::Entry> entries_;
    std::set<std::string> held_up_;                ///< names
    std::map<std::string, std::string> troubles_;  ///< by name: what was said last
    std::map<std::string, std::string> stems_;     ///< by name: of the note there is, in this process's time
};

}  // namespace motionspool::app
