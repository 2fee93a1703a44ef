#include "spool/scan.hpp"
#include <fcntl.h>
#include <sys/stat.h>
#include <array>
#include <cerrno>
#include <utility>
#include "spool/files.hpp"
#include "spool/names.hpp"

namespace motionspool::spool {
namespace {

constexpr std::size_t deepest = 32, most_folders = 64;

/// Of two entries of one stem the note of the first has it: drops before strangers.
constexpr std::array stems_go_to{EntryKind::folder, EntryKind::manifest, EntryKind::stranger};

/// One file's share of a fingerprint. Shares are added up, so that the order of a folder does not matter.
class Mix {
public:
    void add(std::string_view text) {
        for (const char c : text) add_byte(static_cast<unsigned char>(c));
        add_byte(0);
    }
    void add(std::uint64_t number) {
        for (int i = 0; i < 8; ++i, number >>= 8) add_byte(static_cast<unsigned char>(number));
    }
    /// Spreads every bit over all of them (the finaliser of SplitMix64).
    [[nodiscard]] std::uint64_t value() const {
        auto x = hash_;
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
        return x ^ (x >> 31);
    }

private:
    void add_byte(unsigned char byte) { hash_ = (hash_ ^ byte) * 0x100000001b3U; }
    std::uint64_t hash_ = 0xcbf29ce484222325U;
};

void add(Fingerprint& print, std::string_view path, const struct stat& file) {
    Mix mix;
    mix.add(path);
    mix.add(static_cast<std::uint64_t>(file.st_mode));  // with its permissions: what could not be read may be now
    mix.add(static_cast<std::uint64_t>(file.st_uid));
    mix.add(static_cast<std::uint64_t>(file.st_gid));
    mix.add(static_cast<std::uint64_t>(file.st_ino));
    mix.add(static_cast<std::uint64_t>(S_ISDIR(file.st_mode) ? 0 : file.st_size));
    mix.add(static_cast<std::uint64_t>(file.st_mtim.tv_sec));
    mix.add(static_cast<std::uint64_t>(file.st_mtim.tv_nsec));
    print.hash += mix.value();
    ++print.files;
    if (S_ISREG(file.st_mode)) print.bytes += static_cast<std::uint64_t>(file.st_size);
}

EntryKind kind_of(const std::string& name, const struct stat& file) {
    if (S_ISDIR(file.st_mode)) return EntryKind::folder;
    return S_ISREG(file.st_mode) && manifest_alone(name) != ManifestName::no ? EntryKind::manifest : EntryKind::stranger;
}

}  // namespace

bool Scan::step(const Enough& enough) {
    while (!done_) {
        if (!open_.empty())
            take_inner();
        else if (!walked_)
            take_top_level();
        else if (named_ < stems_go_to.size())
            name_note();
        else
            hand_over();
        if (!done_ && enough()) return false;
    }
    return true;
}

void Scan::take_top_level() {
    const char* const next = top_.next();
    if (next == nullptr) {
        if (top_.error() != 0) trouble_ = problem_of("cannot read incoming/", top_.error());
        walked_ = true;
        at_ = found_.begin();
        entries_.reserve(found_.size());
        return;
    }
    const std::string name{next};
    if (!ignored(name)) begin(name);
}

void Scan::begin(const std::string& name) {
    struct stat file {};
    if (::fstatat(top_.fd(), name.c_str(), &file, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) != 0) return;
    if (S_ISREG(file.st_mode) && is_note_on_entry(name)) return;
    Entry entry;
    entry.name = name;
    entry.kind = kind_of(name, file);
    add(entry.print, name, file);
    last_ = &found_.insert_or_assign(name, std::move(entry)).first->second;
    if (last_->kind == EntryKind::folder) enter(top_.fd(), name, name);
}

void Scan::enter(int parent, const std::string& name, const std::string& path) {
    auto& trouble = last_->trouble;
    if (open_.size() >= deepest) {
        trouble = shown(path) + " is nested more than " + std::to_string(deepest) + " folders deep";
        return;
    }
    const auto folder = open_folder(parent, name);
    if (!folder && errno != ENOENT) trouble = problem_of("cannot read the folder " + shown(path), errno).text;
    if (!folder) return;
    if (last_->folders.size() < most_folders) last_->folders.push_back(path);
    open_.push_back({DirStream{folder.get()}, path});
}

void Scan::take_inner() {
    auto& level = open_.back();
    const char* const next = level.names.next();
    if (next == nullptr) {
        if (level.names.error() != 0) last_->trouble = problem_of("cannot read the folder " + shown(level.path), level.names.error()).text;
        open_.pop_back();
        return;
    }
    const std::string name{next};
    if (is_dropping(name)) return;
    struct stat file {};
    if (::fstatat(level.names.fd(), name.c_str(), &file, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) != 0) return;
    const auto path = level.path + "/" + name;
    add(last_->print, path, file);
    if (S_ISDIR(file.st_mode)) enter(level.names.fd(), name, path);
}

void Scan::name_note() {
    if (at_ == found_.end()) {
        at_ = found_.begin();
        ++named_;
        return;
    }
    auto& entry = (at_++)->second;
    if (entry.kind != stems_go_to.at(named_)) return;
    const auto stem = parts_of(entry.name, entry.kind == EntryKind::folder).stem;
    entry.note_stem = stems_.insert(stem).second ? stem : entry.name;
}

void Scan::hand_over() {
    if (!stems_.empty()) stems_.erase(stems_.begin());
    if (!found_.empty()) entries_.push_back(std::move(found_.extract(found_.begin()).mapped()));
    done_ = found_.empty() && stems_.empty();
}

}  // namespace motionspool::spool
