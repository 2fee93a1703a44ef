#include "store/whereabouts.hpp"
#include <sys/stat.h>
#include <charconv>
#include <string>
#include <system_error>
#include "base/same_file.hpp"

namespace motionspool::store {
namespace fs = std::filesystem;
namespace {

/// The descriptor of this process that is open on that path; -1: none.
int descriptor_of(const fs::path& path) {
    std::error_code error;
    for (fs::directory_iterator fds{"/proc/self/fd", error}, end; !error && fds != end; fds.increment(error)) {
        const auto name = fds->path().filename().string();
        int fd = -1;
        if (std::from_chars(name.data(), name.data() + name.size(), fd).ec != std::errc{}) continue;
        if (same_file(fd, path)) return fd;
    }
    return -1;
}

Whereabouts look_at(const fs::path& path, int fd) {
    struct stat named {
    }, opened{};
    if (::fstat(fd, &opened) != 0) return Whereabouts::removed;
    const bool there = ::stat(path.c_str(), &named) == 0;
    if (there && same_file(named, opened)) return Whereabouts::here;
    if (opened.st_nlink == 0) return Whereabouts::removed;
    return there ? Whereabouts::another : Whereabouts::away;
}

}  // namespace

OpenFiles::OpenFiles(fs::path database) {
    if (database.empty() || database == ":memory:") return;
    for (const auto* suffix : {"", "-wal"}) {
        auto path = database;
        path += suffix;
        const int fd = descriptor_of(path);
        if (fd >= 0) files_.push_back({std::move(path), fd});
    }
}

bool OpenFiles::log_lies_there() const { return watched() && look_at(files_[1].path, files_[1].fd) == Whereabouts::here; }

Whereabouts OpenFiles::look() const {
    for (const auto& [path, fd] : files_) {
        const auto found = look_at(path, fd);
        if (found != Whereabouts::here) return found;
    }
    return Whereabouts::here;
}

}  // namespace motionspool::store
