#include "spool/write_drop.hpp"
#include <fcntl.h>
#include <sys/stat.h>
#include <algorithm>
#include <cerrno>
#include <set>
#include "spool/beneath.hpp"
#include "spool/copy.hpp"
#include "spool/files.hpp"
#include "spool/matching.hpp"
#include "spool/names.hpp"

namespace motionspool::spool {
namespace {

/// Gives what lies under a hidden name its own, or the first numbered one that is free. @return that name
Result<std::string> publish(int incoming, const std::string& hidden, const NameParts& drop) {
    for (unsigned n = 1; n < 10'000; ++n) {
        auto name = numbered(drop, n);
        const int error = rename_new(incoming, hidden, incoming, name);
        if (error == EEXIST) continue;
        if (error != 0) return problem_of("cannot put the drop into incoming/", error);
        if (const int unsynced = sync_folder(incoming); unsynced != 0)
            return problem_of("submitted as incoming/" + shown(name) + ", which a power cut may undo: cannot write the folder to disk", unsynced);
        return name;
    }
    return Problem{"cannot put the drop into incoming/: there are too many called " + shown(drop.stem)};
}

/// A folder being filled under a hidden name; removed with everything in it unless it was published.
class Part {
public:
    Part(int incoming, const std::string& drop) : incoming_{incoming} {
        for (unsigned n = 1; n < 10'000; ++n) {
            name_ = joined("." + drop, ".part-" + std::to_string(::getpid()) + "-" + std::to_string(n));
            folder_ = make_group_folder(incoming_, name_);
            if (folder_ || errno != EEXIST) return;
        }
    }
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;
    ~Part() {
        if (!published_) remove_tree(incoming_, name_);
    }

    [[nodiscard]] int folder() const { return folder_.get(); }
    [[nodiscard]] Result<std::string> publish(const std::string& drop) {
        auto name = motionspool::spool::publish(incoming_, name_, {drop, {}});
        published_ = name.has_value();
        return name;
    }

private:
    int incoming_;
    std::string name_;
    UniqueFd folder_;
    bool published_ = false;
};

/// The folder a target goes into, made where missing; paths of those made are added to `folders`.
Result<UniqueFd> folder_for(int part, const std::vector<std::string>& components, std::set<std::string>& folders) {
    auto folder = duplicate(part);
    std::string path;
    for (std::size_t i = 0; i + 1 < components.size(); ++i) {
        path += (path.empty() ? "" : "/") + components[i];
        auto next = make_group_folder(folder.get(), components[i]);
        if (!next && errno == EEXIST) next = open_folder(folder.get(), components[i]);
        if (!next) return problem_of("cannot make the folder " + shown(path) + " in the drop", errno);
        folders.insert(path);
        folder = std::move(next);
    }
    return folder;
}

Done copy_in(int part, DropFile& file, std::set<std::string>& folders) {
    const auto components = components_of(file.target);
    if (components.empty() || file.target.starts_with('/') || std::find(components.begin(), components.end(), "..") != components.end())
        return Problem{shown(file.target) + " is no path inside a drop"};
    const auto folder = folder_for(part, components, folders);
    if (!folder) return folder.problem();
    FileCopy copy{std::move(file.source), folder->get(), components.back()};
    for (;;)
        if (auto copied = copy.step()) return *copied;
}

/// Innermost folders first, so that nothing is named on disk before it is there.
Done sync_all(int part, const std::set<std::string>& folders) {
    for (auto path = folders.rbegin(); path != folders.rend(); ++path) {
        const auto opened = open_beneath(part, *path, O_RDONLY | O_DIRECTORY);
        const int error = opened.fd ? sync_folder(opened.fd.get()) : opened.error;
        if (error != 0) return problem_of("cannot write the folder " + shown(*path) + " of the drop", error);
    }
    const int error = sync_folder(part);
    if (error != 0) return problem_of("cannot write the drop", error);
    return done();
}

}  // namespace

Result<std::string> write_drop(int incoming, const std::string& name, std::string_view manifest, std::vector<DropFile> files) {
    Part part{incoming, name};
    if (part.folder() < 0) return Problem{problem_of("cannot make a folder in incoming/", errno).text + "; you must be in the service's group"};
    std::set<std::string> folders;
    for (auto& file : files)
        if (auto copied = copy_in(part.folder(), file, folders); !copied) return copied.problem();
    if (exists(part.folder(), "manifest.yaml")) return Problem{"a file of the drop is called manifest.yaml, like the manifest itself; rename it"};
    if (auto written = write_file(part.folder(), "manifest.yaml", manifest); !written) return written.problem();
    if (auto synced = sync_all(part.folder(), folders); !synced) return synced.problem();
    return part.publish(name);
}

Result<std::string> write_manifest_alone(int incoming, const std::string& name, std::string_view manifest) {
    std::string hidden;
    UniqueFd mine;  // the name is, whoever else submits at the same time
    for (unsigned n = 1; !mine && n < 10'000; ++n) {
        hidden = joined("." + name, ".part-" + std::to_string(::getpid()) + "-" + std::to_string(n));
        mine = UniqueFd{::openat(incoming, hidden.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
        if (!mine && errno != EEXIST) break;
    }
    if (!mine) return Problem{problem_of("cannot make a file in incoming/", errno).text + "; you must be in the service's group"};
    if (auto written = write_file(incoming, hidden, manifest); !written) {
        ::unlinkat(incoming, hidden.c_str(), 0);
        return written.problem();
    }
    auto published = publish(incoming, hidden, {name, ".yaml"});
    if (!published) ::unlinkat(incoming, hidden.c_str(), 0);
    return published;
}

}  // namespace motionspool::spool
