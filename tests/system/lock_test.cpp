#include "system/lock.hpp"
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <functional>
#include "support/temp_folder.hpp"

namespace motionspool::system {
namespace {
namespace fs = std::filesystem;
const Holder me{"render01", "/var/lib/one", ::getpid()};
const Holder other{"render02", "/var/lib/two", ::getpid()};

Locking lock(const fs::path& folder, const Holder& holder = me) { return lock_place(folder, state_lock, "the state directory", holder); }
bool is_locked(const Locking& locking) { return std::holds_alternative<Locked>(locking); }
std::string text_of(const Locking& locking) { return std::holds_alternative<LockHeld>(locking) ? std::get<LockHeld>(locking).text : "not held"; }
bool says(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

/// Locks the folder in a process of its own that lives until told.
struct Other {
    explicit Other(const fs::path& folder) {
        int pipe[2]{};
        REQUIRE(::pipe(pipe) == 0);
        child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            const auto locking = lock_place(folder, state_lock, "the state directory", {"render02", "/var/lib/two", ::getpid()});
            (void)!::write(pipe[1], is_locked(locking) ? "y" : "n", 1);
            for (;;) ::pause();
        }
        char answer = 0;
        REQUIRE(::read(pipe[0], &answer, 1) == 1);
        CHECK(answer == 'y');
        ::close(pipe[0]);
        ::close(pipe[1]);
    }
    ~Other() { kill(); }
    void kill() {
        if (child <= 0) return;
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        child = 0;
    }
    pid_t child = 0;
};

TEST_CASE("the first to lock a folder has it, and who it is stands in the file") {
    const test::TempFolder state;
    const auto first = lock(state.path());
    REQUIRE(is_locked(first));
    CHECK(std::get<Locked>(first).doubts.empty());
    CHECK(test::read_file(state / "lock") == std::to_string(::getpid()) + "\ninstance: render01\nstate: /var/lib/one\n");
}

TEST_CASE("the second learns who holds it, by instance, directory and process, and leaves the first's file alone") {
    const test::TempFolder state;
    const Other first{state.path()};
    const auto second = lock(state.path());
    REQUIRE(std::holds_alternative<LockHeld>(second));
    CHECK(std::get<LockHeld>(second).by == Holder{"render02", "/var/lib/two", first.child});
    CHECK(says(text_of(second), "the state directory " + state.path().string() + " (instance \"render02\", state directory /var/lib/two, process " +
                                    std::to_string(first.child) + ")"));
    CHECK(says(test::read_file(state / "lock"), "instance: render02"));
}

TEST_CASE("no removed, replaced, emptied or renamed file gets round the lock, nor another way to the folder") {
    const test::TempFolder folder;
    const auto state = folder / "state";
    fs::create_directory(state);
    const Other first{state};
    const std::pair<const char*, std::function<void()>> tries[] = {
        {"removed", [&] { fs::remove(state / "lock"); }},
        {"replaced", [&] { test::write_file(state / "lock", "1\n"); }},
        {"renamed over", [&] { test::write_file(state / "new", ""), fs::rename(state / "new", state / "lock"); }},
        {"emptied", [&] { fs::resize_file(state / "lock", 0); }},
        {"the folder renamed and back", [&] { fs::rename(state, folder / "s2"), fs::rename(folder / "s2", state); }},
    };
    for (const auto& one : tries) {
        CAPTURE(one.first);
        one.second();
        CHECK(std::holds_alternative<LockHeld>(lock(state)));
    }
    fs::create_directory_symlink(state, folder / "link");
    CHECK(std::holds_alternative<LockHeld>(lock(folder / "link")));
    CHECK(says(text_of(lock(state)), "process " + std::to_string(first.child)));  // the kernel's list knows, whatever the file says
}

TEST_CASE("a copy of a folder is another folder: what it copies is told apart by others") {
    const test::TempFolder folder;
    fs::create_directory(folder / "state");
    const Other first{folder / "state"};
    fs::copy(folder / "state", folder / "copy");
    CHECK(is_locked(lock(folder / "copy")));
}

TEST_CASE("a daemon of a version that locks the file alone is noticed") {
    const test::TempFolder state;
    test::write_file(state / "lock", std::to_string(::getpid()) + "\n");
    const UniqueFd old{::open((state / "lock").c_str(), O_RDWR | O_CLOEXEC)};
    REQUIRE(::flock(old.get(), LOCK_EX | LOCK_NB) == 0);
    CHECK(says(text_of(lock(state.path())), "process " + std::to_string(::getpid())));
    CHECK(lock_holder(state.path()) == ::getpid());
}

TEST_CASE("who holds a folder is seen without touching its locks, the file removed or not; and that nobody does") {
    const test::TempFolder state;
    CHECK_FALSE(lock_holder(state.path()));
    Other first{state.path()};
    CHECK(holder_of(state.path(), state_lock) == Holder{"render02", "/var/lib/two", first.child});
    CHECK_FALSE(is_locked(lock(state.path())));
    fs::remove(state / "lock");
    CHECK(lock_holder(state.path()) == first.child);
    first.kill();
    CHECK_FALSE(lock_holder(state.path()));
    CHECK_FALSE(lock_holder("/nonexistent/state"));
}

TEST_CASE("a holder that has not written itself down yet is another process") {
    const test::TempFolder state;
    const auto first = lock(state.path());
    test::write_file(state / "lock", "");
    const auto second = lock(state.path(), other);
    REQUIRE(std::holds_alternative<LockHeld>(second));
    CHECK_FALSE(std::get<LockHeld>(second).by.has_value());
}

TEST_CASE("a lock that went away can be had again, and a shorter name leaves nothing of a longer one") {
    const test::TempFolder state;
    { const auto first = lock(state.path()); }
    test::write_file(state / "lock", "12345678901234567890\n" + std::string(200, 'x') + "\n");
    const auto second = lock(state.path());
    CHECK(is_locked(second));
    CHECK(test::read_file(state / "lock") == std::to_string(::getpid()) + "\ninstance: render01\nstate: /var/lib/one\n");
}

TEST_CASE("the lock of a process that was killed while it was starting another is free a moment later") {
    const test::TempFolder state;
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const auto locking = lock(state.path(), {"render01", "/var/lib/one", ::getpid()});
        const pid_t parent = ::getpid();
        if (::fork() == 0) {  // shares the lock
            while (::kill(parent, 0) == 0) ::usleep(1'000);
            ::usleep(50'000);
            ::_exit(0);
        }
        ::kill(parent, SIGKILL);
    }
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    CHECK(is_locked(lock(state.path())));
}

TEST_CASE("the lock of a process that was killed is free") {
    const test::TempFolder state;
    Other first{state.path()};
    first.kill();
    CHECK(is_locked(lock(state.path())));
}

TEST_CASE("a folder that is not there is a problem that names it") {
    const auto locking = lock("/nonexistent/state");
    REQUIRE(std::holds_alternative<Problem>(locking));
    CHECK(std::get<Problem>(locking).text == "cannot open /nonexistent/state: No such file or directory");
}

TEST_CASE("a symbolic link in the lock's place is not followed") {
    const test::TempFolder state;
    test::write_file(state / "victim", "precious");
    fs::create_symlink(state / "victim", state / "lock");
    CHECK(std::holds_alternative<Problem>(lock(state.path())));
    CHECK(test::read_file(state / "victim") == "precious");
}

}  // namespace
}  // namespace motionspool::system
