#include <doctest/doctest.h>
#include <boost/asio/post.hpp>
#include <stdexcept>
#include "async/task_group.hpp"
#include "memory.hpp"

namespace motionspool::store {
namespace {
using namespace test;

/// Ends when everything changed so far is durable, and tells what it ended with.
asio::awaitable<void> wait_durable(GroupCommit& commits, std::string& ended) {
    try {
        co_await commits.durable();
        ended = "durable";
    } catch (const std::exception& error) { ended = error.what(); }
}
void fail(GroupCommit& commits) {
    commits.before_commit = [] { throw std::runtime_error("the disk is gone"); };
}

struct Fixture : Memory {
    TaskGroup group{io.get_executor()};
    std::string first, second;
    /// Runs it as a handler of the loop, where a spawned coroutine begins at once, then everything that is ready.
    void in_loop(const std::function<void()>& work) {
        asio::post(io, work);
        turn();
    }
    ~Fixture() {
        group.cancel();
        turn();
    }
};

TEST_CASE_FIXTURE(Fixture, "durable() completes after the commit, and not before") {
    bool committed = false;
    store->commits.after_commit = [&] {
        committed = true;
        CHECK(first.empty());
    };
    in_loop([&] {
        store->notes.set_fact("a", "1");
        group.spawn(wait_durable(store->commits, first));
        CHECK(first.empty());
        CHECK_FALSE(committed);
    });
    CHECK(committed);
    CHECK(first == "durable");
}

TEST_CASE_FIXTURE(Fixture, "durable() completes at once when nothing is pending") {
    in_loop([&] {
        group.spawn(wait_durable(store->commits, first));
        CHECK(first == "durable");
    });
    CHECK(store->commits.times().commits == 0);
}

TEST_CASE_FIXTURE(Fixture, "changes share a commit, and those after it have their own") {
    for (int i = 0; i < 1000; i++) store->notes.set_fact("k" + std::to_string(i), "1");
    group.spawn(wait_durable(store->commits, first));
    group.spawn(wait_durable(store->commits, second));
    turn();
    CHECK(first == "durable");
    CHECK(second == "durable");
    CHECK(store->commits.times().commits == 1);
    store->notes.set_fact("later", "1");
    turn();
    CHECK(store->commits.times().commits == 2);
    CHECK(store->commits.times().slowest == 1ms);
    CHECK(store->commits.times().total == 2ms);
}

TEST_CASE_FIXTURE(Fixture, "a commit is shared by three turns of the loop, and no longer put off by changes that go on") {
    int turns = 0, committed_in = 0;
    store->commits.after_commit = [&] { committed_in = turns; };
    std::function<void()> go_on = [&] {
        store->notes.set_fact("k" + std::to_string(turns), "1");
        if (++turns == 2) group.spawn(wait_durable(store->commits, first));
        if (turns < 3) asio::post(io, go_on);
    };
    asio::post(io, go_on);
    for (int i = 0; i < 5; i++) io.poll_one();  // turn, countdown, turn, countdown, turn
    CHECK(turns == 3);
    CHECK(store->commits.times().commits == 0);
    io.poll_one();
    CHECK(store->commits.times().commits == 1);
    CHECK(committed_in == 3);
    turn();
    CHECK(first == "durable");
    CHECK(store->commits.times().commits == 1);
}

TEST_CASE_FIXTURE(Fixture, "what is not committed is lost with the process, what is durable is not") {
    store->notes.set_fact("kept", "1");
    turn();
    store->notes.set_fact("lost", "1");
    CHECK(store->notes.fact("lost") == "1");
    crash();
    CHECK(store->notes.fact("kept") == "1");
    CHECK_FALSE(store->notes.fact("lost"));
}

TEST_CASE_FIXTURE(Fixture, "a commit that fails is told to everyone who waits, and to those who come later") {
    fail(store->commits);
    store->notes.set_fact("a", "1");
    group.spawn(wait_durable(store->commits, first));
    group.spawn(wait_durable(store->commits, second));
    turn();
    CHECK(first == "the disk is gone");
    CHECK(second == "the disk is gone");
    std::string late;
    group.spawn(wait_durable(store->commits, late));
    turn();
    CHECK(late == "the disk is gone");
}

TEST_CASE_FIXTURE(Fixture, "after a failed commit the store is dead: nothing changes, even if the disk is back") {
    fail(store->commits);
    store->notes.set_fact("a", "1");
    turn();
    store->commits.before_commit = nullptr;
    CHECK_THROWS_WITH(store->notes.set_fact("b", "1"), "the disk is gone");
    turn();
    CHECK(store->commits.times().commits == 0);
    crash();
    CHECK_FALSE(store->notes.fact("a"));
    CHECK_FALSE(store->notes.fact("b"));
}

TEST_CASE_FIXTURE(Fixture, "watch() ends with the failed commit's error, whether it waited before or came after") {
    const auto watching = [&](std::string& ended) -> asio::awaitable<void> {
        try {
            co_await store->commits.watch();
        } catch (const std::exception& error) { ended = error.what(); }
    };
    group.spawn(watching(first));
    store->notes.set_fact("good", "1");
    turn();
    CHECK(first.empty());
    fail(store->commits);
    store->notes.set_fact("bad", "1");
    turn();
    CHECK(first == "the disk is gone");
    group.spawn(watching(second));
    turn();
    CHECK(second == "the disk is gone");
}

TEST_CASE_FIXTURE(Fixture, "a COMMIT that SQLite refuses is a failed commit") {
    store->notes.set_fact("a", "1");
    group.spawn(wait_durable(store->commits, first));
    store->db->exec("ROLLBACK");
    turn();
    CHECK(first.find("no transaction is active") != std::string::npos);
    CHECK_THROWS(store->notes.set_fact("b", "1"));
}

TEST_CASE_FIXTURE(Fixture, "a shutdown between change and commit loses neither the change nor who waits for it") {
    in_loop([&] {
        store->notes.set_fact("a", "1");
        group.spawn(wait_durable(store->commits, first));
        group.cancel();
        CHECK(first.empty());
    });
    CHECK(first == "durable");
    crash();
    CHECK(store->notes.fact("a") == "1");
}

TEST_CASE_FIXTURE(Fixture, "a change made while others wait goes into a commit that is told to its own waiters") {
    store->notes.set_fact("a", "1");
    bool told = false;
    const auto goes_on = [&]() -> asio::awaitable<void> {
        co_await store->commits.durable();
        store->notes.set_fact("b", "1");
        co_await store->commits.durable();
        told = true;
    };
    group.spawn(goes_on());
    turn();
    CHECK(told);
    CHECK(store->commits.times().commits == 2);
}

TEST_CASE_FIXTURE(Fixture, "another process that holds the write lock is an error, soon") {
    SQLite::Database other{file().string(), SQLite::OPEN_READWRITE};
    other.exec("BEGIN IMMEDIATE");
    const auto began = std::chrono::steady_clock::now();
    CHECK_THROWS_AS(store->notes.set_fact("a", "1"), SQLite::Exception);
    CHECK(std::chrono::steady_clock::now() - began < 2s);
    other.exec("ROLLBACK");
    CHECK_NOTHROW(store->notes.set_fact("a", "1"));
}

}  // namespace
}  // namespace motionspool::store
