#include "app/places.hpp"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include "app/output.hpp"
#include "base/same_file.hpp"
#include "spool/files.hpp"
#include "store/backup.hpp"
#include "system/log.hpp"
#include "system/witness.hpp"

namespace motionspool::app {
namespace fs = std::filesystem;
namespace {

constexpr const char* the_output = "the output folder";

fs::path marker_in(const fs::path& output, const std::string& state_id) { return output / (".motionspool-" + state_id + ".money"); }

/// Nobody can be sure that it is not there.
bool may_be_there(const fs::path& path) {
    struct stat facts {};
    return ::stat(path.c_str(), &facts) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

}  // namespace

Places::Places(const Settings& settings, Clock& clock, store::Store& store) : settings_{settings}, clock_{clock}, store_{store} {}

fs::path Places::marker() const { return marker_in(directory(), state_id()); }

bool Places::marked() const {
    struct stat facts {};
    const auto path = marker();
    const int rc = output_ ? ::fstatat(output_.directory(), path.filename().c_str(), &facts, AT_SYMLINK_NOFOLLOW) : ::stat(path.c_str(), &facts);
    return rc == 0 || (output_ && errno != ENOENT);  // one that cannot be looked at is not to be made anew
}

bool Places::used_last() const {
    const auto read = system::read_witness(marker());
    if (!read || !*read || (*read)->damaged) return true;  // nobody can tell; the witness looks further
    const auto confirmed = store_.notes.fact("output_confirmed");
    const auto sent = store_.attempts.highest_sent().value();
    return (*read)->highest >= (confirmed ? std::min(sent, std::int64_t{std::strtoll(confirmed->c_str(), nullptr, 10)}) : sent);
}

/// Where the side-file knows more it is a quarantine, which keeps what it says.
void Places::note_highest() const {
    auto opened = system::open_witness(marker(), state_id());
    const auto highest = store_.attempts.highest().value();
    if (!opened || opened->facts.state != state_id()) return;
    const auto written = opened->facts.highest >= highest ? done() : system::write_highest(*opened, highest);
    if (!written) return log::warn("{}", written.problem().text);
    if (store_.notes.fact("output_confirmed")) store_.notes.forget_fact("output_confirmed");
}

void Places::make_marker() const {
    const auto made = system::replace_witness(marker(), {state_id(), store_.attempts.highest().value(), {}});
    if (!made) throw std::runtime_error(made.problem().text);
}

system::Holder Places::me() const { return {settings_.instance, settings_.config.state.directory, ::getpid()}; }

void Places::begin(bool take_over) {
    const auto known = store_.notes.fact("output");
    if (known && *known != directory() && !take_over) move_over_from(*known);
    const bool in_use = known ? *known == directory() : store_.attempts.highest().value() > 0;
    if (in_use && !take_over && !marked()) return let_go("is it not mounted?");
    if (in_use && !take_over && !used_last())
        return let_go(
            "the money side-file in it knows fewer submissions than the database, so it is not the folder that was used last; is that one not mounted?");
    make_folder();
    auto locking = system::lock_place(directory(), system::output_lock, the_output, me());
    if (const auto* held = std::get_if<system::LockHeld>(&locking)) throw OutputHeld(held->text);
    const auto* problem = std::get_if<Problem>(&locking);
    if (problem != nullptr && in_use && !take_over) return let_go(problem->text + ".");
    if (problem != nullptr) throw std::runtime_error(problem->text);
    auto& locked = std::get<system::Locked>(locking);
    for (const auto& doubt : locked.doubts) log::warn("{}", doubt);
    output_ = std::move(locked.lock);
    if (!marked()) make_marker();
    times_++;
    note_highest();
    store_.notes.set_fact("output", directory());
    if (store_.notes.fact("output_lost")) store_.notes.forget_fact("output_lost");
    store_.commits.commit();
}

/// What the folder before knows goes along: a database older than that is found out in the new place, too.
void Places::move_over_from(const std::string& before) {
    if (const auto holder = system::holder_of(before, system::output_lock))
        throw OutputHeld("a daemon already runs on the output folder " + before + " (process " + std::to_string(holder->process) +
                         "), which this database was used with; stop it first: two would pay twice");
    const auto old = marker_in(before, state_id());
    const auto read = system::read_witness(old);
    const bool good = read && *read && !(*read)->damaged && (*read)->state == state_id();
    if (!good)
        throw OutputUnknown("output.directory was " + before + ", and the money side-file there (" + old.filename().string() + ") cannot be read" +
                            (read ? "" : ": " + read.problem().text) +
                            "; without it nobody can tell whether this database is an old one that was put back. Mount " + before +
                            "; if it is gone for good, start once with: motionspool run --take-over");
    auto facts = **read;
    const auto here = system::read_witness(marker());
    if (here && *here && !(*here)->damaged) {
        facts.highest = std::max(facts.highest, (*here)->highest);
        const bool ours = (*here)->state == state_id();
        for (const auto& task : (*here)->tasks)
            if (ours && std::ranges::find(facts.tasks, task) == facts.tasks.end()) facts.tasks.push_back(task);
    }
    make_folder();
    if (const auto made = system::replace_witness(marker(), facts); !made) throw std::runtime_error(made.problem().text);
    log::warn("output.directory was {} and is {} now: new videos go there, those that were delivered stay where they are", before, directory().string());
}

void Places::make_folder() const {
    if (spool::make_group_folder(AT_FDCWD, directory()) || errno == EEXIST) return;
    throw std::runtime_error("cannot make the output folder " + directory().string() + ": " + std::strerror(errno));
}

bool Places::output_here() const { return output_ && same_file(output_.directory(), directory()); }

std::optional<domain::Away> Places::away() const {
    if (!state_here()) return domain::Away{"the state directory", settings_.config.state.directory};
    if (!output_here()) return domain::Away{the_output, directory()};
    return std::nullopt;
}

Places::Turn Places::look() {
    look_at_state();
    if (output_ && !output_here()) {
        let_go("is it not mounted?");
        return Turn::left;
    }
    if (output_ && marked()) return Turn::same;
    if (output_) {
        log::warn("the money side-file {} was removed; it is made again", marker().string());
        try {
            make_marker();
        } catch (const std::runtime_error& error) { log::warn("{}", error.what()); }
        note_highest();
        return Turn::returned;
    }
    if (!take()) return Turn::same;
    log::info("{} {} is back", the_output, directory().string());
    return Turn::returned;
}

bool Places::take() {
    if (!marked()) return false;
    std::string trouble =
        "the money side-file in it knows fewer submissions than the database: it is not the folder that was used last. "
        "Mount that one; if it is gone for good, stop the daemon, then start once with: motionspool run --take-over";
    if (used_last()) {
        auto locking = system::lock_place(directory(), system::output_lock, the_output, me(), false);
        if (auto* locked = std::get_if<system::Locked>(&locking)) {
            output_ = std::move(locked->lock);
            times_++;
            trouble_.clear();
            note_highest();
            store_.notes.forget_fact("output_lost");
            return true;
        }
        const auto* held = std::get_if<system::LockHeld>(&locking);
        trouble = held != nullptr ? held->text : std::get<Problem>(locking).text;
    }
    if (std::exchange(trouble_, trouble) != trouble) log::error("{} {} is there and cannot be taken up: {}", the_output, directory().string(), trouble);
    return false;
}

void Places::let_go(const std::string& why) {
    output_ = {};
    times_++;
    if (!store_.notes.fact("output_lost")) store_.notes.set_fact("output_lost", to_rfc3339(clock_.now()));
    log::error(
        "{} {} is away; {} Nothing is submitted or delivered until it is back, and nothing is made in its place; tasks are followed, drops are taken. If it is "
        "gone for good, stop the daemon, then start once with: motionspool run --take-over",
        the_output, directory().string(), why);
}

void Places::look_at_state() {
    const auto& where = settings_.config.state.directory;
    switch (store_.files.look()) {
        case store::Whereabouts::here:
            if (std::exchange(state_away_, false)) log::info("the state directory {} is back", where);
            return;
        case store::Whereabouts::away:
            if (!std::exchange(state_away_, true))
                log::error("the state directory {} is away; is it not mounted? Nothing is taken, submitted or delivered until it is back", where);
            return;
        case store::Whereabouts::another:
            throw StateLost("another database lies in the state directory " + where + " than the one that was opened; beginning anew with that one");
        case store::Whereabouts::removed: break;
    }
    throw StateLost("the database in " + where + " was removed while the daemon ran; nothing more is accepted or paid for");
}

Result<fs::path> save_database(store::Store& store, const config::Config& config, Instant now) {
    const fs::path folder{config.state.directory};
    if (::mkdir(folder.c_str(), 0750) != 0 && errno != EEXIST) return Problem{"cannot make " + folder.string() + " again: " + std::strerror(errno)};
    store.commits.commit();
    auto name = "motionspool.db.saved-" + to_rfc3339(now).substr(0, 19) + "Z";
    std::erase_if(name, [](char c) { return c == ':'; });
    const auto file = folder / name;
    for (int n = 1;; n++) {
        auto to = file;
        if (n > 1) to += "." + std::to_string(n);
        if (may_be_there(to)) continue;
        if (const auto saved = store::back_up(*store.db, to); !saved) return saved.problem();
        return to;
    }
}

std::optional<std::string> copied_from(const std::string& known_directory, const std::string& state_directory) {
    if (known_directory.empty() || known_directory == state_directory) return std::nullopt;
    const auto other = fs::path{known_directory} / "motionspool.db", mine = fs::path{state_directory} / "motionspool.db";
    if (!may_be_there(other)) return std::nullopt;
    if (same_file(other, mine)) return std::nullopt;
    return known_directory;
}

std::optional<domain::Away> output_away(store::Store& store, const config::Config& config) {
    const auto& directory = config.output.directory;
    if (store.notes.fact("output") != directory) return std::nullopt;
    const bool noted = store.notes.fact("output_lost") && system::lock_holder(config.state.directory);
    if (noted) return domain::Away{the_output, directory};
    if (may_be_there(marker_in(directory, store.notes.fact("state_id").value_or("unnamed")))) return std::nullopt;
    return domain::Away{the_output, directory};
}

}  // namespace motionspool::app
