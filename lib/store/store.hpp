#pragma once
#include "store/accounts.hpp"
#include "store/appends.hpp"
#include "store/attempts.hpp"
#include "store/batches.hpp"
#include "store/carried.hpp"
#include "store/deliveries.hpp"
#include "store/funds.hpp"
#include "store/hints.hpp"
#include "store/jobs.hpp"
#include "store/notes.hpp"
#include "store/operations.hpp"
#include "store/queue.hpp"
#include "store/renders.hpp"
#include "store/uploads.hpp"
#include "store/views.hpp"
#include "store/whereabouts.hpp"

namespace motionspool::store {

/// All the daemon remembers: one database, its group commit, and questions and changes in domain words.
struct Store {
    /// @param database from open_for_writing; @param ticks a monotonic reading, to measure commits by
    Store(const asio::any_io_executor& loop, std::unique_ptr<SQLite::Database> database, std::function<std::chrono::nanoseconds()> ticks)
        : executor{loop}, db{std::move(database)}, commits{loop, *db, std::move(ticks)} {}

    /// The provider could not fetch a job's inputs: they are uploaded again.
    void forget_uploads(const Job& job) {
        for (const auto id : {job.image, job.motion}) {
            if (const auto input = jobs.input(id, job.created)) uploads.forget(input->sha256);
        }
    }

    /// From now on what is booked to the first of two names counts for the second.
    void move_bookings(const std::map<std::string, std::string>& names) {
        if (names.empty()) return;
        Change change{*db, commits};
        accounts.rename(names);
        change.keep();
    }

    /// Why nothing, or not everything, is submitted: the lane's pause, else an upload that fails.
    [[nodiscard]] std::optional<LaneNote> why_waiting() {
        if (auto lane = notes.lane()) return lane;
        return uploads.trouble();
    }

    asio::any_io_executor executor;
    std::unique_ptr<SQLite::Database> db;
    OpenFiles files{db->getFilename()};
    GroupCommit commits;
    Batches batches{*db, commits};
    Jobs jobs{*db, commits};
    Queue queue{*db};
    Accounts accounts{*db};
    Funds funds{*db, commits};
    Attempts attempts{*db, commits, jobs, accounts, funds};
    Hints hints{*db, commits};
    Uploads uploads{*db, commits};
    Deliveries deliveries{*db, commits, jobs};
    Notes notes{*db, commits};
    Operations operations{*db, commits, jobs};
    Appends appends{*db, commits, jobs, attempts, operations};
    Renders renders{*db, commits};
    Views views{*db};
    Carried carried{*db, commits, jobs};
};

}  // namespace motionspool::store
