#include "store/appends.hpp"
#include <algorithm>
#include "store/values.hpp"

namespace motionspool::store {
using domain::AppendDeed;
using domain::AttemptState;
using domain::JobState;

namespace {

/// @param states "written_off,overdue", in order
std::optional<AttemptState> telling_of(std::string_view states) {
    std::vector<AttemptState> all;
    for (std::size_t at = 0; at <= states.size();) {
        const auto end = std::min(states.find(',', at), states.size());
        all.push_back(domain::attempt_state(states.substr(at, end - at)).value());
        at = end + 1;
    }
    return domain::telling(all);
}

constexpr const char* its_attempts = "(SELECT group_concat(a.state) FROM (SELECT state FROM attempts WHERE job = j.id AND stage = j.stage ORDER BY id) a)";

}  // namespace

Appends::Appends(SQLite::Database& db, GroupCommit& group, Jobs& jobs, Attempts& attempts, Operations& operations)
    : db_{db},
      group_{group},
      jobs_{jobs},
      attempts_{attempts},
      operations_{operations},
      taken_{db, std::string{"SELECT j.id, j.state, "} + its_attempts +
                     ", iif(i.sha256 = '', i.source, i.sha256), iif(m.sha256 = '', m.source, m.sha256), j.prompt, j.mode, "
                     "j.orientation FROM jobs j JOIN inputs i ON i.id = j.image JOIN inputs m ON m.id = j.motion WHERE j.batch = ? AND j.name_key = ?"},
      left_{db,
            "SELECT mode, (length_ms + 999) / 1000, count(*) FROM jobs WHERE batch = ? AND state <> 'done' AND state <> 'failed' AND state <> 'cancelled' "
            "GROUP BY 1, 2"},
      stands_{db, std::string{"SELECT j.state, "} + its_attempts + ", j.error_code, j.error_text FROM jobs j WHERE j.id = ?"},
      set_aside_{db, "UPDATE jobs SET batch = ?2, name_key = name_key || '/' || id, discarded = 1, updated = ?3 WHERE id = ?1"},
      wanted_again_{db, "UPDATE jobs SET discarded = 0 WHERE id = ?"},
      open_{db, "UPDATE batches SET state = 'open' WHERE id = ? AND state = 'arriving' AND appends = ?"},
      hand_over_{db, "UPDATE jobs SET batch = ?2 WHERE batch = ?1 AND instr(name_key, '/') = 0"},
      review_{db, "UPDATE batches SET review = 1 WHERE id = ?"},
      event_{db, "INSERT INTO events (batch, at, what) VALUES (?, ?, ?)"} {}

std::optional<TakenId> Appends::taken(BatchId batch, const std::string& name_key) {
    Use use{taken_, batch, name_key};
    if (!use.row()) return std::nullopt;
    TakenId taken;
    taken.id = JobId{use.number(0)};
    taken.earlier.state = domain::job_state(use.text(1)).value();
    if (!use.null(2)) taken.earlier.attempt = telling_of(use.text(2));
    taken.image = use.text(3);
    taken.motion = use.text(4);
    taken.prompt = use.text(5);
    taken.mode = mode_of(use.text(6));
    taken.orientation = orientation_of(use.text(7));
    return taken;
}

std::vector<domain::Lengths> Appends::left(BatchId batch) {
    Use use{left_, batch};
    return read_lengths(use);
}

bool Appends::join(BatchId drop, BatchId batch, const std::vector<Meeting>& meetings, bool review, const std::string& event, Instant now) {
    Change change{db_, group_};
    for (const auto& meeting : meetings) {
        if (!settle(meeting, drop, now)) return false;
    }
    if (Use{open_, drop, batch}.run() != 1) return false;
    Use{hand_over_, drop, batch}.run();
    if (review) Use{review_, batch}.run();
    operations_.reopen(batch, "open again: more jobs were appended", now);
    Use{event_, batch, now, event}.run();
    change.keep();
    return true;
}

bool Appends::settle(const Meeting& meeting, BatchId drop, Instant now) {
    std::optional<JobError> error;
    {
        Use use{stands_, meeting.earlier};
        if (!use.row() || domain::job_state(use.text(0)) != meeting.judged.state) return false;
        const auto attempt = use.null(1) ? std::nullopt : telling_of(use.text(1));
        if (attempt != meeting.judged.attempt) return false;
        if (!use.null(2)) error = JobError{use.text(2), use.text(3)};
    }
    if (meeting.deed != AppendDeed::replace) return take_up(meeting, now);
    constexpr const char* replaced = "replaced by an appended job of the same id";
    if (meeting.judged.state == JobState::cancelled)
        jobs_.note(meeting.earlier, replaced, now);
    else if (!jobs_.step(meeting.earlier, {.from = JobState::failed, .to = JobState::cancelled, .error = error}, replaced, now))
        return false;
    Use{set_aside_, meeting.earlier, drop, now}.run();
    const auto end = error && meeting.judged.state == JobState::failed ? "failed (" + error->code + ": " + error->message + ")" : std::string{"was cancelled"};
    if (meeting.job) jobs_.note(*meeting.job, "takes the place of the job of this id that " + end, now);
    return true;
}

bool Appends::take_up(const Meeting& meeting, Instant now) {
    const auto to = meeting.deed == AppendDeed::deliver ? JobState::downloading : JobState::running;
    const JobStep step{.from = meeting.judged.state, .to = to};
    Use{wanted_again_, meeting.earlier}.run();
    if (meeting.deed != AppendDeed::follow) return jobs_.step(meeting.earlier, step, "appended again: what was paid for is taken up, and nothing is paid", now);
    const auto attempts = attempts_.of(meeting.earlier);
    const auto overdue = std::find_if(attempts.rbegin(), attempts.rend(), [](const Attempt& a) { return a.state == AttemptState::overdue; });
    const AttemptChange again{
        .from = AttemptState::overdue, .to = AttemptState::submitted, .event = "appended again: its task is asked about, and nothing is paid", .job = step};
    return overdue != attempts.rend() && attempts_.change(overdue->id, again, now);
}

}  // namespace motionspool::store
