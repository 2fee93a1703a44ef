#include "media/child.hpp"
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <cerrno>
#include <csignal>
#include <optional>
extern "C" {  // glibc 2.36 forgets this in the header
#include <sys/pidfd.h>
}

namespace motionspool::media {
namespace {

struct Pipe {
    UniqueFd read, write;
};

/// Both ends above the standard descriptors, so that placing those in the child overwrites none of them.
std::optional<Pipe> make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
    const UniqueFd low_read{ends[0]}, low_write{ends[1]};
    Pipe pipe{UniqueFd{::fcntl(low_read.get(), F_DUPFD_CLOEXEC, 3)}, UniqueFd{::fcntl(low_write.get(), F_DUPFD_CLOEXEC, 3)}};
    if (!pipe.read || !pipe.write || ::fcntl(pipe.read.get(), F_SETFL, O_NONBLOCK) != 0) return std::nullopt;
    return pipe;
}

/// What the child begins with: its three descriptors and nothing above them, no blocked and no ignored signal, a process group of its own.
class Beginning {
public:
    Beginning(int input, int output) {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
        ::posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        ::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
        ::posix_spawnattr_init(&attributes_);
        sigset_t none, all;
        sigemptyset(&none);
        sigfillset(&all);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        ::posix_spawnattr_setsigdefault(&attributes_, &all);
        ::posix_spawnattr_setpgroup(&attributes_, 0);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    }
    Beginning(const Beginning&) = delete;
    Beginning& operator=(const Beginning&) = delete;
    ~Beginning() {
        ::posix_spawn_file_actions_destroy(&actions_);
        ::posix_spawnattr_destroy(&attributes_);
    }
    /// @return 0 or an errno
    [[nodiscard]] int spawn(pid_t& pid, const std::string& program) const {
        char name[] = "motionspool-probe";
        char* const arguments[] = {name, nullptr};
        char* const environment[] = {nullptr};
        return ::posix_spawn(&pid, program.c_str(), &actions_, &attributes_, arguments, environment);
    }

private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

}  // namespace

std::variant<Child, Child::Failed> Child::start(const std::filesystem::path& program, int input) {
    auto pipe = make_pipe();
    if (!pipe) return Failed{errno};
    pid_t pid = -1;
    const Beginning beginning{input, pipe->write.get()};
    if (const int error = beginning.spawn(pid, program.string()); error != 0) return Failed{error};
    UniqueFd pidfd{::pidfd_open(pid, 0)};
    if (!pidfd) {
        const int error = errno;
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        return Failed{error};
    }
    return Child{std::move(pipe->read), std::move(pidfd)};
}

void Child::kill() const noexcept {
    if (pidfd_ && !reaped_) ::pidfd_send_signal(pidfd_.get(), SIGKILL, nullptr, 0);
}

bool Child::reap() noexcept {
    if (reaped_ || !pidfd_) return true;
    siginfo_t info{};
    if (::waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &info, WEXITED | WNOHANG) != 0) {
        reaped_ = errno == ECHILD;
        return reaped_;
    }
    reaped_ = info.si_pid != 0;
    if (reaped_ && info.si_code == CLD_EXITED) code_ = info.si_status;
    return reaped_;
}

}  // namespace motionspool::media
