#include "domain/calendar.hpp"
#include <array>
#include <cstdio>

namespace motionspool::domain {
using namespace std::chrono;

Local local_at(Instant at, const Zone& zone) { return Local{at.time_since_epoch() + zone(at)}; }

Instant first_at(Local local, const Zone& zone) {
    const Instant as_if_utc{local.time_since_epoch()};
    const auto before = zone(as_if_utc - hours{24}), after = zone(as_if_utc + hours{24});
    const auto early = as_if_utc - before, late = as_if_utc - after;
    if (zone(early) == before) return early;
    if (zone(late) == after) return late;
    auto not_yet = late, then = early;  // the hour is left out: somewhere between the two the clock jumps over it
    while (then - not_yet > milliseconds{1}) {
        const auto middle = not_yet + (then - not_yet) / 2;
        (local_at(middle, zone) < local ? not_yet : then) = middle;
    }
    return then;
}

local_days accounting_date(Instant at, const Zone& zone, minutes day_starts) {
    const auto date = floor<days>(local_at(at, zone) - day_starts);
    return at < day_ends(date, zone, day_starts) ? date : date + days{1};  // in an hour that comes twice a day does not begin twice
}

Instant day_ends(local_days day, const Zone& zone, minutes day_starts) { return first_at(Local{day + days{1}} + day_starts, zone); }

Instant month_ends(local_days day, const Zone& zone, minutes day_starts) {
    const year_month_day date{day};
    const auto next = date.year() / date.month() + months{1};
    return first_at(Local{local_days{next / 1}} + day_starts, zone);
}

bool counts_for_later(std::string_view booked, local_days day) { return booked < to_string(day) && booked >= to_string(day - days{2}); }

std::string to_string(local_days day) {
    const year_month_day date{day};
    std::array<char, 32> text{};
    const auto length = std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                                      static_cast<unsigned>(date.day()));
    return {text.data(), static_cast<std::size_t>(length)};
}

std::string date_at(Instant at, const Zone& zone) { return to_string(accounting_date(at, zone, std::chrono::minutes{0})); }

std::string in_words(Instant at, const Zone& zone) {
    constexpr std::array names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    const auto local = local_at(at, zone);
    const auto day = floor<days>(local);
    const hh_mm_ss time{local - day};
    const auto two_digits = [](std::int64_t n) { return std::to_string(100 + n).substr(1); };
    return std::string{names.at(weekday{day}.c_encoding())} + " " + to_string(day) + " " + two_digits(time.hours().count()) + ":" +
           two_digits(time.minutes().count());
}

}  // namespace motionspool::domain
