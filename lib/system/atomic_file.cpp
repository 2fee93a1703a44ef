#include "system/atomic_file.hpp"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include "base/unique_fd.hpp"
#include "system/os_problem.hpp"

namespace motionspool::system {

namespace {

/// @return 0, or the errno value of what failed
int write_all(int file, std::string_view content) {
    while (!content.empty()) {
        const ssize_t written = ::write(file, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return errno;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

/// @return 0, or the errno value of what failed
int write_new(const std::filesystem::path& path, std::string_view content, mode_t mode) {
    const auto create = [&] { return UniqueFd{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)}; };
    auto file = create();
    if (!file && errno == EEXIST) {  // left by a process that died
        if (::unlink(path.c_str()) != 0 && errno != ENOENT) return errno;
        file = create();
    }
    if (!file) return errno;
    if (const int error = write_all(file.get(), content); error != 0) return error;
    if (::fchmod(file.get(), mode) != 0 || ::fsync(file.get()) != 0) return errno;
    return ::close(file.release()) == 0 ? 0 : errno;
}

}  // namespace

Done replace_file(const std::filesystem::path& path, std::string_view content, mode_t mode) {
    const auto temporary = path.parent_path() / ("." + path.filename().string() + ".tmp");
    int error = write_new(temporary, content, mode);
    if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
    if (error != 0) {
        ::unlink(temporary.c_str());
        return os_problem("cannot write " + path.string(), error);
    }
    return done();
}

Done write_file_atomically(const std::filesystem::path& path, std::string_view content, mode_t mode) {
    const auto replaced = replace_file(path, content, mode);
    return replaced ? sync_folder(path.has_parent_path() ? path.parent_path() : ".") : replaced;
}

Done sync_folder(const std::filesystem::path& folder) {
    const UniqueFd descriptor{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!descriptor || ::fsync(descriptor.get()) != 0) return os_problem("cannot fsync the folder " + folder.string(), errno);
    return done();
}

}  // namespace motionspool::system
