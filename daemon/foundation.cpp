#include "foundation.hpp"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include "exit.hpp"
#include "spool/files.hpp"
#include "spool/owner.hpp"
#include "system/credentials.hpp"

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

system::StateLock require_lock(const std::string& state_directory) {
    auto locking = system::lock_state(state_directory);
    if (auto* lock = std::get_if<system::StateLock>(&locking)) return std::move(*lock);
    if (const auto* held = std::get_if<system::LockHeld>(&locking)) throw Exit{EX_TEMPFAIL, held->text};
    throw Exit{EX_IOERR, std::get<Problem>(locking).text};
}

std::unique_ptr<SQLite::Database> require_database(const std::string& state_directory) {
    auto database = store::open_for_writing(std::filesystem::path{state_directory} / "motionspool.db");
    if (!database) throw Exit{EX_IOERR, database.problem().text};
    return std::move(*database);
}

SpoolState require_spool(const app::Settings& settings, store::Store& store, bool take_over, const std::string& fresh_id) {
    const auto& directory = settings.config.spool.directory;
    auto root = spool::open_root(directory);
    if (!root) throw Exit{EX_CANTCREAT, root.problem().text};
    const auto facts = spool::look_at_spool(root->get());
    if (!facts) throw Exit{EX_IOERR, facts.problem().text};
    if (!store.notes.fact("state_id")) store.notes.set_fact("state_id", fresh_id);
    std::error_code error;
    const auto state = std::filesystem::absolute(settings.config.state.directory, error);
    const spool::Owner me{settings.instance, *store.notes.fact("state_id"), state.lexically_normal().string()};
    const bool known = store.notes.fact("spool") == directory;
    const auto ownership = spool::judge_owner(*facts, me, known);
    const bool may_be_taken = ownership.kind == spool::Ownership::Kind::foreign || (ownership.kind == spool::Ownership::Kind::not_mounted && facts->bare);
    const bool take = ownership.kind == spool::Ownership::Kind::fresh || (take_over && may_be_taken);
    if (ownership.kind == spool::Ownership::Kind::not_mounted && !take) return SpoolState::not_mounted;
    if (ownership.kind == spool::Ownership::Kind::foreign && !take) {
        throw Exit{EX_CONFIG, "the spool " + directory + " belongs to " + ownership.owner +
                                  "; two daemons on one spool would pay twice. If that one is gone for good, start once with: run --take-over"};
    }
    if (ownership.kind == spool::Ownership::Kind::occupied) {
        throw Exit{EX_CONFIG, "the directory " + directory + " (spool.directory) holds other things and is no spool; name an empty one"};
    }
    if (take || ownership.outdated) {
        store.commits.commit();  // the id must not be lost once the spool names it
        store.commits.begin();
        const auto written = spool::write_owner(root->get(), me);
        if (!written) throw Exit{EX_CANTCREAT, written.problem().text};
    }
    store.notes.set_fact("spool", directory);
    return SpoolState::ours;
}

}  // namespace motionspool
