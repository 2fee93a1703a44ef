#include "store/deliveries.hpp"
#include "store/values.hpp"

namespace motionspool::store {

Deliveries::Deliveries(SQLite::Database& db, GroupCommit& group, Jobs& jobs)
    : db_{db},
      group_{group},
      jobs_{jobs},
      placing_{db,
               "INSERT INTO deliveries (job, stage, attempt, path, bytes, sha256) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (job, stage) DO UPDATE SET "
               "attempt = excluded.attempt, path = excluded.path, bytes = excluded.bytes, sha256 = excluded.sha256"},
      find_{db, "SELECT attempt, path, bytes, sha256 FROM deliveries WHERE job = ? AND stage = ?"},
      given_up_{
          db,
          "SELECT d.job, d.stage, d.attempt, d.path, d.bytes, d.sha256 FROM deliveries d JOIN jobs j ON j.id = d.job AND j.discarded = 1 AND j.output IS NULL"},
      taken_{db, "SELECT 1 FROM deliveries WHERE path = ? AND job <> ?"},
      output_{db, "UPDATE jobs SET output = ? WHERE id = ?"},
      unusable_{db, "UPDATE attempts SET unusable = 1 WHERE id = ?"},
      put_off_{db, "INSERT INTO download_troubles (job, text, until, since) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (job) DO UPDATE SET text = ?2, until = ?3"},
      no_trouble_{db, "DELETE FROM download_troubles WHERE job = ?"},
      recover_{db, "DELETE FROM download_troubles"} {}

void Deliveries::placing(const Placing& p) {
    Change change{db_, group_};
    Use{placing_, p.job, to_string(p.stage), p.attempt, p.path, static_cast<std::int64_t>(p.bytes), p.sha256}.run();
    change.keep();
}

std::optional<Placing> Deliveries::find(JobId job, domain::Stage stage) {
    Use use{find_, job, to_string(stage)};
    if (!use.row()) return std::nullopt;
    return Placing{job, stage, AttemptId{use.number(0)}, use.text(1), static_cast<std::uint64_t>(use.number(2)), use.text(3)};
}

std::vector<Placing> Deliveries::given_up() {
    std::vector<Placing> all;
    Use use{given_up_};
    while (use.row()) {
        all.push_back(
            {JobId{use.number(0)}, stage_of(use.text(1)), AttemptId{use.number(2)}, use.text(3), static_cast<std::uint64_t>(use.number(4)), use.text(5)});
    }
    return all;
}

bool Deliveries::taken(const std::string& path, JobId but) { return Use{taken_, path, but}.row(); }

bool Deliveries::done(const Placing& p, Instant now) {
    Change change{db_, group_};
    const JobStep step{.from = domain::JobState::downloading, .to = domain::JobState::done};
    if (!jobs_.step(p.job, step, "done: " + p.path, now)) return false;
    Use{output_, p.path, p.job}.run();
    Use{no_trouble_, p.job}.run();
    change.keep();
    return true;
}

bool Deliveries::failed(JobId job, AttemptId attempt, const JobError& error, Instant now) {
    Change change{db_, group_};
    const JobStep step{.from = domain::JobState::downloading, .to = domain::JobState::failed, .error = error};
    if (!jobs_.step(job, step, "failed: " + error.message, now)) return false;
    Use{unusable_, attempt}.run();
    Use{no_trouble_, job}.run();
    change.keep();
    return true;
}

void Deliveries::put_off(JobId job, const std::string& why, Instant until, Instant now) {
    Change change{db_, group_};
    Use{put_off_, job, why, until, now}.run();
    change.keep();
}

void Deliveries::recover() {
    Change change{db_, group_};
    Use{recover_}.run();
    change.keep();
}

}  // namespace motionspool::store
