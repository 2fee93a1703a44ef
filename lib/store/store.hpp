#pragma once
#include "store/attempts.hpp"
#include "store/batches.hpp"
#include "store/deliveries.hpp"
#include "store/jobs.hpp"
#include "store/notes.hpp"
#include "store/uploads.hpp"
#include "store/views.hpp"

namespace motionspool::store {

/// All the daemon remembers: one database, its group commit, and questions and changes in domain words.
struct Store {
    /// @param database from open_for_writing; @param ticks a monotonic reading, to measure commits by
    Store(asio::any_io_executor executor, std::unique_ptr<SQLite::Database> database, std::function<std::chrono::nanoseconds()> ticks)
        : db{std::move(database)}, commits{std::move(executor), *db, std::move(ticks)} {}

    std::unique_ptr<SQLite::Database> db;
    GroupCommit commits;
    Batches batches{*db, commits};
    Jobs jobs{*db, commits};
    Attempts attempts{*db, commits, jobs};
    Uploads uploads{*db, commits};
    Deliveries deliveries{*db, commits, jobs};
    Notes notes{*db, commits};
    Views views{*db};
};

}  // namespace motionspool::store
