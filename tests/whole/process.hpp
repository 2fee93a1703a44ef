#pragma once
#include <sys/types.h>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace motionspool::whole {

/// How a process ended.
struct Ended {
    int code = -1;  ///< what it returned; -1: a signal ended it
    int signal = 0;
    friend bool operator==(const Ended&, const Ended&) = default;
};

struct Spawn {
    std::vector<std::string> arguments;              ///< the program first
    std::map<std::string, std::string> environment;  ///< all of it
    std::filesystem::path out, err;                  ///< appended to; may be the same file
    bool as_nobody = false;                          ///< as user and group 65534; needs root
};

/// A child process. It dies with this object, and with the thread that started it, whatever happens to that.
class Process {
public:
    /// @throws system_error if it cannot be started
    explicit Process(const Spawn&);
    Process(Process&& other) noexcept : pid_{std::exchange(other.pid_, 0)}, ended_{other.ended_} {}
    Process& operator=(Process&&) = delete;
    ~Process();

    [[nodiscard]] pid_t pid() const { return pid_; }
    void send(int signal) const;
    /// @return nothing if it still runs at the end of `limit`
    std::optional<Ended> wait_for(std::chrono::milliseconds limit);
    [[nodiscard]] bool running() { return !wait_for(std::chrono::milliseconds{0}); }
    /// SIGKILL, and gone when this returns.
    void kill();

private:
    pid_t pid_;
    std::optional<Ended> ended_;
};

}  // namespace motionspool::whole
