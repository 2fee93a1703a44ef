#include "store/operations.hpp"
#include <algorithm>
#include "store/values.hpp"

namespace motionspool::store {
using domain::JobState;

namespace {

/// @param states "written_off,overdue", in order
std::optional<domain::AttemptState> telling_of(std::string_view states) {
    std::vector<domain::AttemptState> all;
    for (std::size_t at = 0; at <= states.size();) {
        const auto end = std::min(states.find(',', at), states.size());
        all.push_back(domain::attempt_state(states.substr(at, end - at)).value());
        at = end + 1;
    }
    return domain::telling(all);
}

}  // namespace

Operations::Operations(SQLite::Database& db, GroupCommit& group, Jobs& jobs)
    : db_{db},
      group_{group},
      jobs_{jobs},
      page_{db,
            "SELECT j.id, j.name_key, j.state, j.held, coalesce(j.error_code, ''), j.length_ms, "
            "(SELECT group_concat(a.state) FROM (SELECT state FROM attempts WHERE job = j.id AND stage = j.stage ORDER BY id) a), j.mode "
            "FROM jobs j WHERE j.batch = ? AND j.name_key > ? ORDER BY j.name_key LIMIT ?"},
      hold_batch_{db, "UPDATE batches SET held = 1 WHERE id = ?"},
      release_batch_{db, "UPDATE batches SET held = 0, review = 0 WHERE id = ?"},
      hold_{db, "UPDATE jobs SET held = 1, updated = ?2 WHERE id = ?1"},
      release_{db, "UPDATE jobs SET held = 0, released = ?2, updated = ?2 WHERE id = ?1"},
      discard_{db, "UPDATE jobs SET discarded = 1 WHERE id = ?"},
      queue_again_{db, "UPDATE jobs SET tries = 0, odd_after = coalesce((SELECT max(id) FROM attempts WHERE job = jobs.id), 0) WHERE id = ?"},
      reopen_{db, "UPDATE batches SET state = 'open', ended = NULL WHERE id = ? AND (state = 'ended' OR state = 'filed')"},
      event_{db, "INSERT INTO events (batch, at, what) VALUES (?, ?, ?)"},
      priority_{db, "UPDATE batches SET priority = ?2 WHERE id = ?1"},
      job_priority_{db, "UPDATE jobs SET priority = ?2 WHERE batch = ?1"},
      share_{db, "UPDATE batches SET share = ?2 WHERE id = ?1"},
      window_{db, "UPDATE batches SET window = ?2 WHERE id = ?1"},
      budget_{db, "UPDATE batches SET budget = ?2 WHERE id = ?1"},
      pause_{db, "INSERT OR REPLACE INTO pause (id, reason, until, since) VALUES (1, ?, ?, ?)"},
      resume_{db, "DELETE FROM pause"},
      start_{db, "DELETE FROM meta WHERE key = 'price_stop'"},
      paused_{db,
              "SELECT substr(value, instr(value, ' ') + 1), NULL, CAST(value AS INTEGER), 0 AS turn FROM meta WHERE key = 'price_stop' UNION ALL SELECT "
              "reason, until, since, 1 FROM pause WHERE until IS NULL OR until > ? ORDER BY turn LIMIT 1"} {}

template <typename... Values>
void Operations::change(SQLite::Statement& statement, const Values&... values) {
    Change change{db_, group_};
    Use{statement, values...}.run();
    change.keep();
}

std::vector<Operations::Row> Operations::page(BatchId batch, const std::string& after, int limit) {
    std::vector<Row> rows;
    Use use{page_, batch, after, limit};
    while (use.row()) {
        Row row{JobId{use.number(0)}, use.text(1), {}, std::chrono::milliseconds{use.number(5)}, mode_of(use.text(7))};
        row.subject = {domain::job_state(use.text(2)).value(), use.number(3) != 0, use.text(4), std::nullopt, false};
        if (!use.null(6)) row.subject.attempt = telling_of(use.text(6));
        rows.push_back(std::move(row));
    }
    return rows;
}

void Operations::hold(BatchId batch, const std::string& event, Instant now) {
    Change change{db_, group_};
    Use{hold_batch_, batch}.run();
    Use{event_, batch, now, event}.run();
    change.keep();
}

void Operations::hold(JobId job, Instant now) {
    Change change{db_, group_};
    Use{hold_, job, now}.run();
    jobs_.note(job, "held", now);
    change.keep();
}

void Operations::release(BatchId batch, const std::string& event, Instant now) {
    Change change{db_, group_};
    Use{release_batch_, batch}.run();
    Use{event_, batch, now, event}.run();
    change.keep();
}

void Operations::release(JobId job, Instant now) {
    Change change{db_, group_};
    Use{release_, job, now}.run();
    jobs_.note(job, "released", now);
    change.keep();
}

bool Operations::cancel(JobId job, JobState from, Instant now) {
    return jobs_.step(job, {.from = from, .to = JobState::cancelled}, "cancelled before anything was paid", now);
}

bool Operations::discard(JobId job, JobState from, Instant now) {
    Change change{db_, group_};
    const auto event = "cancelled while " + std::string{to_string(from)} + ", and given up: what it costs is booked, nothing is delivered";
    if (!jobs_.step(job, {.from = from, .to = JobState::cancelled}, event, now)) return false;
    Use{discard_, job}.run();
    change.keep();
    return true;
}

bool Operations::queue_again(JobId job, Instant now) {
    Change change{db_, group_};
    if (!jobs_.step(job, {.from = JobState::failed, .to = JobState::queued}, "queued again by `retry`", now)) return false;
    Use{queue_again_, job}.run();
    change.keep();
    return true;
}

bool Operations::reopen(BatchId batch, const std::string& event, Instant now) {
    Change change{db_, group_};
    if (Use{reopen_, batch}.run() != 1) return false;
    Use{event_, batch, now, event}.run();
    change.keep();
    return true;
}

void Operations::set_priority(BatchId batch, int priority) {
    Change change{db_, group_};
    Use{priority_, batch, priority}.run();
    Use{job_priority_, batch, priority}.run();
    change.keep();
}

void Operations::set_share(BatchId batch, const std::string& share) { change(share_, batch, share); }
void Operations::set_window(BatchId batch, const std::string& window) { change(window_, batch, window); }
void Operations::set_budget(BatchId batch, std::optional<Credits> budget) { change(budget_, batch, budget); }

void Operations::pause(const Pause& pause) { change(pause_, pause.reason, pause.until, pause.since); }

bool Operations::resume() {
    Change change{db_, group_};
    const bool paused = Use{resume_}.run() > 0, stopped = Use{start_}.run() > 0;
    change.keep();
    return paused || stopped;
}

std::optional<Pause> Operations::paused(Instant now) {
    Use use{paused_, now};
    if (!use.row()) return std::nullopt;
    Pause pause{use.text(0), std::nullopt, use.instant(2)};
    if (!use.null(1)) pause.until = use.instant(1);
    return pause;
}

}  // namespace motionspool::store
