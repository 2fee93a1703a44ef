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
    const auto overview = reading.standing().overview(reading.store());
    if (options.json) {
        json::object states;
        for (const auto& [state, count] : overview.counts) states[to_string(state)] = count;
        json::object object{{"jobs", std::move(states)},
                            {"running", overview.places},
                            {"tasks", overview.tasks},
                            {"uncertain", overview.uncertain},
                            {"credits_spent", app::as_json(overview.spent)},
                            {"credits_reserved", app::as_json(overview.reserved)}};
        object["daemon"] = process ? json::value(*process) : json::value(nullptr);
        object["limit_running"] = overview.limit ? json::value(*overview.limit) : json::value(nullptr);
        object["waits"] = overview.waits ? json::value(json::object{{"for", overview.waits->first}, {"text", overview.waits->second}}) : json::value(nullptr);
        if (const auto lane = reading.store().why_waiting()) object["waits"].as_object()["since"] = to_rfc3339(lane->since);
        std::cout << json::serialize(object) << "\n";
        return EX_OK;
    }
    std::cout << (process ? "the daemon runs (process " + std::to_string(*process) + ")" : "the daemon does not run") << "\n" << domain::to_text(overview);
    return EX_OK;
}

}  // namespace motionspool
