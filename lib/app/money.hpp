#pragma once
#include <boost/json/object.hpp>
#include "app/books.hpp"

namespace motionspool::app {

/// The account at the provider, and the day's bookings.
struct Money {
    std::optional<Credits> balance;    ///< as last read; nothing: never
    std::optional<Instant> read;       ///< when that was
    std::optional<Credits> available;  ///< what is left of it for new jobs
    std::string day;                   ///< "2026-11-24", by credits.day_starts and timezone
    Credits spent, reserved;           ///< of that day, as credits.per_day counts
};
/// @param at accounting time
[[nodiscard]] Money money_now(store::Store&, const config::Config&, Instant at);
[[nodiscard]] boost::json::object as_json(const Money&);

}  // namespace motionspool::app
