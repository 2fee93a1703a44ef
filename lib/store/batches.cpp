#include "store/batches.hpp"

namespace motionspool::store {
namespace {

std::string to_lines(const std::map<std::string, std::string>& labels) {
    std::string lines;
    for (const auto& [key, value] : labels) lines += key + "=" + value + "\n";
    return lines;
}

std::map<std::string, std::string> from_lines(const std::string& lines) {
    std::map<std::string, std::string> labels;
    for (std::size_t at = 0; at < lines.size();) {
        const auto end = lines.find('\n', at);
        const auto line = lines.substr(at, end - at);
        const auto equals = line.find('=');
        labels.emplace(line.substr(0, equals), line.substr(equals + 1));
        at = end + 1;
    }
    return labels;
}

constexpr const char* columns =
    "SELECT id, name, state, entry, place, kind, note, labels, priority, created, ended, share, window, budget, review, held, appends FROM batches ";

std::string brief_of(const std::string& state) {
    return "SELECT b.id, coalesce(b.appends, b.id), b.priority, (SELECT count(*) FROM jobs j INDEXED BY jobs_open WHERE j.batch = b.id AND j.state <> 'done' "
           "AND j.state <> 'failed' AND j.state <> 'cancelled') FROM batches b INDEXED BY batches_to_file WHERE b.state = '" +
           state + "' AND b.id > ?1 ORDER BY b.id LIMIT ?2";
}

}  // namespace

Batches::Batches(SQLite::Database& db, GroupCommit& group)
    : db_{db},
      group_{group},
      begin_{db,
             "INSERT INTO batches (name, name_key, state, entry, place, kind, manifest, fingerprint, run, priority, note, labels, created, share, window, "
             "budget, review, appends) "
             "VALUES (?, ?, 'arriving', ?, '.taking', ?, CAST(? AS BLOB), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      add_input_{db, "INSERT INTO inputs (batch, source, root, format, bytes, sha256) VALUES (?, ?, ?, ?, ?, ?)"},
      open_{db, "UPDATE batches SET state = 'open' WHERE id = ? AND state = 'arriving'"},
      warn_{db, "INSERT INTO warnings (batch, text) VALUES (?, ?)"},
      moved_{db, "UPDATE batches SET place = ?, entry = ? WHERE id = ?"},
      end_{db,
           "UPDATE batches SET state = 'ended', ended = ?2 WHERE id = ?1 AND state = 'open' AND appends IS NULL AND NOT EXISTS "
           "(SELECT 1 FROM jobs WHERE batch = ?1 AND state <> 'done' AND state <> 'failed' AND state <> 'cancelled')"},
      filed_{db, "UPDATE batches SET state = 'filed', place = 'finished', entry = ? WHERE id = ? AND state = 'ended'"},
      moved_along_{db, "UPDATE batches SET state = iif(?2 = 'finished', 'filed', 'open'), place = ?2, entry = ?3 WHERE id = ?1 AND appends IS NOT NULL"},
      find_{db, std::string{columns} + "WHERE name_key = ?"},
      get_{db, std::string{columns} + "WHERE id = ?"},
      in_state_{db, std::string{columns} + "WHERE state = ? ORDER BY id"},
      open_ones_{db, brief_of("open")},
      ended_ones_{db, brief_of("ended")},
      another_{db, "SELECT 1 FROM batches INDEXED BY batches_to_file WHERE state = 'open' AND place = 'accepted' AND entry = ?1 AND id <> ?2 LIMIT 1"},
      all_{db, std::string{columns} + "WHERE state <> 'arriving' AND appends IS NULL ORDER BY id"},
      appended_to_{db, std::string{columns} + "WHERE appends = ? AND state <> 'arriving' ORDER BY id"},
      manifest_{db, "SELECT manifest FROM batches WHERE id = ?"},
      warnings_{
          db, "SELECT w.text FROM batches b JOIN warnings w ON w.batch = b.id WHERE (b.id = ?1 OR b.appends = ?1) AND b.state <> 'arriving' ORDER BY w.rowid"} {
}

BatchId Batches::begin(const NewBatch& b) {
    Change change{db_, group_};
    Use{begin_,    b.name,  b.name_key, b.entry,  b.kind,           b.manifest, b.fingerprint, b.run, b.priority, b.note, to_lines(b.labels),
        b.created, b.share, b.window,   b.budget, b.review ? 1 : 0, b.appends}
        .run();
    const BatchId id{db_.getLastInsertRowid()};
    change.keep();
    return id;
}

InputId Batches::add_input(BatchId batch, const NewInput& input) {
    Change change{db_, group_};
    Use{add_input_, batch, input.source, input.root, input.format, static_cast<std::int64_t>(input.bytes), input.sha256}.run();
    const InputId id{db_.getLastInsertRowid()};
    change.keep();
    return id;
}

void Batches::warn(BatchId batch, const std::string& text) {
    Change change{db_, group_};
    Use{warn_, batch, text}.run();
    change.keep();
}

bool Batches::open(BatchId id) {
    Change change{db_, group_};
    const bool done = Use{open_, id}.run() == 1;
    change.keep();
    return done;
}

void Batches::forget_arriving(BatchId id) {
    Change change{db_, group_};
    for (const char* sql : {"DELETE FROM jobs WHERE batch = (SELECT id FROM batches WHERE id = ? AND state = 'arriving')",
                            "DELETE FROM warnings WHERE batch = (SELECT id FROM batches WHERE id = ? AND state = 'arriving')",
                            "DELETE FROM inputs WHERE batch = (SELECT id FROM batches WHERE id = ? AND state = 'arriving')",
                            "DELETE FROM batches WHERE id = ? AND state = 'arriving'"}) {
        SQLite::Statement statement{db_, sql};
        Use{statement, id}.run();
    }
    change.keep();
}

bool Batches::moved(BatchId id, const std::string& place, const std::string& entry) {
    Change change{db_, group_};
    const bool done = Use{moved_, place, entry, id}.run() == 1;
    change.keep();
    return done;
}

bool Batches::end_if_over(BatchId id, Instant now) {
    Change change{db_, group_};
    const bool done = Use{end_, id, now}.run() == 1;
    change.keep();
    return done;
}

bool Batches::filed(BatchId id, const std::string& entry) {
    Change change{db_, group_};
    const bool done = Use{filed_, entry, id}.run() == 1;
    change.keep();
    return done;
}

BatchRow Batches::read(Use& use) {
    BatchRow row;
    row.id = BatchId{use.number(0)};
    row.name = use.text(1);
    row.state = use.text(2);
    row.entry = use.text(3);
    row.place = use.text(4);
    row.kind = use.text(5);
    row.note = use.text(6);
    row.labels = from_lines(use.text(7));
    row.priority = static_cast<int>(use.number(8));
    row.created = use.instant(9);
    if (!use.null(10)) row.ended = use.instant(10);
    row.share = use.text(11);
    row.window = use.text(12);
    if (!use.null(13)) row.budget = use.credits(13);
    row.review = use.number(14) != 0;
    row.held = use.number(15) != 0;
    if (!use.null(16)) row.appends = BatchId{use.number(16)};
    return row;
}

bool Batches::moved_along(BatchId drop, const std::string& place, const std::string& entry) {
    Change change{db_, group_};
    const bool done = Use{moved_along_, drop, place, entry}.run() == 1;
    change.keep();
    return done;
}

std::optional<BatchRow> Batches::find(const std::string& name_key) {
    Use use{find_, name_key};
    if (!use.row()) return std::nullopt;
    return read(use);
}

std::optional<BatchRow> Batches::get(BatchId id) {
    Use use{get_, id};
    if (!use.row()) return std::nullopt;
    return read(use);
}

std::vector<BatchRow> Batches::in_state(const std::string& state) {
    std::vector<BatchRow> rows;
    Use use{in_state_, state};
    while (use.row()) rows.push_back(read(use));
    return rows;
}

std::vector<BriefBatch> Batches::brief(SQLite::Statement& statement, BatchId after, int most) {
    std::vector<BriefBatch> some;
    Use use{statement, after, most};
    while (use.row())
        some.push_back({BatchId{use.number(0)}, BatchId{use.number(1)}, static_cast<int>(use.number(2)), static_cast<std::size_t>(use.number(3))});
    return some;
}

bool Batches::another_lies_in_accepted(BatchId but, const std::string& entry) { return Use{another_, entry, but}.row(); }

std::vector<BatchRow> Batches::all() {
    std::vector<BatchRow> rows;
    Use use{all_};
    while (use.row()) rows.push_back(read(use));
    return rows;
}

std::vector<BatchRow> Batches::appended_to(BatchId batch) {
    std::vector<BatchRow> rows;
    Use use{appended_to_, batch};
    while (use.row()) rows.push_back(read(use));
    return rows;
}

std::string Batches::manifest(BatchId id) {
    Use use{manifest_, id};
    return use.row() ? use.text(0) : std::string{};
}

std::vector<std::string> Batches::warnings(BatchId id) {
    std::vector<std::string> all;
    for (Use use{warnings_, id}; use.row();) all.push_back(use.text(0));
    return all;
}

}  // namespace motionspool::store
