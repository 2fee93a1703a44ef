#include "spool/dir_stream.hpp"
#include <fcntl.h>
#include <algorithm>
#include <cerrno>
#include <string_view>

namespace motionspool::spool {

DirStream::DirStream(int folder) {
    UniqueFd again{::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (again) dir_.reset(::fdopendir(again.get()));
    if (dir_)
        static_cast<void>(again.release());
    else
        error_ = errno;
}

const char* DirStream::next() {
    while (dir_) {
        errno = 0;
        const auto* const entry = ::readdir(dir_.get());
        if (entry == nullptr) {
            error_ = errno;
            return nullptr;
        }
        const std::string_view name{entry->d_name};
        if (name != "." && name != "..") return entry->d_name;
    }
    return nullptr;
}

std::vector<std::string> names_in(int folder) {
    int error = 0;
    return names_in(folder, error);
}

std::vector<std::string> names_in(int folder, int& error) {
    std::vector<std::string> names;
    DirStream stream{folder};
    while (const char* const name = stream.next()) names.emplace_back(name);
    std::sort(names.begin(), names.end());
    error = stream.error();
    return names;
}

}  // namespace motionspool::spool
