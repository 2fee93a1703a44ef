#include "whole/process.hpp"
#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <system_error>
#include <thread>

namespace motionspool::whole {
namespace {
constexpr int cannot_execute = 127;

int open_log(const std::filesystem::path& path) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0) throw std::system_error(errno, std::generic_category(), "cannot open " + path.string());
    return fd;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> list;
    for (auto& text : texts) list.push_back(text.data());
    list.push_back(nullptr);
    return list;
}

}  // namespace

Process::Process(const Spawn& spawn) : pid_{0} {
    auto arguments = spawn.arguments;
    std::vector<std::string> environment;
    for (const auto& [name, value] : spawn.environment) environment.push_back(name + "=" + value);
    const auto argv = pointers(arguments), envp = pointers(environment);
    const int out = open_log(spawn.out), err = open_log(spawn.err);
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ == 0) {  // only async-signal-safe calls from here
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) ::_exit(cannot_execute);
        const int in = ::open("/dev/null", O_RDONLY);
        ::dup2(in, STDIN_FILENO);
        ::dup2(out, STDOUT_FILENO);
        ::dup2(err, STDERR_FILENO);
        if (spawn.as_nobody && (::setgroups(0, nullptr) != 0 || ::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(cannot_execute);
        ::execve(argv.front(), argv.data(), envp.data());
        ::_exit(cannot_execute);
    }
    const int error = errno;
    ::close(out);
    ::close(err);
    if (pid_ < 0) throw std::system_error(error, std::generic_category(), "cannot fork");
}

Process::~Process() {
    if (pid_ > 0) kill();
}

void Process::send(int signal) const {
    if (!ended_) ::kill(pid_, signal);
}

std::optional<Ended> Process::wait_for(std::chrono::milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!ended_) {
        int status = 0;
        const pid_t done = ::waitpid(pid_, &status, WNOHANG);
        if (done == pid_)
            ended_ = WIFEXITED(status) ? Ended{WEXITSTATUS(status), 0} : Ended{-1, WTERMSIG(status)};
        else if (std::chrono::steady_clock::now() >= end)
            return std::nullopt;
        else
            std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    return ended_;
}

void Process::kill() {
    if (ended_) return;
    ::kill(pid_, SIGKILL);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {}
    ended_ = WIFEXITED(status) ? Ended{WEXITSTATUS(status), 0} : Ended{-1, WTERMSIG(status)};
}

}  // namespace motionspool::whole
