#pragma once
#include <filesystem>
#include <optional>
#include <variant>
#include "base/unique_fd.hpp"

namespace motionspool::media {

/// A running helper: a file as its standard input, a pipe from its standard output, nothing else of ours: no descriptor, no environment, no signal mask.
class Child {
public:
    struct Failed {
        int error = 0;
    };  ///< errno of what could not be done
    /// Starts `program`; `input` stays the caller's.
    [[nodiscard]] static std::variant<Child, Failed> start(const std::filesystem::path& program, int input);

    [[nodiscard]] int output() const noexcept { return output_.get(); }  ///< the reading end of the pipe, non-blocking
    [[nodiscard]] int pidfd() const noexcept { return pidfd_.get(); }    ///< becomes readable when the process ended
    void kill() const noexcept;
    /// Takes the ended process off the process table. Never waits.
    /// @return false while it still runs
    [[nodiscard]] bool reap() noexcept;
    /// Did it exit with 0? Meaningful once reaped.
    [[nodiscard]] bool well() const noexcept { return code_ == 0; }
    /// Its exit code; nothing if a signal ended it, or before it is reaped.
    [[nodiscard]] std::optional<int> code() const noexcept { return code_; }

private:
    Child(UniqueFd output, UniqueFd pidfd) : output_{std::move(output)}, pidfd_{std::move(pidfd)} {}
    UniqueFd output_, pidfd_;
    bool reaped_ = false;
    std::optional<int> code_;
};

}  // namespace motionspool::media
