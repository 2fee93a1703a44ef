#include "store/renders.hpp"
#include <algorithm>
#include "store/values.hpp"

namespace motionspool::store {
namespace {

/// May attempt `a` have cost anything?
constexpr const char* may_have_cost =
    "(a.state <> 'not_sent' AND a.state <> 'refused' AND (a.state <> 'failed' OR EXISTS (SELECT 1 FROM ledger l WHERE l.attempt = a.id AND l.amount <> 0 AND "
    "(l.entry = 'settle' OR l.entry = 'adjust'))))";

constexpr const char* unended = "(j.state <> 'failed' AND j.state <> 'cancelled')";

}  // namespace

Renders::Renders(SQLite::Database& db, GroupCommit& group)
    : db_{db},
      group_{group},
      drop_known_{db,
                  std::string{"SELECT b.name FROM batches b WHERE b.fingerprint = ?1 AND b.state <> 'arriving' AND EXISTS (SELECT 1 FROM inputs i JOIN jobs j "
                              "ON j.image = i.id WHERE i.batch = b.id AND j.render <> '' AND ("} +
                      unended + " OR EXISTS (SELECT 1 FROM attempts a WHERE a.job = j.id AND (b.appends IS NULL OR " + may_have_cost +
                      ")))) ORDER BY b.id LIMIT 1"},
      job_known_{db, std::string{"SELECT b.name FROM (SELECT id, batch, state FROM jobs WHERE render = ?1 AND render <> '' ORDER BY id DESC LIMIT 100) j JOIN "
                                 "batches b ON b.id = j.batch WHERE b.state <> 'arriving' AND ("} +
                         unended + " OR EXISTS (SELECT 1 FROM attempts a WHERE a.job = j.id AND " + may_have_cost + ")) LIMIT 1"},
      of_before_{db, "SELECT id, run, appends FROM batches WHERE fingerprint < '1:' OR fingerprint >= '1;' LIMIT 1"},
      inputs_{db, "SELECT id FROM inputs WHERE batch = ?"},
      with_image_{
          db,
          "SELECT j.id, j.name_key, iif(i.root = 'url', i.source, i.sha256), i.root = 'url', iif(m.root = 'url', m.source, m.sha256), m.root = 'url', "
          "j.prompt, j.mode, j.stage, j.orientation, coalesce(j.error_code = 'invalid', 0), iif(j.state = 'queued' OR j.state = 'uploading', NULL, "
          "(SELECT iif(json_valid(a.request), json_extract(a.request, '$.model'), NULL) FROM attempts a WHERE a.job = j.id ORDER BY a.id DESC LIMIT 1)) "
          "FROM jobs j JOIN inputs i ON i.id = j.image JOIN inputs m ON m.id = j.motion WHERE j.image = ?1 AND j.id > ?2 ORDER BY j.id LIMIT ?3"},
      set_{db, "UPDATE jobs SET render = ?2 WHERE id = ?1 AND render <> ?2"},
      begin_{db, "UPDATE batches SET fingerprint = '0:' WHERE id = ?"},
      set_fingerprint_{db, "UPDATE batches SET fingerprint = ?2 WHERE id = ?1 AND fingerprint = '0:'"},
      forget_{db, "UPDATE batches SET fingerprint = '' WHERE state = 'open' OR state = 'ended'"} {}

std::optional<std::string> Renders::drop_known(const std::string& fingerprint) {
    Use use{drop_known_, fingerprint};
    if (!use.row()) return std::nullopt;
    return use.text(0);
}

std::optional<std::string> Renders::job_known(const std::string& render) {
    Use use{job_known_, render};
    if (!use.row()) return std::nullopt;
    return use.text(0);
}

std::optional<Renders::Drop> Renders::next_of_before() {
    Use use{of_before_};
    if (!use.row()) return std::nullopt;
    Drop drop{BatchId{use.number(0)}, static_cast<int>(use.number(1)), std::nullopt};
    if (!use.null(2)) drop.appends = BatchId{use.number(2)};
    return drop;
}

std::vector<InputId> Renders::inputs_of(BatchId drop) {
    std::vector<InputId> inputs;
    for (Use use{inputs_, drop}; use.row();) inputs.emplace_back(use.number(0));
    return inputs;
}

std::vector<Renders::Job> Renders::jobs_with_image(InputId image, JobId after, int most) {
    std::vector<Job> jobs;
    Use use{with_image_, image, after, most};
    while (use.row()) {
        Job job;
        job.id = JobId{use.number(0)};
        job.name_key = use.text(1);
        job.name_key.resize(std::min(job.name_key.find('/'), job.name_key.size()));  // one that was replaced has its number behind it
        job.image = use.text(2);
        job.image_is_url = use.number(3) != 0;
        job.motion = use.text(4);
        job.motion_is_url = use.number(5) != 0;
        job.prompt = use.text(6);
        job.mode = mode_of(use.text(7));
        job.stage = stage_of(use.text(8));
        job.orientation = orientation_of(use.text(9));
        job.invalid = use.number(10) != 0;
        job.model = use.maybe_text(11);
        jobs.push_back(std::move(job));
    }
    return jobs;
}

void Renders::set(JobId job, const std::string& render) {
    Change change{db_, group_};
    Use{set_, job, render}.run();
    change.keep();
}

void Renders::begin(BatchId drop) {
    Change change{db_, group_};
    Use{begin_, drop}.run();
    change.keep();
}

bool Renders::set_fingerprint(BatchId drop, const std::string& fingerprint) {
    Change change{db_, group_};
    if (Use{set_fingerprint_, drop, fingerprint}.run() != 1) return false;
    change.keep();
    return true;
}

void Renders::forget_open_ones() {
    Change change{db_, group_};
    Use{forget_}.run();
    change.keep();
}

}  // namespace motionspool::store
