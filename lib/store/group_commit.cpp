#include "store/group_commit.hpp"
#include <sqlite3.h>
#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <stdexcept>
#include <utility>

namespace motionspool::store {

namespace {
/// Of the loop. The sockets are looked at between two of them: under load a third of the commits, and of their fsyncs, is saved.
constexpr int shared_turns = 3;
}  // namespace

GroupCommit::GroupCommit(asio::any_io_executor executor, SQLite::Database& db, std::function<std::chrono::nanoseconds()> ticks)
    : executor_{std::move(executor)},
      db_{db},
      begin_{db, "BEGIN IMMEDIATE"},
      commit_{db, "COMMIT"},
      begin_part_{db, "SAVEPOINT change"},
      end_part_{db, "RELEASE change"},
      ticks_{std::move(ticks)},
      failed_{executor_} {}

GroupCommit::~GroupCommit() {
    if (!sqlite3_get_autocommit(db_.getHandle())) sqlite3_exec(db_.getHandle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void GroupCommit::begin() {
    if (failure_) std::rethrow_exception(failure_);
    if (open_) return assert_still_open();
    exec(begin_);
    open_ = true;
    commit_after(shared_turns);
}

void GroupCommit::commit_after(int turns) {
    auto later = [this, turns, alive = std::weak_ptr{alive_}] {
        if (alive.expired()) return;
        if (turns > 1) return commit_after(turns - 1);
        commit();
    };
    asio::post(executor_, std::move(later));  // after the handlers that are ready now
}

void GroupCommit::assert_still_open() const {
    if (open_ && sqlite3_get_autocommit(db_.getHandle())) throw std::logic_error("SQLite rolled back a whole group of changes");
}

asio::awaitable<void> GroupCommit::durable() {
    if (failure_) std::rethrow_exception(failure_);
    if (!open_) co_return;
    auto initiate = [this](auto handler) { waiters_.emplace_back(std::move(handler)); };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(initiate, asio::use_awaitable);
}

asio::awaitable<void> GroupCommit::watch() {
    while (!failure_) co_await failed_.wait();
    std::rethrow_exception(failure_);
}

void GroupCommit::commit() noexcept {
    if (!open_) return;
    open_ = false;
    try {
        if (before_commit) before_commit();
        const auto started = ticks_();
        exec(commit_);
        const auto took = ticks_() - started;
        times_.commits++;
        times_.total += took;
        times_.slowest = std::max(times_.slowest, took);
        if (after_commit) after_commit();
    } catch (...) {
        failure_ = std::current_exception();
        failed_.ring();
    }
    for (auto& waiter : std::exchange(waiters_, {})) {
        auto tell = [waiter = std::move(waiter), error = failure_]() mutable { std::move(waiter)(error); };
        asio::post(executor_, std::move(tell));
    }
}

void GroupCommit::exec(SQLite::Statement& statement) {
    const int rc = statement.tryExecuteStep();
    std::optional<SQLite::Exception> trouble;
    if (rc != SQLITE_DONE) trouble.emplace(db_.getHandle(), rc);
    statement.tryReset();
    if (trouble) throw SQLite::Exception{*trouble};
}

}  // namespace motionspool::store
