#include "store/views.hpp"
#include "store/values.hpp"

namespace motionspool::store {
namespace {
constexpr const char* job_columns =
    "SELECT j.id, b.name, j.name, j.state, j.stage, j.mode, j.orientation, i.source, m.source, j.prompt, (SELECT count(*) FROM attempts a WHERE a.job = j.id), "
    "(SELECT a.task FROM attempts a WHERE a.job = j.id ORDER BY a.id DESC LIMIT 1), j.output, "
    "coalesce((SELECT sum(CASE l.entry WHEN 'reserve' THEN l.amount WHEN 'release' THEN -l.amount WHEN 'settle' THEN -(SELECT r.amount FROM ledger r WHERE "
    "r.attempt = l.attempt "
    "AND r.entry = 'reserve') ELSE 0 END) FROM ledger l JOIN attempts a ON a.id = l.attempt WHERE a.job = j.id), 0), "
    "coalesce((SELECT sum(l.amount) FROM ledger l JOIN attempts a ON a.id = l.attempt WHERE a.job = j.id AND l.entry IN ('settle', 'adjust')), 0), "
    "j.length_ms, j.error_code, j.error_text, j.not_before, j.created, j.updated, t.text, t.until, t.since, d.text, d.until, d.since, k.text, k.until, "
    "k.since, k.why "
    "FROM jobs j JOIN batches b ON b.id = j.batch JOIN inputs i ON i.id = j.image JOIN inputs m ON m.id = j.motion "
    "LEFT JOIN download_troubles d ON d.job = j.id LEFT JOIN task_troubles k ON k.job = j.id "
    "LEFT JOIN upload_troubles t ON t.sha256 = (SELECT sha256 FROM upload_troubles WHERE sha256 IN (i.sha256, m.sha256) ORDER BY until DESC LIMIT 1) WHERE "
    "b.state <> 'arriving' AND b.appends IS NULL ";

JobView read(Use& use) {
    JobView v;
    v.id = JobId{use.number(0)};
    v.batch = use.text(1);
    v.job = use.text(2);
    v.state = domain::job_state(use.text(3)).value();
    const auto stage = use.text(4);
    v.stage = stage_of(stage);
    v.mode = use.text(5);
    v.orientation = use.text(6);
    v.image = use.text(7);
    v.motion = use.text(8);
    v.prompt = use.text(9);
    v.attempts = static_cast<int>(use.number(10));
    v.task = use.maybe_text(11);
    v.output = use.maybe_text(12);
    v.reserved = use.credits(13);
    v.spent = use.credits(14);
    v.length = std::chrono::milliseconds{use.number(15)};
    if (!use.null(16)) v.error = JobError{use.text(16), use.text(17)};
    v.not_before = use.instant(18);
    v.created = use.instant(19);
    v.updated = use.instant(20);
    if (!use.null(21)) v.upload = LaneNote{"provider", use.text(21), use.instant(22), use.instant(23)};
    if (!use.null(24)) v.download = LaneNote{"provider", use.text(24), use.instant(25), use.instant(26)};
    if (!use.null(27)) v.task_trouble = LaneNote{use.text(30), use.text(27), use.instant(28), use.instant(29)};
    return v;
}

std::map<domain::JobState, std::size_t> counted(Use& use) {
    std::map<domain::JobState, std::size_t> counts;
    while (use.row()) counts[domain::job_state(use.text(0)).value()] = static_cast<std::size_t>(use.number(1));
    return counts;
}

std::vector<Event> listed(Use& use) {
    std::vector<Event> events;
    while (use.row()) events.push_back({use.instant(0), use.text(1)});
    return events;
}
}  // namespace

const LaneNote* JobView::trouble() const {
    using enum domain::JobState;
    const auto told = [](const std::optional<LaneNote>& note) { return note ? &*note : nullptr; };
    if (state == running) return told(task_trouble);
    if (state == downloading) return told(download);
    return state == queued || state == uploading ? told(upload) : nullptr;
}

Views::Views(SQLite::Database& db) : db_{db} {}

std::vector<JobView> Views::jobs(const JobFilter& f) {
    std::optional<std::string> label;
    if (f.label) label = "\n" + f.label->first + "=" + f.label->second + "\n";
    SQLite::Statement statement{db_, std::string{job_columns} +
                                         "AND (?1 IS NULL OR b.name_key = ?1) AND (?2 IS NULL OR j.name_key = ?2) AND (?3 IS NULL OR j.state = ?3) "
                                         "AND (?4 IS NULL OR instr(char(10) || b.labels, ?4) > 0) ORDER BY j.batch, j.id LIMIT ?5"};
    Use use{statement, f.batch_key, f.job_key, f.state, label, f.most};
    std::vector<JobView> rows;
    while (use.row()) rows.push_back(read(use));
    return rows;
}

std::map<domain::JobState, std::size_t> Views::counts() {
    SQLite::Statement statement{
        db_, "SELECT j.state, count(*) FROM jobs j JOIN batches b ON b.id = j.batch WHERE b.state <> 'arriving' AND b.appends IS NULL GROUP BY j.state"};
    Use use{statement};
    return counted(use);
}

std::map<domain::JobState, std::size_t> Views::counts(BatchId batch) {
    SQLite::Statement statement{db_, "SELECT state, count(*) FROM jobs WHERE batch = ? GROUP BY state"};
    Use use{statement, batch};
    return counted(use);
}

std::vector<BatchView> Views::batches(Batches& batches) {
    std::map<BatchId, BatchView> by_id;
    for (auto& batch : batches.all()) {
        const auto id = batch.id;
        by_id[id].batch = std::move(batch);
    }
    SQLite::Statement counting{db_, "SELECT batch, state, count(*) FROM jobs GROUP BY batch, state"};
    for (Use use{counting}; use.row();) {
        const auto view = by_id.find(BatchId{use.number(0)});
        if (view != by_id.end()) view->second.jobs[domain::job_state(use.text(1)).value()] = static_cast<std::size_t>(use.number(2));
    }
    SQLite::Statement summing{
        db_,
        "SELECT coalesce(b.appends, b.id), sum(iif(l.entry = 'reserve' AND NOT EXISTS (SELECT 1 FROM ledger c WHERE c.attempt = l.attempt AND (c.entry = "
        "'release' OR c.entry = 'settle')), l.amount, 0)), sum(iif(l.entry = 'settle' OR l.entry = 'adjust', l.amount, 0)) "
        "FROM ledger l JOIN attempts a ON a.id = l.attempt JOIN jobs j ON j.id = a.job JOIN batches b ON b.id = j.batch GROUP BY 1"};
    for (Use use{summing}; use.row();) {
        const auto view = by_id.find(BatchId{use.number(0)});
        if (view == by_id.end()) continue;
        view->second.reserved = use.credits(1);
        view->second.spent = use.credits(2);
    }
    std::vector<BatchView> rows;
    for (auto& [id, view] : by_id) rows.push_back(std::move(view));
    return rows;
}

Credits Views::spent_on_replaced(BatchId batch) {
    SQLite::Statement statement{
        db_,
        "SELECT coalesce(sum(l.amount), 0) FROM batches b JOIN jobs j ON j.batch = b.id JOIN attempts a ON a.job = j.id JOIN ledger l ON "
        "l.attempt = a.id WHERE b.appends = ? AND b.state <> 'arriving' AND (l.entry = 'settle' OR l.entry = 'adjust')"};
    Use use{statement, batch};
    return use.row() ? use.credits(0) : Credits{};
}

std::vector<std::string> Views::unexplained(BatchId batch) {
    SQLite::Statement statement{
        db_, "SELECT j.name || ': ' || a.outcome FROM jobs j JOIN attempts a ON a.job = j.id WHERE j.batch = ? AND a.oddity = 'unexplained' ORDER BY a.id"};
    Use use{statement, batch};
    std::vector<std::string> told;
    while (use.row()) told.push_back(use.text(0));
    return told;
}

std::vector<UncertainView> Views::uncertain() {
    SQLite::Statement statement{db_,
                                "SELECT j.id, a.id, b.name, j.name, j.state, a.estimate, a.armed, a.outcome, i.source, m.source, j.prompt, j.mode, "
                                "j.orientation, a.request, a.callback IS NOT NULL FROM attempts a JOIN jobs j ON j.id = a.job JOIN batches b ON b.id = j.batch "
                                "JOIN inputs i ON i.id = j.image JOIN inputs m ON m.id = j.motion WHERE a.state = 'uncertain' ORDER BY a.id"};
    std::vector<UncertainView> rows;
    Use use{statement};
    while (use.row()) {
        rows.push_back({JobId{use.number(0)}, AttemptId{use.number(1)}, use.text(2), use.text(3), domain::job_state(use.text(4)).value(), use.credits(5),
                        use.instant(6), use.text(7), use.text(8), use.text(9), use.text(10), use.text(11), use.text(12), use.text(13), use.number(14) != 0});
    }
    return rows;
}

OpenAttempts Views::open_attempts() {
    SQLite::Statement statement{
        db_, "SELECT state = 'uncertain', count(*) FROM attempts WHERE state = 'armed' OR state = 'submitted' OR state = 'uncertain' GROUP BY 1"};
    Use use{statement};
    OpenAttempts open;
    while (use.row()) (use.number(0) == 1 ? open.uncertain : open.tasks) = static_cast<std::size_t>(use.number(1));
    return open;
}

std::vector<JobId> Views::first_queued(BatchId batch, int most) {
    SQLite::Statement statement{db_, "SELECT id FROM jobs INDEXED BY jobs_queued WHERE batch = ? AND state = 'queued' ORDER BY id LIMIT ?"};
    std::vector<JobId> jobs;
    Use use{statement, batch, most};
    while (use.row()) jobs.emplace_back(use.number(0));
    return jobs;
}

std::vector<std::pair<std::string, JobError>> Views::first_failed(BatchId batch, int most) {
    SQLite::Statement statement{db_, "SELECT name, error_code, error_text FROM jobs WHERE batch = ? AND state = 'failed' ORDER BY id LIMIT ?"};
    std::vector<std::pair<std::string, JobError>> failed;
    Use use{statement, batch, most};
    while (use.row()) failed.emplace_back(use.text(0), JobError{use.maybe_text(1).value_or(""), use.maybe_text(2).value_or("")});
    return failed;
}

std::vector<Instant> Views::latest_ends(int most) {
    SQLite::Statement statement{db_, "SELECT closed FROM attempts WHERE state = 'succeeded' AND closed IS NOT NULL ORDER BY id DESC LIMIT ?"};
    std::vector<Instant> ends;
    Use use{statement, most};
    while (use.row()) ends.push_back(use.instant(0));
    return ends;
}

std::vector<Event> Views::events(JobId job) {
    SQLite::Statement statement{db_, "SELECT at, what FROM events WHERE job = ? ORDER BY id"};
    Use use{statement, job};
    return listed(use);
}

std::vector<Event> Views::events(BatchId batch) {
    SQLite::Statement statement{db_, "SELECT at, what FROM events WHERE batch = ? AND job IS NULL ORDER BY id"};
    Use use{statement, batch};
    return listed(use);
}

}  // namespace motionspool::store
