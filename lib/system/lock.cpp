#include "system/lock.hpp"
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <functional>
#include <sstream>
#include "system/os_problem.hpp"

namespace motionspool::system {
namespace {

struct flock whole_file() {
    struct flock range {};
    range.l_type = F_WRLCK;
    range.l_whence = SEEK_SET;
    return range;
}

/// "4711\ninstance: render01\nstate: /var/lib/motionspool\n"; of versions before, the number alone.
std::optional<Holder> read_holder(int file) {
    std::array<char, 8192> bytes{};
    const auto length = ::pread(file, bytes.data(), bytes.size(), 0);
    if (length <= 0) return std::nullopt;
    std::istringstream text{std::string{bytes.data(), static_cast<std::size_t>(length)}};
    Holder holder;
    std::string line;
    std::getline(text, line);
    if (std::from_chars(line.data(), line.data() + line.size(), holder.process).ec != std::errc{} || holder.process <= 0) return std::nullopt;
    while (std::getline(text, line)) {
        if (line.starts_with("instance: ")) holder.instance = line.substr(10);
        if (line.starts_with("state: ")) holder.state_directory = line.substr(7);
    }
    return holder;
}

/// The lock is what counts: on a full disk the daemon runs all the same, only unnamed.
void write_holder(int file, const Holder& me) {
    const auto text = std::to_string(me.process) + "\ninstance: " + me.instance + "\nstate: " + me.state_directory + "\n";
    if (::ftruncate(file, 0) != 0) return;
    if (::pwrite(file, text.data(), text.size(), 0) < 0) return;
}

/// The process that the kernel lists as holding a lock on what this descriptor is of; open-file-description locks are listed with none.
std::optional<pid_t> listed_holder(int fd) {
    struct stat facts {};
    if (::fstat(fd, &facts) != 0) return std::nullopt;
    std::array<char, 64> place{};
    std::snprintf(place.data(), place.size(), "%02x:%02x:%llu", major(facts.st_dev), minor(facts.st_dev), static_cast<unsigned long long>(facts.st_ino));
    std::ifstream locks{"/proc/locks"};
    for (std::string line; std::getline(locks, line);) {
        std::istringstream words{line};
        std::string number, kind, advisory, type, where;
        pid_t process = 0;
        words >> number >> kind >> advisory >> type >> process >> where;  // one that waits has "->" for its kind
        if (words && where == place.data() && process > 0) return process;
    }
    return std::nullopt;
}

bool is_gone(const std::optional<Holder>& holder) { return holder && ::kill(holder->process, 0) != 0 && errno == ESRCH; }

/// A process that was killed lets go a moment later if it was just starting another: until that one runs its own program it shares the lock.
/// @return 0 or an errno, EWOULDBLOCK among them
int lock_within_a_moment(const std::function<int()>& lock, int file, bool patient) {
    for (int tries = 0;; tries++) {
        if (lock() == 0) return 0;
        const int error = errno == EACCES || errno == EAGAIN ? EWOULDBLOCK : errno;
        if (error != EWOULDBLOCK || !patient || tries == 100 || !is_gone(read_holder(file))) return error;
        ::usleep(20'000);
    }
}

bool not_here(int error) { return error == ENOLCK || error == EOPNOTSUPP || error == ENOSYS || error == EINVAL; }

std::string name_of(const std::optional<Holder>& by, std::optional<pid_t> listed) {
    const auto process = by && !is_gone(by) ? by->process : listed.value_or(0);
    std::string text = by && !by->instance.empty() ? "instance \"" + by->instance + "\", state directory " + by->state_directory + ", " : "";
    return text + (process > 0 ? "process " + std::to_string(process) : "another process");
}

LockHeld held(const std::filesystem::path& directory, const std::string& what, int file, int locked) {
    auto by = read_holder(file);
    return {by, "a daemon already runs on " + what + " " + directory.string() + " (" + name_of(by, listed_holder(locked)) +
                    "); stop it first, or give this one folders of its own"};
}

}  // namespace

Locking lock_place(const std::filesystem::path& directory, const char* name, const std::string& what, const Holder& me, bool patient) {
    const auto path = directory / name;
    UniqueFd folder{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!folder) return os_problem("cannot open " + directory.string(), errno);
    UniqueFd file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0640)};
    if (!file) return os_problem("cannot open the lock " + path.string(), errno);
    auto range = whole_file();
    std::vector<std::pair<std::function<int()>, int>> locks{{[&] { return ::flock(folder.get(), LOCK_EX | LOCK_NB); }, folder.get()},
                                                            {[&] { return ::fcntl(file.get(), F_OFD_SETLK, &range); }, file.get()}};
    // By the file's flock versions before this one lock a state directory. (On SMB the two kinds are one, and exclude each other.)
    if (name == std::string_view{state_lock}) locks.emplace_back([&] { return ::flock(file.get(), LOCK_EX | LOCK_NB); }, file.get());
    Locked locked;
    std::size_t had = 0;
    for (const auto& [lock, fd] : locks) {
        const int error = lock_within_a_moment(lock, file.get(), patient);
        if (error == EWOULDBLOCK) return held(directory, what, file.get(), fd);
        if (error != 0 && !not_here(error)) return os_problem("cannot lock " + path.string(), error);
        had += error == 0 ? 1 : 0;
    }
    if (had < locks.size())
        locked.doubts.push_back(what + " " + directory.string() + " lies on a file system without " + (had == 0 ? "locks" : "all kinds of locks") +
                                ": two daemons on it would not notice each other; run one only");
    struct stat of_folder {};
    if (::geteuid() == 0 && ::fstat(folder.get(), &of_folder) == 0) (void)!::fchown(file.get(), of_folder.st_uid, of_folder.st_gid);  // else only root could
    write_holder(file.get(), me);
    locked.lock = PlaceLock{std::move(folder), std::move(file)};
    return locked;
}

std::optional<Holder> holder_of(const std::filesystem::path& directory, const char* name) {
    // Testing with flock() would hold the lock for a moment, and a daemon starting then would give up: the kernel's list is asked for the directory's.
    const UniqueFd file{::open((directory / name).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
    auto range = whole_file();
    const bool by_file = file && ::fcntl(file.get(), F_OFD_GETLK, &range) == 0 && range.l_type != F_UNLCK;
    const UniqueFd folder{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    auto listed = file ? listed_holder(file.get()) : std::nullopt;
    if (!listed && folder) listed = listed_holder(folder.get());
    if (!by_file && !listed) return std::nullopt;
    auto holder = file ? read_holder(file.get()) : std::nullopt;
    if (!holder || (!by_file && holder->process != *listed)) return Holder{{}, {}, listed.value_or(0)};
    return holder;
}

std::optional<pid_t> lock_holder(const std::filesystem::path& state_directory) {
    const auto holder = holder_of(state_directory, state_lock);
    if (!holder) return std::nullopt;
    return holder->process;
}

}  // namespace motionspool::system
