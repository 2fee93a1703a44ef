#pragma once
#include <doctest/doctest.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>
#include "base/unique_fd.hpp"
#include "spool/files.hpp"
#include "spool/layout.hpp"
#include "spool/scan.hpp"
#include "support/temp_folder.hpp"

namespace motionspool::test {
namespace fs = std::filesystem;

inline UniqueFd folder_fd(const fs::path& path) {
    auto fd = spool::open_folder(AT_FDCWD, path.string());
    REQUIRE(fd);
    return fd;
}

/// Writes a file and the folders it lies in.
inline void put(const fs::path& path, std::string_view content = "content") {
    fs::create_directories(path.parent_path());
    write_file(path, content);
}

/// A new spool in a temporary folder.
struct TempSpool {
    TempFolder folder;
    spool::Layout layout = [this] {
        auto opened = spool::open_layout(folder / "spool");
        REQUIRE(opened.has_value());
        return std::move(*opened);
    }();
    [[nodiscard]] fs::path operator/(std::string_view name) const { return folder.path() / "spool" / name; }
};

inline std::vector<std::string> listing(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator{folder}) names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

inline bool never() { return false; }
inline bool always() { return true; }

inline std::vector<spool::Entry> scan_all(int incoming) {
    spool::Scan scan{incoming};
    REQUIRE(scan.step(never));
    REQUIRE_FALSE(scan.trouble().has_value());
    return scan.entries();
}

/// Runs `body` in a child process as another user; its return value is the child's exit code. @pre we are root
template <typename Body>
int as_another_user(Body body) {
    const pid_t child = ::fork();
    if (child == 0) {
        if (::setgroups(0, nullptr) != 0 || ::setegid(12345) != 0 || ::seteuid(12345) != 0) ::_exit(99);
        try {
            ::_exit(body());
        } catch (...) { ::_exit(98); }
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace motionspool::test
