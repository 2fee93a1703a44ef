#include "store/group_commit.hpp"
#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>
#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>
#include <utility>

namespace motionspool::store {

GroupCommit::GroupCommit(asio::any_io_executor executor, SQLite::Database& db, std::function<std::chrono::nanoseconds()> ticks)
    : executor_{std::move(executor)}, db_{db}, ticks_{std::move(ticks)}, failed_{executor_} {}

GroupCommit::~GroupCommit() {
    if (!sqlite3_get_autocommit(db_.getHandle())) sqlite3_exec(db_.getHandle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void GroupCommit::begin() {
    if (failure_) std::rethrow_exception(failure_);
    if (open_) return assert_still_open();
    exec("BEGIN IMMEDIATE");
    open_ = true;
    auto later = [this, alive = std::weak_ptr{alive_}] {
        if (!alive.expired()) commit();
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
        exec("COMMIT");
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

void GroupCommit::exec(const char* sql) {
    if (const int rc = sqlite3_exec(db_.getHandle(), sql, nullptr, nullptr, nullptr); rc != SQLITE_OK) throw SQLite::Exception(db_.getHandle(), rc);
}

}  // namespace motionspool::store
