#include "store/jobs.hpp"
#include <algorithm>
#include <stdexcept>
#include "store/values.hpp"

namespace motionspool::store {
using domain::JobState;

Input read_input(Use& use) {
    Input input;
    input.id = InputId{use.number(0)};
    input.batch = BatchId{use.number(1)};
    input.source = use.text(2);
    input.root = use.text(3);
    input.format = format_of(use.text(4));
    input.bytes = static_cast<std::uint64_t>(use.number(5));
    input.sha256 = use.text(6);
    input.url = use.maybe_text(7);
    if (input.root == "url") input.url = input.source;
    return input;
}
namespace {
constexpr const char* input_columns = "SELECT i.id, i.batch, i.source, i.root, i.format, i.bytes, i.sha256, u.url FROM inputs i ";
/// Then it is of today's model; else of the one its last attempt named.
bool to_be_rendered(JobState state) { return state == JobState::queued || state == JobState::uploading; }
}  // namespace

Jobs::Jobs(SQLite::Database& db, GroupCommit& group)
    : db_{db},
      group_{group},
      add_{db,
           "INSERT INTO jobs (batch, name, name_key, image, motion, prompt, mode, orientation, length_ms, priority, state, stage, error_code, "
           "error_text, created, updated, render) "
           "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'single', ?12, ?13, ?14, ?14, ?15)"},
      step_{db,
            "UPDATE jobs SET state = ?3, error_code = ?4, error_text = ?5, not_before = coalesce(?6, iif('uploading' IN (?2, ?3), not_before, 0)), tries = "
            "tries + ?7, updated = ?8 WHERE id = ?1 AND state = ?2"},
      unprint_{db,
               "UPDATE batches SET fingerprint = '' WHERE id = (SELECT i.batch FROM jobs j JOIN inputs i ON i.id = j.image WHERE j.id = ?1) AND (SELECT "
               "iif(json_valid(request), json_extract(request, '$.model'), '') FROM attempts WHERE job = ?1 ORDER BY id DESC LIMIT 1) <> (SELECT value FROM "
               "meta WHERE key = 'model')"},
      note_{db, "INSERT INTO events (batch, job, at, what) SELECT batch, id, ?2, ?3 FROM jobs WHERE id = ?1"},
      get_{db,
           "SELECT j.id, j.batch, b.name, j.name, b.note, j.image, j.motion, j.prompt, j.mode, j.orientation, j.length_ms, j.state, j.stage, "
           "j.tries, j.created "
           "FROM jobs j JOIN batches b ON b.id = j.batch WHERE j.id = ?"},
      in_state_{
          db,
          "SELECT id FROM jobs INDEXED BY jobs_active WHERE state = ? AND state <> 'queued' AND state <> 'done' AND state <> 'failed' AND state <> 'cancelled' "
          "ORDER BY id"},
      input_{db, std::string{input_columns} + "LEFT JOIN uploads u ON u.sha256 = i.sha256 AND u.until > ?2 WHERE i.id = ?1"},
      waiting_on_{db,
                  "SELECT id FROM jobs WHERE image = ?1 AND state IN ('queued', 'uploading') UNION SELECT id FROM jobs WHERE motion = ?1 AND state IN "
                  "('queued', 'uploading') LIMIT ?2"} {}

JobId Jobs::add(const NewJob& job, Instant now) {
    Change change{db_, group_};
    const auto state = job.invalid ? JobState::failed : JobState::queued;
    std::optional<std::string> code, text;
    if (job.invalid) {
        code = job.invalid->code;
        text = job.invalid->message;
    }
    Use{add_,       job.batch,    job.name,         job.name_key, job.image, job.motion, job.prompt, to_string(job.mode), to_string(job.orientation),
        job.length, job.priority, to_string(state), code,         text,      now,        job.render}
        .run();
    const JobId id{db_.getLastInsertRowid()};
    change.keep();
    return id;
}

bool Jobs::step(JobId id, const JobStep& step, const std::string& event, Instant now) {
    if (!domain::allowed(step.from, step.to))
        throw std::logic_error("a job cannot go from " + std::string{to_string(step.from)} + " to " + std::string{to_string(step.to)});
    Change change{db_, group_};
    std::optional<std::string> code, text;
    if (step.error) {
        code = step.error->code;
        text = step.error->message;
    }
    if (Use{step_, id, to_string(step.from), to_string(step.to), code, text, step.not_before, step.counts ? 1 : 0, now}.run() != 1) return false;
    if (!event.empty()) Use{note_, id, now, event}.run();
    if (to_be_rendered(step.from) != to_be_rendered(step.to) && step.to != JobState::submitting) Use{unprint_, id}.run();
    change.keep();
    return true;
}

void Jobs::note(JobId id, const std::string& event, Instant now) {
    Change change{db_, group_};
    Use{note_, id, now, event}.run();
    change.keep();
}

std::vector<JobId> Jobs::waiting_on(InputId input, int limit) {
    std::vector<JobId> ids;
    Use use{waiting_on_, input, limit};
    while (use.row()) ids.emplace_back(use.number(0));
    return ids;
}

std::size_t Jobs::fail_waiting_on(InputId input, const JobError& error, Instant now, int limit) {
    const auto ids = waiting_on(input, limit);
    for (const auto id : ids) {
        const std::string event = "failed: " + error.message;
        const bool queued = step(id, JobStep{.from = JobState::queued, .to = JobState::failed, .error = error}, event, now);
        if (!queued) (void)step(id, JobStep{.from = JobState::uploading, .to = JobState::failed, .error = error}, event, now);
    }
    return ids.size();
}

std::optional<JobId> Jobs::begin_upload(InputId input, Instant now) {
    for (const auto id : waiting_on(input, 8)) {
        if (step(id, JobStep{.from = JobState::queued, .to = JobState::uploading}, {}, now)) return id;
    }
    return std::nullopt;
}

void Jobs::end_upload(JobId id, const std::string& event, Instant now) {
    (void)step(id, JobStep{.from = JobState::uploading, .to = JobState::queued}, event, now);
}

void Jobs::recover(Instant now) {
    for (const auto id : in_state(JobState::uploading)) (void)step(id, JobStep{.from = JobState::uploading, .to = JobState::queued}, {}, now);
}

std::optional<Job> Jobs::get(JobId id) {
    Use use{get_, id};
    if (!use.row()) return std::nullopt;
    Job job;
    job.id = JobId{use.number(0)};
    job.batch = BatchId{use.number(1)};
    job.batch_name = use.text(2);
    job.name = use.text(3);
    job.note = use.text(4);
    job.image = InputId{use.number(5)};
    job.motion = InputId{use.number(6)};
    job.prompt = use.text(7);
    job.mode = mode_of(use.text(8));
    job.orientation = orientation_of(use.text(9));
    job.length = std::chrono::milliseconds{use.number(10)};
    job.state = domain::job_state(use.text(11)).value();
    job.stage = stage_of(use.text(12));
    job.tries = static_cast<int>(use.number(13));
    job.created = use.instant(14);
    return job;
}

std::vector<JobId> Jobs::in_state(JobState state) {
    std::vector<JobId> ids;
    Use use{in_state_, to_string(state)};
    while (use.row()) ids.emplace_back(use.number(0));
    return ids;
}

std::optional<Input> Jobs::input(InputId id, Instant now) {
    Use use{input_, id, now};
    if (!use.row()) return std::nullopt;
    return read_input(use);
}

}  // namespace motionspool::store
