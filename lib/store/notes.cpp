#include "store/notes.hpp"

namespace motionspool::store {

Notes::Notes(SQLite::Database& db, GroupCommit& group)
    : db_{db},
      group_{group},
      get_{db, "SELECT value FROM meta WHERE key = ?"},
      put_{db, "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"},
      forget_{db, "DELETE FROM meta WHERE key = ?"},
      lane_{db, "SELECT why, text, until, since FROM lane"},
      lane_put_{db, "INSERT OR REPLACE INTO lane (id, why, text, until, since) VALUES (1, ?, ?, ?, ?)"},
      lane_clear_{db, "DELETE FROM lane"},
      narrowing_{db, "SELECT alone, width, troubles, uncertain FROM narrowing"},
      narrowing_put_{db, "INSERT OR REPLACE INTO narrowing (id, alone, width, troubles, uncertain) VALUES (1, ?, ?, ?, ?)"},
      event_{db, "INSERT INTO events (batch, at, what) VALUES (?, ?, ?)"} {}

std::optional<std::string> Notes::fact(const std::string& key) {
    Use use{get_, key};
    if (!use.row()) return std::nullopt;
    return use.text(0);
}

void Notes::set_fact(const std::string& key, const std::string& value) {
    Change change{db_, group_};
    Use{put_, key, value}.run();
    change.keep();
}

void Notes::forget_fact(const std::string& key) {
    Change change{db_, group_};
    Use{forget_, key}.run();
    change.keep();
}

void Notes::lane(const std::optional<LaneNote>& note) {
    Change change{db_, group_};
    if (note)
        Use{lane_put_, note->why, note->text, note->until, note->since}.run();
    else
        Use{lane_clear_}.run();
    change.keep();
}

std::optional<LaneNote> Notes::lane() {
    Use use{lane_};
    if (!use.row()) return std::nullopt;
    LaneNote note{use.text(0), use.text(1), std::nullopt, use.instant(3)};
    if (!use.null(2)) note.until = use.instant(2);
    return note;
}

void Notes::narrowing(const domain::Narrowing& narrowing) {
    Change change{db_, group_};
    Use{narrowing_put_, narrowing.one_at_a_time ? 1 : 0, narrowing.width, narrowing.trouble_in_row, narrowing.uncertain_in_row}.run();
    change.keep();
}

domain::Narrowing Notes::narrowing() {
    Use use{narrowing_};
    if (!use.row()) return {};
    domain::Narrowing narrowing{use.number(0) != 0, std::nullopt, static_cast<int>(use.number(2)), static_cast<int>(use.number(3))};
    if (!use.null(1)) narrowing.width = static_cast<int>(use.number(1));
    return narrowing;
}

void Notes::event(BatchId batch, const std::string& what, Instant at) {
    Change change{db_, group_};
    Use{event_, batch, at, what}.run();
    change.keep();
}

}  // namespace motionspool::store
