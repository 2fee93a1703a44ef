#include "system/lock.hpp"
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <fstream>
#include <string>
#include "system/os_problem.hpp"

namespace motionspool::system {

namespace {

std::optional<pid_t> read_process(int file) {
    std::array<char, 32> text{};
    const ssize_t length = ::pread(file, text.data(), text.size(), 0);
    pid_t process = 0;
    if (length <= 0 || std::from_chars(text.data(), text.data() + length, process).ec != std::errc{} || process <= 0) return std::nullopt;
    return process;
}

/// The lock is what counts: on a full disk the daemon runs all the same, only unnamed.
void write_process(int file) {
    const std::string text = std::to_string(::getpid()) + "\n";
    if (::ftruncate(file, 0) != 0) return;
    if (::pwrite(file, text.data(), text.size(), 0) < 0) return;
}

LockHeld held_by(const std::filesystem::path& directory, std::optional<pid_t> process) {
    const std::string who = process ? "process " + std::to_string(*process) : "another process";
    return {process, "a daemon already runs on the state directory " + directory.string() + " (" + who +
                         "); stop it first, or give this one a state.directory of its own"};
}

/// A process that was killed lets go a moment later if it was just starting another: until that one runs its own program it shares the lock.
bool lock_within_a_moment(int file) {
    for (int tries = 0; ::flock(file, LOCK_EX | LOCK_NB) != 0; tries++) {
        const int error = errno;
        const auto holder = read_process(file);
        const bool gone = holder && ::kill(*holder, 0) != 0 && errno == ESRCH;
        errno = error;
        if (error != EWOULDBLOCK || !gone || tries == 100) return false;
        ::usleep(20'000);
    }
    return true;
}

}  // namespace

Locking lock_state(const std::filesystem::path& state_directory) {
    const auto path = state_directory / "lock";
    UniqueFd file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640)};
    if (!file) return os_problem("cannot open the lock " + path.string(), errno);
    if (!lock_within_a_moment(file.get())) {
        if (errno == EWOULDBLOCK) return held_by(state_directory, read_process(file.get()));
        return os_problem("cannot lock " + path.string(), errno);
    }
    write_process(file.get());
    return StateLock{std::move(file)};
}

std::optional<pid_t> lock_holder(const std::filesystem::path& state_directory) {
    const auto path = state_directory / "lock";
    const UniqueFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    struct stat facts {};
    if (!file || ::fstat(file.get(), &facts) != 0) return std::nullopt;
    const std::string inode = ":" + std::to_string(facts.st_ino) + " ";
    std::ifstream locks{"/proc/locks"};  // testing with flock() would hold the lock for a moment, and a daemon starting then would give up
    for (std::string line; std::getline(locks, line);) {
        if (line.find("FLOCK") != std::string::npos && line.find(inode) != std::string::npos) return read_process(file.get()).value_or(0);
    }
    return std::nullopt;
}

}  // namespace motionspool::system
