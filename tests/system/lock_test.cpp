#include "system/lock.hpp"
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include "support/temp_folder.hpp"

namespace motionspool::system {
namespace {

TEST_CASE("the first to lock a state directory has it, and its process id stands in the file") {
    const test::TempFolder state;
    const auto lock = lock_state(state.path());
    CHECK(std::holds_alternative<StateLock>(lock));
    CHECK(test::read_file(state / "lock") == std::to_string(::getpid()) + "\n");
}

TEST_CASE("the second learns who holds it, and leaves the first's file alone") {
    const test::TempFolder state;
    const auto first = lock_state(state.path());
    const auto second = lock_state(state.path());
    REQUIRE(std::holds_alternative<LockHeld>(second));
    CHECK(std::get<LockHeld>(second).process == ::getpid());
    CHECK(std::get<LockHeld>(second).text.find("process " + std::to_string(::getpid())) != std::string::npos);
    CHECK(std::get<LockHeld>(second).text.find(state.path().string()) != std::string::npos);
    CHECK(test::read_file(state / "lock") == std::to_string(::getpid()) + "\n");
}

TEST_CASE("a holder that has not written its process id yet is another process") {
    const test::TempFolder state;
    const auto first = lock_state(state.path());
    test::write_file(state / "lock", "");
    const auto second = lock_state(state.path());
    REQUIRE(std::holds_alternative<LockHeld>(second));
    CHECK_FALSE(std::get<LockHeld>(second).process.has_value());
    CHECK(std::get<LockHeld>(second).text.find("another process") != std::string::npos);
}

TEST_CASE("a lock that went away can be had again, and a shorter process id leaves nothing of a longer one") {
    const test::TempFolder state;
    { const auto first = lock_state(state.path()); }
    test::write_file(state / "lock", "12345678901234567890\n");
    const auto second = lock_state(state.path());
    CHECK(std::holds_alternative<StateLock>(second));
    CHECK(test::read_file(state / "lock") == std::to_string(::getpid()) + "\n");
}

TEST_CASE("the lock of a process that was killed while it was starting another is free a moment later") {
    const test::TempFolder state;
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const auto lock = lock_state(state.path());
        const pid_t me = ::getpid();
        if (::fork() == 0) {  // shares the lock
            while (::kill(me, 0) == 0) ::usleep(1'000);
            ::usleep(50'000);
            ::_exit(0);
        }
        ::kill(me, SIGKILL);
    }
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    CHECK(std::holds_alternative<StateLock>(lock_state(state.path())));
}

TEST_CASE("the lock of a process that was killed is free") {
    const test::TempFolder state;
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const auto lock = lock_state(state.path());
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    CHECK(test::read_file(state / "lock") == std::to_string(child) + "\n");
    CHECK(std::holds_alternative<StateLock>(lock_state(state.path())));
}

TEST_CASE("a state directory that is not there is a problem that names it") {
    const auto lock = lock_state("/nonexistent/state");
    REQUIRE(std::holds_alternative<Problem>(lock));
    CHECK(std::get<Problem>(lock).text == "cannot open the lock /nonexistent/state/lock: No such file or directory");
}

TEST_CASE("a symbolic link in the lock's place is not followed") {
    const test::TempFolder state;
    test::write_file(state / "victim", "precious");
    std::filesystem::create_symlink(state / "victim", state / "lock");
    CHECK(std::holds_alternative<Problem>(lock_state(state.path())));
    CHECK(test::read_file(state / "victim") == "precious");
}

}  // namespace
}  // namespace motionspool::system
