#pragma once
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include "base/time.hpp"

// Local time for accounting and windows. The zone is one function, so that the rules need no tables and no machine.
namespace motionspool::domain {

/// How far local time is ahead of UTC at an instant.
using Zone = std::function<std::chrono::seconds(Instant)>;
/// What a clock on the wall shows.
using Local = std::chrono::local_time<std::chrono::milliseconds>;

[[nodiscard]] Local local_at(Instant, const Zone&);
/// The first instant at which the wall clock shows `local` or later: of an hour that comes twice its first turn, of one that is left out the change itself.
[[nodiscard]] Instant first_at(Local local, const Zone&);

/// The accounting date of an instant: the local date, where a day lasts from `day_starts` (after midnight) until that time of the next date.
[[nodiscard]] std::chrono::local_days accounting_date(Instant, const Zone&, std::chrono::minutes day_starts);
/// When the date after that one begins, and the month after its month.
[[nodiscard]] Instant day_ends(std::chrono::local_days, const Zone&, std::chrono::minutes day_starts);
[[nodiscard]] Instant month_ends(std::chrono::local_days, const Zone&, std::chrono::minutes day_starts);

/// Does what is booked to that date belong to this later day by another calendar? By two days at most: so far calendars can differ; a clock that was wrong says
/// more.
[[nodiscard]] bool counts_for_later(std::string_view booked, std::chrono::local_days day);

/// "2026-11-24".
[[nodiscard]] std::string to_string(std::chrono::local_days);
/// The local date of an instant, likewise.
[[nodiscard]] std::string date_at(Instant, const Zone&);
/// "Tue 2026-11-24 22:00", for people.
[[nodiscard]] std::string in_words(Instant, const Zone&);

}  // namespace motionspool::domain
