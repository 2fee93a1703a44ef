#pragma once
#include <map>
#include <string>
#include <vector>
#include "store/attempts.hpp"
#include "store/database.hpp"

namespace motionspool::store {

/// What the database brings along from the configuration of an earlier run. Asked at start; scans.
class Carried {
public:
    Carried(SQLite::Database&, GroupCommit&, Jobs&);
    struct Waiting {
        BatchId batch;
        std::string name, share, window;
        std::size_t jobs = 0;
    };
    /// Batches with waiting jobs, by age.
    [[nodiscard]] std::vector<Waiting> waiting();

    /// Waiting jobs that have used up that many tries, in slices: the first of them fail for the cause of their last one. @return how many; 0: none is left
    std::size_t fail_used_up(int attempts, Instant now, int most);

    /// One name an attempt is booked to that ends with a date.
    struct Dated {
        AttemptId attempt;
        std::string prefix, date;  ///< "day/", "2026-11-24"
        Instant reserved;
    };
    /// Of reservations made after `since`.
    [[nodiscard]] std::vector<Dated> dated(Instant since);
    /// It counts for that date instead.
    void book_for(const Dated&, const std::string& date);

private:
    SQLite::Database& db_;
    GroupCommit& group_;
    Jobs& jobs_;
};

}  // namespace motionspool::store
