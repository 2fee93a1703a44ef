#include "store/queue.hpp"
#include <algorithm>
#include <set>
#include "domain/retry.hpp"
#include "store/values.hpp"

namespace motionspool::store {
namespace {

constexpr int looked_at = 1'000;
constexpr const char* batch_columns = "SELECT b.id, b.name, b.priority, b.share, b.window, b.budget, b.review, b.held FROM batches b ";
constexpr const char* job_columns =
    "SELECT q.id, q.batch, q.not_before, q.length_ms, q.mode, q.held, q.released, iif(i.sha256 = '', i.source, i.sha256), iif(m.sha256 = '', m.source, "
    "m.sha256) ";
/// No input of the job is put off; the few that are, are looked up once, not for every job.
const std::string untroubled =
    "AND j.image NOT IN (SELECT x.id FROM upload_troubles t CROSS JOIN inputs x ON x.sha256 = t.sha256 AND x.sha256 <> '' WHERE t.until > ?2) "
    "AND j.motion NOT IN (SELECT x.id FROM upload_troubles t CROSS JOIN inputs x ON x.sha256 = t.sha256 AND x.sha256 <> '' WHERE t.until > ?2) ";
/// Inputs of the contents listed in ?6, likewise.
const std::string listed =
    "(SELECT x.id FROM inputs x WHERE x.sha256 <> '' AND x.sha256 IN (SELECT value FROM json_each(?6)) UNION ALL "
    "SELECT x.id FROM inputs x WHERE x.batch IN (SELECT ?1 UNION ALL SELECT d.id FROM batches d WHERE d.appends = ?1) AND x.root = 'url' AND x.source IN "
    "(SELECT value FROM json_each(?6))) ";
/// The shortest waiting job of batch ?1 in that mode.
std::string shortest_of(const std::string& mode) {
    return "SELECT length_ms FROM jobs INDEXED BY jobs_shortest WHERE batch = ?1 AND mode = '" + mode + "' AND state = 'queued' ORDER BY length_ms LIMIT 1";
}
const std::string queued = "FROM jobs j INDEXED BY jobs_queued WHERE j.batch = ?1 AND j.state = 'queued' ";

/// As Fitting says.
const std::string fits =
    "AND j.held = 0 AND j.length_ms <= iif(j.mode = '720p', ?4, ?5) AND (j.released > 0 OR (j.image NOT IN " + listed + "AND j.motion NOT IN " + listed + ")) ";
/// Backs off for a minute at most; an instant beyond every delay is one of a wall clock that was set.
const std::string soon = "AND (j.not_before <= ?2 + 60000 OR j.not_before > ?2 + " + std::to_string(domain::longest_backoff.count()) + ") ";

/// A JSON list of contents: hexadecimal digits, or URLs (which hold neither quotes nor control characters unescaped; those that do are left out).
std::string json_list(const std::vector<std::string>& texts) {
    std::string list = "[";
    for (const auto& text : texts) {
        const bool plain = std::ranges::none_of(text, [](char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; });
        if (plain) list += (list.size() > 1 ? ",\"" : "\"") + text + "\"";
    }
    return list + "]";
}

OpenBatch read_batch(Use& use) {
    OpenBatch batch{BatchId{use.number(0)}, use.text(1),       static_cast<int>(use.number(2)), use.text(3), use.text(4), std::nullopt,
                    use.number(6) != 0,     use.number(7) != 0};
    if (!use.null(5)) batch.budget = use.credits(5);
    return batch;
}

NextJob read_job(Use& use) {
    return {JobId{use.number(0)}, BatchId{use.number(1)}, use.instant(2), std::chrono::milliseconds{use.number(3)},
            mode_of(use.text(4)), use.number(5) != 0,     use.instant(6), use.text(7),
            use.text(8)};
}

std::vector<domain::GroupAttempt> read_group(Use& use) {
    std::vector<domain::GroupAttempt> attempts;
    while (use.row()) attempts.push_back({use.text(0), use.instant(1)});
    return attempts;
}

}  // namespace

Queue::Queue(SQLite::Database& db)
    : batches_{db, std::string{batch_columns} +
                       "INDEXED BY batches_to_file WHERE b.state = 'open' AND b.id > ?1 AND EXISTS (SELECT 1 FROM jobs j INDEXED BY jobs_queued WHERE j.batch "
                       "= b.id AND j.state = 'queued') "
                       "ORDER BY b.id LIMIT ?2"},
      batch_{db, std::string{batch_columns} + "WHERE b.id = ?"},
      shortest_{db, "SELECT (" + shortest_of("720p") + "), (" + shortest_of("1080p") + ")"},
      ready_{db, std::string{job_columns} + "FROM (SELECT j.* " + queued + fits + untroubled +
                     "ORDER BY j.id LIMIT ?7) q "  // its order is kept: no sort, and the first ?3 are enough
                     "CROSS JOIN inputs i ON i.id = q.image CROSS JOIN inputs m ON m.id = q.motion "
                     "WHERE (i.root = 'url' OR EXISTS (SELECT 1 FROM uploads u WHERE u.sha256 = i.sha256 AND u.until > ?2)) "
                     "AND (m.root = 'url' OR EXISTS (SELECT 1 FROM uploads u WHERE u.sha256 = m.sha256 AND u.until > ?2)) LIMIT ?3"},
      job_{db, std::string{job_columns} + "FROM jobs q JOIN inputs i ON i.id = q.image JOIN inputs m ON m.id = q.motion WHERE q.id = ?"},
      ahead_{db, "SELECT j.image, j.motion " + queued + fits + untroubled + soon + "ORDER BY j.id LIMIT ?3"},
      missing_{db,
               "SELECT i.id, i.batch, i.source, i.root, i.format, i.bytes, i.sha256, NULL FROM inputs i WHERE i.id = ?1 AND i.root <> 'url' AND NOT EXISTS "
               "(SELECT 1 FROM uploads u WHERE u.sha256 = i.sha256 AND u.until > ?2)"},
      waiting_{db, "SELECT count(*) FROM (SELECT 1 " + queued + "LIMIT ?2)"},
      lengths_{db, "SELECT mode, (length_ms + 999) / 1000, count(*) FROM jobs WHERE batch = ? AND (state = 'queued' OR state = 'uploading') GROUP BY 1, 2"},
      with_image_{db, "SELECT cause, closed FROM attempts WHERE image = ? AND cause IS NOT NULL ORDER BY id DESC LIMIT ?"},
      with_motion_{db, "SELECT cause, closed FROM attempts WHERE motion = ? AND cause IS NOT NULL ORDER BY id DESC LIMIT ?"},
      under_way_{db,
                 "SELECT 1 FROM attempts WHERE state = 'armed' AND (image = ?1 OR motion = ?1) UNION ALL "
                 "SELECT 1 FROM attempts WHERE state = 'submitted' AND (image = ?1 OR motion = ?1) LIMIT 1"} {}

std::vector<OpenBatch> Queue::batches(BatchId after, int most) {
    std::vector<OpenBatch> batches;
    Use use{batches_, after, most};
    while (use.row()) batches.push_back(read_batch(use));
    return batches;
}

std::optional<OpenBatch> Queue::batch(BatchId id) {
    Use use{batch_, id};
    if (!use.row()) return std::nullopt;
    return read_batch(use);
}

Queue::Shortest Queue::shortest(BatchId batch) {
    Use use{shortest_, batch};
    (void)use.row();
    Shortest shortest;
    if (!use.null(0)) shortest.p720 = std::chrono::milliseconds{use.number(0)};
    if (!use.null(1)) shortest.p1080 = std::chrono::milliseconds{use.number(1)};
    return shortest;
}

std::vector<NextJob> Queue::ready(BatchId batch, const Fitting& fitting, Instant now, int limit) {
    std::vector<NextJob> next;
    Use use{ready_, batch, now, limit, fitting.longest_720 * 1000, fitting.longest_1080 * 1000, json_list(fitting.without), std::max(looked_at, limit)};
    while (use.row()) next.push_back(read_job(use));
    return next;
}

std::optional<NextJob> Queue::job(JobId id) {
    Use use{job_, id};
    if (!use.row()) return std::nullopt;
    return read_job(use);
}

Needed Queue::to_upload(BatchId batch, const Fitting& fitting, Instant now, int ahead) {
    Needed needed;
    std::vector<InputId> inputs;
    std::set<InputId> seen;
    Use use{ahead_, batch, now, ahead, fitting.longest_720 * 1000, fitting.longest_1080 * 1000, json_list(fitting.without)};
    for (; use.row(); needed.jobs++) {
        for (const InputId input : {InputId{use.number(0)}, InputId{use.number(1)}})
            if (seen.insert(input).second) inputs.push_back(input);
    }
    for (const auto input : inputs) {
        Use missing{missing_, input, now};
        if (missing.row()) needed.inputs.push_back(read_input(missing));
    }
    return needed;
}

int Queue::waiting(BatchId batch, int most) {
    Use use{waiting_, batch, most};
    (void)use.row();
    return static_cast<int>(use.number(0));
}

std::vector<domain::Lengths> Queue::lengths(BatchId batch) {
    Use use{lengths_, batch};
    return read_lengths(use);
}

std::vector<domain::GroupAttempt> Queue::ended_with_image(const std::string& content, int count) {
    Use use{with_image_, content, count};
    return read_group(use);
}

std::vector<domain::GroupAttempt> Queue::ended_with_motion(const std::string& content, int count) {
    Use use{with_motion_, content, count};
    return read_group(use);
}

bool Queue::under_way(const std::string& content) { return Use{under_way_, content}.row(); }

}  // namespace motionspool::store
