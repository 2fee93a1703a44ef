#include "app/money.hpp"
#include "app/json_text.hpp"

namespace motionspool::app {
namespace json = boost::json;

Money money_now(store::Store& store, const config::Config& config, Instant at) {
    Money money;
    if (const auto note = store.funds.balance()) {
        money.balance = note->credits;
        money.available = note->credits - store.funds.at_stake(note->entry);
        money.read = note->at;
    }
    money.day = Books{config, store}.day(at);
    const auto booked = store.accounts.from(store::day_account(""), store::day_account(money.day));
    money.spent = booked.spent;
    money.reserved = booked.reserved;
    return money;
}

json::object as_json(const Money& money) {
    const auto or_null = [](const std::optional<Credits>& credits) { return credits ? as_json(*credits) : json::value(nullptr); };
    json::object object;
    object["balance"] = or_null(money.balance);
    object["balance_read"] = money.read ? json::value(to_rfc3339(*money.read)) : json::value(nullptr);
    object["available"] = or_null(money.available);
    object["day"] = money.day;
    object["spent_today"] = as_json(money.spent);
    object["reserved_today"] = as_json(money.reserved);
    return object;
}

}  // namespace motionspool::app
