#include "store/durations.hpp"
#include "store/statement.hpp"

namespace motionspool::store {

std::optional<std::chrono::milliseconds> usual_duration(SQLite::Database& db, domain::Mode mode) {
    SQLite::Statement statement{
        db,
        "SELECT took FROM (SELECT took, row_number() OVER (ORDER BY took) AS place, count(*) OVER () AS all_of_them FROM (SELECT "
        "a.closed - a.armed AS took FROM attempts a JOIN jobs j ON j.id = a.job WHERE a.state = 'succeeded' AND j.mode = ? ORDER BY a.id "
        "DESC LIMIT 50)) WHERE place = (all_of_them + 1) / 2"};
    Use use{statement, to_string(mode)};
    if (!use.row()) return std::nullopt;
    return std::chrono::milliseconds{use.number(0)};
}

}  // namespace motionspool::store
