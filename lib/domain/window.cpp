#include "domain/window.hpp"

namespace motionspool::domain {
using namespace std::chrono;

WindowStand stand_of(const WindowTimes& window, Instant now, const Zone& zone) {
    const auto today = floor<days>(local_at(now, zone));
    const auto length_of_night = window.to > window.from ? days{0} : days{1};
    for (auto day = today - days{2};; day += days{1}) {
        const auto monday_first = weekday{day}.iso_encoding() - 1;
        if (!window.days.at(monday_first)) continue;
        const auto opens = first_at(Local{day} + window.from, zone), closes = first_at(Local{day + length_of_night} + window.to, zone);
        if (closes <= now || opens >= closes) continue;  // it may fall into an hour that is left out
        if (opens <= now) return {day, closes};
        return {std::nullopt, opens};
    }
}

}  // namespace motionspool::domain
