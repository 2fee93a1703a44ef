#include "foundation.hpp"
#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>
#include "app/places.hpp"
#include "base/text.hpp"
#include "exit.hpp"
#include "spool/files.hpp"
#include "spool/names.hpp"
#include "spool/owner.hpp"
#include "store/backup.hpp"
#include "system/credentials.hpp"
#include "system/log.hpp"
#include "system/witness.hpp"

namespace motionspool {
namespace {

std::string host_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
    return name.data();
}

http::Origin origin_of(const std::string& key, const std::string& text) {
    auto url = http::parse_url(text);
    if (!url) throw Exit{EX_CONFIG, key + ": " + url.problem().text};
    return url->origin;
}

/// What a daemon whose database was removed has left in the state directory; empty: nothing.
std::string newest_saved(const std::string& state_directory) {
    std::string newest;
    std::error_code error;
    for (std::filesystem::directory_iterator entry{state_directory, error}, end; !error && entry != end; entry.increment(error))
        if (entry->path().filename().string().starts_with("motionspool.db.saved-")) newest = std::max(newest, entry->path().string());
    return newest;
}

/// Does a money side-file in the output folder tell of submissions?
bool paid_for_from(const std::string& output) {
    std::error_code error;
    for (std::filesystem::directory_iterator entry{output, error}, end; !error && entry != end; entry.increment(error)) {
        const auto name = entry->path().filename().string();
        if (!name.starts_with(".motionspool-") || !name.ends_with(".money")) continue;
        const auto read = system::read_witness(entry->path());
        if (!read || !*read || (*read)->damaged || (*read)->highest > 0) return true;
    }
    return false;
}

/// The original of a copy that goes on instead would pay for the same queue, were it started again.
/// @throws Exit 78
void tell_original(const std::string& other, const std::string& mine, store::Store& store) {
    const auto id = store.notes.fact("state_id").value_or("unnamed");
    const auto its = store::state_id_of(std::filesystem::path{other} / "motionspool.db");
    if (its && *its != id) return;  // begun anew since: another queue
    const auto path = std::filesystem::path{other} / "motionspool.money";
    auto opened = system::open_witness(path, id);
    auto told = opened ? done() : Done{opened.problem()};
    if (opened && opened->facts.state != id) told = Problem{"the money side-file " + path.string() + " is another database's"};
    if (told) told = system::write_highest(*opened, std::max(opened->facts.highest, store.attempts.highest().value()) + 1);
    if (told) return log::warn("{} goes on instead of {}, whose next start is in quarantine", mine, other);
    throw Exit{EX_CONFIG, told.problem().text + "; so " + other + " cannot be told that its copy " + mine +
                              " goes on instead, and would pay for the same queue if it were started again. Move its motionspool.db away, or remove it"};
}

/// @throws Exit 75 or 78
void refuse_copy(const std::string& other, const std::string& mine, bool take_over) {
    const auto copy = "the state directory " + mine + " is a copy of " + other + ", which is there, too: two daemons on one queue would pay twice";
    if (const auto holder = system::holder_of(other, system::state_lock))
        throw Exit{EX_TEMPFAIL, copy + ". A daemon runs on that one (instance \"" + holder->instance + "\", process " + std::to_string(holder->process) + ")"};
    if (!take_over) throw Exit{EX_CONFIG, copy + ". If this one is to go on instead, start once with: motionspool run --take-over"};
}

}  // namespace

app::Settings make_settings(const config::Config& config) {
    auto key = system::read_api_key(config.provider.api_key_file);
    if (!key) throw Exit{EX_CONFIG, key.problem().text};
    std::optional<system::Secret> webhook_key;
    if (!config.webhook.listen.empty()) {
        auto read = system::read_webhook_key(config.webhook.hmac_key_file);
        if (!read) throw Exit{EX_CONFIG, read.problem().text};
        webhook_key = std::move(*read);
    }
    return {config,
            config.instance.empty() ? host_name() : config.instance,
            origin_of("provider.api_url", config.provider.api_url),
            origin_of("provider.upload_url", config.provider.upload_url),
            std::move(*key),
            std::move(webhook_key)};
}

void require_folder(const std::string& path, const std::string& key, Share share) {
    const bool made = share == Share::group ? static_cast<bool>(spool::make_group_folder(AT_FDCWD, path)) : ::mkdir(path.c_str(), 0750) == 0;
    if (!made && errno != EEXIST) {
        const int error = errno;
        throw Exit{error == EACCES || error == EPERM ? EX_NOPERM : EX_CANTCREAT, "cannot make the folder " + path + " (" + key + "): " + std::strerror(error) +
                                                                                     (error == ENOENT ? "; make the folder it lies in first" : "")};
    }
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode)) throw Exit{EX_CANTCREAT, path + " (" + key + ") is no folder; name another one"};
    if (::access(path.c_str(), R_OK | W_OK | X_OK) != 0) {
        const int error = errno;
        throw Exit{error == EROFS ? EX_CANTCREAT : EX_NOPERM,
                   "cannot write to the folder " + path + " (" + key + "): " + std::strerror(error) + "; let the daemon's user write there"};
    }
}

