#include "app/files.hpp"
#include <sys/statvfs.h>
#include <algorithm>
#include <cerrno>
#include "spool/files.hpp"
#include "spool/names.hpp"

namespace motionspool::app {

int folder_of(const spool::Layout& layout, const std::string& place) {
    if (place == "accepted") return layout.accepted.get();
    if (place == "finished") return layout.finished.get();
    return layout.taking.get();
}

Result<spool::Place> place_of(const spool::Layout& layout, const store::BatchRow& batch, const std::vector<std::string>& media_roots) {
    if (batch.kind == "lone") { return spool::Place::media_roots({media_roots.begin(), media_roots.end()}, layout.incoming.get()); }
    auto folder = spool::open_folder(folder_of(layout, batch.place), batch.entry);
    if (!folder) return spool::problem_of("the folder " + batch.place + "/" + batch.entry + " cannot be opened", errno);
    return spool::Place::folder(std::move(folder));
}

std::string find_moved(int folder, const store::BatchRow& batch, const std::vector<store::BatchRow>& others) {
    const auto parts = spool::parts_of(batch.entry, batch.kind == "folder");
    for (unsigned n = 1; n < 1000; n++) {
        const auto name = spool::numbered(parts, n);
        const bool anothers =
            std::ranges::any_of(others, [&](const store::BatchRow& other) { return other.id != batch.id && other.entry == name && other.place != ".taking"; });
        if (!anothers && spool::exists(folder, name)) return name;
    }
    return batch.entry;
}

std::string note_name(const store::BatchRow& batch, const std::string& entry, const std::string& suffix) {
    return spool::joined(spool::parts_of(entry, batch.kind == "folder").stem, suffix);
}

std::optional<std::uint64_t> free_bytes(const std::string& path) {
    struct statvfs facts {};
    if (::statvfs(path.c_str(), &facts) != 0) return std::nullopt;
    return static_cast<std::uint64_t>(facts.f_bavail) * facts.f_frsize;
}

}  // namespace motionspool::app
