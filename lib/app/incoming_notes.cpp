#include "app/incoming_notes.hpp"
#include <unistd.h>
#include <algorithm>
#include <utility>
#include "app/reject_report.hpp"
#include "spool/files.hpp"
#include "spool/names.hpp"
#include "system/log.hpp"

namespace motionspool::app {

namespace {
constexpr std::size_t most_logged = 100;
}

IncomingNotes::IncomingNotes(const Settings& settings, const spool::Layout& layout) : settings_{settings}, layout_{layout} {}

void IncomingNotes::observe(std::vector<spool::Entry> entries) {
    entries_ = std::move(entries);
    std::erase_if(held_up_, [&](const std::string& name) { return entry(name) == nullptr; });
    std::erase_if(troubles_, [&](const auto& trouble) { return entry(trouble.first) == nullptr; });
}

const spool::Entry* IncomingNotes::entry(const std::string& name) const {
    const auto at = std::ranges::lower_bound(entries_, name, {}, &spool::Entry::name);
    return at == entries_.end() || at->name != name ? nullptr : &*at;
}

std::optional<spool::Entry> IncomingNotes::take_last() {
    if (entries_.empty()) return std::nullopt;
    std::optional<spool::Entry> last{std::move(entries_.back())};
    entries_.pop_back();
    return last;
}

std::string IncomingNotes::note_name(const std::string& name, std::string_view suffix) const {
    const auto* known = entry(name);
    return spool::joined(known == nullptr ? name : known->note_stem, suffix);
}

void IncomingNotes::waits_for(const std::string& name, const std::vector<std::string>& missing, bool partly_good) {
    held_up_.erase(name);
    const auto* const otherwise = partly_good ? ", it is taken without the jobs that need them (partial: true)" : ", it is rejected with a report";
    write(name, ".waiting.txt", waiting_text(spool::shown(name), missing, to_words(settings_.config.spool.patience) + otherwise));
}

void IncomingNotes::waits_for_manifest(const std::string& name, const std::string& why) {
    held_up_.erase(name);
    write(name, ".waiting.txt", waiting_text(spool::shown(name), {why}, to_words(settings_.config.spool.patience) + ", it stays here, and a report says why"));
}

void IncomingNotes::held_up(const std::string& name, const std::string& trouble) {
    if (held_up_.insert(name).second)
        log::error("{} cannot be looked at just now: {}; it is tried again, and not rejected for it", spool::shown(name), trouble);
    write(name, ".waiting.txt", held_up_text(spool::shown(name), trouble, settings_.config.spool.rescan));
}

void IncomingNotes::left(const std::string& name, const std::string& why) {
    held_up_.erase(name);
    if (++logged_ <= most_logged) log::warn("left {} in incoming/: {}", spool::shown(name), why);
    if (logged_ == most_logged) log::warn("what else is left in incoming/ is not logged any more; each has its NAME.report.txt there");
    write(name, ".report.txt", spool::shown(name) + " was not taken.\n\n" + why + "\n\nIt is looked at again when something in it changes.\n");
}

void IncomingNotes::troubled(const std::string& name, const std::string& why) {
    if (std::exchange(troubles_[name], why) != why) log::warn("{} cannot be taken: {}; it is tried again", spool::shown(name), why);
    write(name, ".report.txt", spool::shown(name) + " was not taken.\n\n" + why + "\n\nIt is tried again now and then, and when something in it changes.\n");
}

void IncomingNotes::taken(const std::string& name) {
    held_up_.erase(name);
    troubles_.erase(name);
    stems_.erase(name);
    for (const auto* suffix : {".waiting.txt", ".report.txt"}) remove(note_name(name, suffix));
}

void IncomingNotes::gone(const std::string& name) {
    const auto known = stems_.extract(name);
    if (!known) return;
    for (const auto* suffix : {".waiting.txt", ".report.txt"}) remove(spool::joined(known.mapped(), suffix));
}

void IncomingNotes::remove(const std::string& note) { ::unlinkat(layout_.incoming.get(), note.c_str(), 0); }

void IncomingNotes::write(const std::string& name, std::string_view suffix, const std::string& text) {
    const auto written = spool::write_passing_file(layout_.incoming.get(), note_name(name, suffix), text);
    if (!written) log::error("{}", written.problem().text);
    const auto* known = entry(name);
    stems_.insert_or_assign(name, known == nullptr ? name : known->note_stem);
    remove(note_name(name, suffix == ".waiting.txt" ? ".report.txt" : ".waiting.txt"));  // only one of them holds
}

}  // namespace motionspool::app