system::PlaceLock require_lock(const std::string& directory, const char* name, const std::string& what, const system::Holder& me) {
    auto locking = system::lock_place(directory, name, what, me);
    if (auto* locked = std::get_if<system::Locked>(&locking)) {
        for (const auto& doubt : locked->doubts) log::warn("{}", doubt);
        return std::move(locked->lock);
    }
    if (const auto* held = std::get_if<system::LockHeld>(&locking)) throw Exit{EX_TEMPFAIL, held->text};
    throw Exit{EX_IOERR, std::get<Problem>(locking).text};
}

system::PlaceLock require_state_lock(const std::string& instance, const std::string& directory) {
    return require_lock(directory, system::state_lock, "the state directory", {instance, directory, ::getpid()});
}

std::string state_directory_of(const config::Config& config) {
    std::error_code error;
    const auto path = std::filesystem::weakly_canonical(config.state.directory, error);
    return error ? config.state.directory : path.string();
}

bool holds_database(const std::string& state_directory) {
    struct stat facts {};
    const auto database = std::filesystem::path{state_directory} / "motionspool.db";
    return ::stat(database.c_str(), &facts) == 0 ? facts.st_size > 0 : errno != ENOENT && errno != ENOTDIR;
}

std::optional<MissedState> state_missed(const config::Config& config) {
    if (holds_database(config.state.directory)) return std::nullopt;
    const auto text = "the state directory " + config.state.directory + " holds no database, and ";
    const std::string for_good =
        " (If it is gone for good, stop the daemon, then start once with: motionspool run --new-state; nothing is paid for then until a person has looked)";
    const auto root = spool::open_folder(AT_FDCWD, config.spool.directory, spool::Follow::yes);
    const auto spool = root ? spool::look_at_spool(root.get()) : Result<spool::SpoolFacts>{spool::SpoolFacts{}};
    const auto owner = spool && spool->owner_file ? spool::parse_owner(*spool->owner_file) : std::nullopt;
    const bool named = owner && (owner->directory == state_directory_of(config) || owner->directory == config.state.directory);
    const auto saved = newest_saved(config.state.directory);
    if (named && saved.empty())
        return MissedState{text + "the spool " + config.spool.directory + " belongs to the one that was there; is it not mounted?", for_good};
    if (named) return MissedState{text + "it was removed while the daemon ran, which kept what it knew", ": motionspool restore " + saved};
    const bool in_use = system::holder_of(config.output.directory, system::output_lock).has_value();  // then whose it is, is told
    if (owner || in_use || !spool || !paid_for_from(config.output.directory)) return std::nullopt;
    return MissedState{text + "the output folder " + config.output.directory + " has videos that were paid for from one; are state and spool not mounted?",
                       for_good};
}

std::optional<std::string> state_away(const config::Config& config) {
    const auto missed = state_missed(config);
    if (!missed) return std::nullopt;
    return missed->why + missed->advice;
}

std::optional<std::string> begun_beside_another(store::Store& store, const config::Config& config) {
    if (store.notes.fact("output") || store.attempts.highest().value() > 0 || !paid_for_from(config.output.directory)) return std::nullopt;
    return "this database was begun anew, and the output folder " + config.output.directory + " has videos that were paid for from another one";
}

void require_its_user(const config::Config& config, const std::string& flag, const std::string& config_file) {
    if (::geteuid() != 0) return;
    struct stat facts {};
    std::filesystem::path place{config.state.directory};
    while (::stat(place.c_str(), &facts) != 0 && place.has_relative_path()) place = place.parent_path();
    struct stat database {};
    const bool there = ::stat((std::filesystem::path{config.state.directory} / "motionspool.db").c_str(), &database) == 0;
    const auto owner = there ? database.st_uid : facts.st_uid;
    const auto* user = owner == 0 ? nullptr : ::getpwuid(owner);
    if (user == nullptr) return;  // root's own, or a number that nobody here is
    const std::string name{user->pw_name};
    throw Exit{EX_NOPERM, place.string() + " belongs to the user " + name +
                              ", and what root made there and in the other folders would lock that user out. Run, with the API key in KIE_API_KEY or "
                              "provider.api_key_file: runuser -u " +
                              name + " -- motionspool run " + flag + (config_file.empty() ? "" : " --config " + config_file)};
}

std::optional<std::string> require_original(store::Store& store, const config::Config& config, bool take_over) {
    const auto mine = state_directory_of(config);
    auto other = app::copied_from(store.notes.fact("state_directory").value_or(""), mine);
    if (other)
        refuse_copy(*other, mine, take_over);
    else
        store.notes.set_fact("state_directory", mine);
    return other;
}

void go_on_instead(const std::string& original, store::Store& store, const config::Config& config) {
    const auto mine = state_directory_of(config);
    tell_original(original, mine, store);
    store.notes.set_fact("state_directory", mine);
}

