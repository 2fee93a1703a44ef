#pragma once
#include <SQLiteCpp/SQLiteCpp.h>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <vector>
#include "async/wakeup.hpp"

namespace motionspool::store {
namespace asio = boost::asio;

/// What commits cost, for the operator and the benchmark.
struct CommitTimes {
    std::uint64_t commits = 0;
    std::chrono::nanoseconds total{0}, slowest{0};
};

/// Group commit: the changes of a few loop turns share a transaction; who needs durability awaits it. Outlives every coroutine that awaits it.
class GroupCommit {
public:
    /// @param ticks a monotonic reading, to measure commits by
    GroupCommit(asio::any_io_executor, SQLite::Database&, std::function<std::chrono::nanoseconds()> ticks);
    GroupCommit(const GroupCommit&) = delete;
    GroupCommit& operator=(const GroupCommit&) = delete;
    /// What is open is rolled back.
    ~GroupCommit();

    /// Opens the group's transaction if none is. @throws what ended an earlier commit: the store is dead from then on; std::logic_error as assert_still_open()
    void begin();
    /// A part of the group that goes as a whole, between the two; they nest. @throws SQLite::Exception
    void begin_part() { exec(begin_part_); }
    void end_part() { exec(end_part_); }
    /// Some SQLite errors undo the whole group, not the statement. @throws std::logic_error if that has happened
    void assert_still_open() const;

    /// Completes once everything changed so far is on disk; at once if nothing is pending. Not cancellable: a commit takes a few turns, and its outcome is
    /// always told.
    /// @throws the commit's error
    asio::awaitable<void> durable();
    /// Is anything changed that is not on disk yet?
    [[nodiscard]] bool pending() const { return open_; }
    /// Never completes well: throws the error of the first commit that fails. The service's group owns it, so that a failed commit ends the service.
    asio::awaitable<void> watch();
    /// Commits what is open now. Never throws: the waiters and watch() are told.
    void commit() noexcept;

    /// How often changes were taken back: what was read before may have seen rows that are not there, and whose ids are given again.
    [[nodiscard]] std::uint64_t undone() const { return undone_; }
    void count_undone() { undone_++; }

    [[nodiscard]] const CommitTimes& times() const { return times_; }
    std::function<void()> before_commit, after_commit;  ///< for tests: fault injection

private:
    void commit_after(int turns);
    void exec(SQLite::Statement&);
    asio::any_io_executor executor_;
    SQLite::Database& db_;
    SQLite::Statement begin_, commit_, begin_part_, end_part_;
    std::function<std::chrono::nanoseconds()> ticks_;
    Wakeup failed_;
    CommitTimes times_;
    bool open_ = false;
    std::uint64_t undone_ = 0;
    std::exception_ptr failure_;
    std::vector<asio::any_completion_handler<void(std::exception_ptr)>> waiters_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace motionspool::store
