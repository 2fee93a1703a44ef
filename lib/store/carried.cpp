#include "store/carried.hpp"

namespace motionspool::store {
using domain::JobState;

Carried::Carried(SQLite::Database& db, GroupCommit& group, Jobs& jobs) : db_{db}, group_{group}, jobs_{jobs} {}

std::vector<Carried::Waiting> Carried::waiting() {
    SQLite::Statement statement{db_,
                                "SELECT b.id, b.name, b.share, b.window, (SELECT count(*) FROM jobs j INDEXED BY jobs_queued WHERE j.batch = b.id AND j.state "
                                "= 'queued') AS waiting FROM batches b WHERE b.state = 'open' AND b.appends IS NULL AND waiting > 0 ORDER BY b.id"};
    std::vector<Waiting> batches;
    Use use{statement};
    while (use.row()) batches.push_back({BatchId{use.number(0)}, use.text(1), use.text(2), use.text(3), static_cast<std::size_t>(use.number(4))});
    return batches;
}

std::size_t Carried::fail_used_up(int attempts, Instant now, int most) {
    SQLite::Statement statement{db_,
                                "SELECT j.id, j.tries, coalesce((SELECT a.cause FROM attempts a WHERE a.job = j.id AND a.cause <> '' ORDER BY a.id DESC LIMIT "
                                "1), 'provider-failed') FROM jobs j JOIN batches b ON b.id = j.batch WHERE j.state = 'queued' AND j.tries >= ? AND b.state "
                                "<> 'arriving' LIMIT ?"};
    struct Row {
        JobId id;
        std::int64_t tries;
        std::string cause;
    };
    std::vector<Row> rows;
    {
        Use use{statement, attempts, most};
        while (use.row()) rows.push_back({JobId{use.number(0)}, use.number(1), use.text(2)});
    }
    for (const auto& row : rows) {
        const auto text = "it has used " + std::to_string(row.tries) + " tries, which cost nothing, and limits.attempts is " + std::to_string(attempts) +
                          " now; `motionspool retry` lets it try again";
        (void)jobs_.step(row.id, {.from = JobState::queued, .to = JobState::failed, .error = JobError{row.cause, text}}, "failed: " + text, now);
    }
    return rows.size();
}

std::vector<Carried::Dated> Carried::dated(Instant since) {
    SQLite::Statement statement{db_,
                                "SELECT k.attempt, k.account, coalesce((SELECT iif(CAST(substr(t.account, -10) AS INTEGER) = l.at / 3600000, l.at, "
                                "CAST(substr(t.account, -10) AS INTEGER) * 3600000 + 3599999) FROM bookings t WHERE t.attempt = l.attempt AND t.account GLOB "
                                "'turn/*'), l.at) FROM ledger l JOIN bookings k ON k.attempt = l.attempt WHERE l.entry = 'reserve' AND l.at > "
                                "? AND (k.account GLOB 'day/*' OR k.account GLOB 'share/*' OR k.account GLOB 'window/*')"};
    std::vector<Dated> all;
    Use use{statement, since};
    while (use.row()) {
        const auto account = use.text(1);
        const auto slash = account.rfind('/') + 1;
        all.push_back({AttemptId{use.number(0)}, account.substr(0, slash), account.substr(slash), use.instant(2)});
    }
    return all;
}

void Carried::book_for(const Dated& booking, const std::string& date) {
    constexpr const char* reserved =
        "sum(CASE entry WHEN 'reserve' THEN amount WHEN 'release' THEN -amount WHEN 'settle' THEN -(SELECT r.amount FROM ledger r "
        "WHERE r.attempt = l.attempt AND r.entry = 'reserve') ELSE 0 END)";
    constexpr const char* spent = "sum(iif(entry = 'settle' OR entry = 'adjust', amount, 0))";
    SQLite::Statement open{db_, "INSERT INTO accounts (name, reserved, spent) VALUES (?, 0, 0) ON CONFLICT (name) DO NOTHING"},
        move{db_, "UPDATE bookings SET account = ?3 WHERE attempt = ?1 AND account = ?2"},
        sums{db_, std::string{"SELECT "} + reserved + ", " + spent + " FROM ledger l WHERE attempt = ?"},
        add{db_, "UPDATE accounts SET reserved = reserved + ?2, spent = spent + ?3 WHERE name = ?1"};
    Change change{db_, group_};
    Use{open, booking.prefix + date}.run();
    Use{move, booking.attempt, booking.prefix + booking.date, booking.prefix + date}.run();
    Credits held, paid;
    {
        Use use{sums, booking.attempt};
        (void)use.row();
        held = use.credits(0);
        paid = use.credits(1);
    }
    Use{add, booking.prefix + booking.date, Credits{} - held, Credits{} - paid}.run();
    Use{add, booking.prefix + date, held, paid}.run();
    change.keep();
}

}  // namespace motionspool::store
