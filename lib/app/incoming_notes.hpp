#pragma once
#include <map>
#include <set>
#include <span>
#include <string>
#include "app/settings.hpp"
#include "spool/layout.hpp"
#include "spool/scan.hpp"

namespace motionspool::app {

/// The notes in incoming/: what a drop waits for, and why something was left where it is. Each is named after its entry.
class IncomingNotes {
public:
    IncomingNotes(const Settings&, const spool::Layout&);
    /// What lies in incoming/ now: decides what its notes are called.
    void observe(std::span<const spool::Entry>);
    /// NAME.waiting.txt: what is missing, a sentence each.
    void waits_for(const std::string& name, const std::vector<std::string>& missing);
    /// NAME.waiting.txt: this server could not look at it, and tries again. Logged when that begins.
    void held_up(const std::string& name, const std::string& trouble);
    /// NAME.report.txt: it stays where it is, and why.
    void left(const std::string& name, const std::string& why);
    /// The same, and it is tried again by itself.
    void troubled(const std::string& name, const std::string& why);
    /// It was taken: nothing said of it holds any more.
    void taken(const std::string& name);

private:
    void write(const std::string& name, std::string_view suffix, const std::string& text);
    const Settings& settings_;
    const spool::Layout& layout_;
    std::size_t logged_ = 0;
    std::map<std::string, std::string> stems_;     ///< by the names in incoming/
    std::set<std::string> held_up_;                ///< names
    std::map<std::string, std::string> troubles_;  ///< by name: what was said last
};

}  // namespace motionspool::app