std::unique_ptr<SQLite::Database> require_database(const std::string& state_directory) {
    auto database = store::open_for_writing(std::filesystem::path{state_directory} / "motionspool.db");
    if (!database) throw Exit{EX_IOERR, database.problem().text};
    return std::move(*database);
}

namespace {

/// A spool's folder and whose it is; nothing: it is known and not there.
struct FoundSpool {
    UniqueFd root;
    spool::Ownership ownership;
    spool::Owner me;
    bool take = false;  ///< it becomes ours
};

/// @throws Exit 73, 74; 78: it is somebody else's, or no spool
std::optional<FoundSpool> find_own_spool(const app::Settings& settings, store::Store& store, bool take_over) {
    const auto& directory = settings.config.spool.directory;
    const auto known = store.notes.fact("spool") == directory;
    auto there = spool::open_folder(AT_FDCWD, directory, spool::Follow::yes);
    if (!there && known && !take_over) return std::nullopt;
    auto root = there ? Result<UniqueFd>{std::move(there)} : spool::open_root(directory);
    if (!root) throw Exit{EX_CANTCREAT, root.problem().text};
    const auto facts = spool::look_at_spool(root->get());
    if (!facts) throw Exit{EX_IOERR, facts.problem().text};
    spool::Owner me{settings.instance, *store.notes.fact("state_id"), state_directory_of(settings.config)};
    auto ownership = spool::judge_owner(*facts, me, known);
    using Kind = spool::Ownership::Kind;
    const bool nobodys = ownership.kind == Kind::not_mounted || ownership.kind == Kind::occupied;
    const bool may_be_taken = ownership.kind == Kind::foreign || (nobodys && (facts->bare || facts->laid_out));
    const bool take = ownership.kind == Kind::fresh || (take_over && may_be_taken);
    if (!take && ownership.kind == Kind::foreign)
        throw Exit{EX_CONFIG, "the spool " + directory + " belongs to " + ownership.owner +
                                  "; two daemons on one spool would pay twice. If that one is gone for good, start once with: motionspool run --take-over"};
    if (!take && ownership.kind == Kind::occupied)
        throw Exit{EX_CONFIG, "the directory " + directory + " (spool.directory) holds other things and is no spool; name an empty one"};
    return FoundSpool{std::move(*root), std::move(ownership), std::move(me), take};
}

/// Drops that the database before had accepted are nobody's now.
void warn_of_strangers(const std::string& directory, store::Store& store) {
    std::set<std::string> known;
    for (const auto* state : {"arriving", "open", "ended"})
        for (const auto& batch : store.batches.in_state(state)) known.insert(batch.entry);
    std::vector<std::string> strangers;
    std::error_code error;
    for (std::filesystem::directory_iterator entry{directory + "/accepted", error}, end; !error && entry != end; entry.increment(error)) {
        const auto name = entry->path().filename().string();
        if (!spool::is_note(name) && !spool::ignored(name) && !known.contains(name)) strangers.push_back(spool::shown(name));
    }
    if (strangers.empty()) return;
    constexpr std::size_t most = 20;
    const auto count = strangers.size();
    std::ranges::sort(strangers);
    strangers.resize(std::min(count, most));
    log::warn(
        "the spool {} was another database's, and {} in its accepted/ unknown to this one: {}{}. Nobody renders them; if they are still wanted, see which "
        "of their videos are there, and move them back to incoming/",
        directory, count == 1 ? "one drop is" : std::to_string(count) + " drops are", join(strangers, ", "), count > most ? " and others" : "");
}

}  // namespace

bool require_own_spool(const app::Settings& settings, store::Store& store, bool take_over) {
    const auto found = find_own_spool(settings, store, take_over);
    return found && found->take && found->ownership.kind != spool::Ownership::Kind::fresh;
}

Spool require_spool(const app::Settings& settings, store::Store& store, bool take_over) {
    const auto& directory = settings.config.spool.directory;
    const auto found = find_own_spool(settings, store, take_over);
    if (!found || (found->ownership.kind == spool::Ownership::Kind::not_mounted && !found->take)) return {};
    Spool spool{require_lock(directory, system::spool_lock, "the spool", {settings.instance, found->me.directory, ::getpid()})};
    if (const auto other = app::copied_from(found->ownership.ours_of, found->me.directory)) {
        refuse_copy(*other, found->me.directory, take_over);
        tell_original(*other, found->me.directory, store);
    }
    if (found->take || found->ownership.outdated) {
        store.commits.commit();  // the id must not be lost once the spool names it
        store.commits.begin();
        const auto written = spool::write_owner(found->root.get(), found->me);
        if (!written) throw Exit{EX_CANTCREAT, written.problem().text};
    }
    store.notes.set_fact("spool", directory);
    if (found->ownership.kind == spool::Ownership::Kind::foreign) warn_of_strangers(directory, store);
    return spool;
}

}  // namespace motionspool
