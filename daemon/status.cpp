#include "status.hpp"
#include <boost/json/serialize.hpp>
#include <iostream>
#include "app/json_text.hpp"
#include "exit.hpp"
#include "reading.hpp"
#include "system/lock.hpp"

namespace motionspool {
namespace json = boost::json;

int show_status(const Options& options) {
    const auto file = read_config(options);
    const auto& config = file.loaded.config;
    Reading reading{config};
    const auto process = system::lock_holder(config.state.directory);
    const auto standing = reading.standing();
    const auto counts = reading.store().views.counts();
    const auto totals = reading.store().attempts.totals();
    const auto blocked = domain::lane_blocked(standing.world(), BootTime{});
    const auto lane = reading.store().why_waiting();
    if (options.json) {
        json::object states;
        for (const auto& [state, count] : counts) states[to_string(state)] = count;
        json::object object{{"jobs", std::move(states)},
                            {"running", standing.world().running},
                            {"credits_spent", app::as_json(totals.spent)},
                            {"credits_reserved", app::as_json(totals.reserved)}};
        object["daemon"] = process ? json::value(*process) : json::value(nullptr);
        object["limit_running"] = standing.world().limit ? json::value(*standing.world().limit) : json::value(nullptr);
        object["waits"] = lane ? json::value(json::object{{"for", lane->why}, {"text", lane->text}, {"since", to_rfc3339(lane->since)}}) : json::value(nullptr);
        std::cout << json::serialize(object) << "\n";
        return EX_OK;
    }
    std::cout << (process ? "the daemon runs (process " + std::to_string(*process) + ")" : "the daemon does not run") << "\n";
    for (const auto& [state, count] : counts) std::cout << "  " << count << " " << to_string(state) << "\n";
    std::cout << "tasks at the provider: " << standing.world().running << (standing.world().limit ? " of " + std::to_string(*standing.world().limit) : "")
              << "\n";
    std::cout << "credits: " << to_string(totals.spent) << " spent in all, " << to_string(totals.reserved) << " reserved\n";
    if (lane)
        std::cout << "submissions wait for " << lane->why << ": " << lane->text << "\n";
    else if (blocked)
        std::cout << "submissions wait for " << to_string(blocked->why) << ": " << blocked->numbers << "\n";
    return EX_OK;
}

}  // namespace motionspool
