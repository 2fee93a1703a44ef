#include "status.hpp"
#include <fcntl.h>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <iostream>
#include "app/json_text.hpp"
#include "exit.hpp"
#include "reading.hpp"
#include "spool/files.hpp"
#include "spool/owner.hpp"
#include "system/lock.hpp"

namespace motionspool {
namespace json = boost::json;
namespace {

json::value or_null(const std::optional<Credits>& credits) { return credits ? app::as_json(*credits) : json::value(nullptr); }

/// How many queued jobs wait for what; `turn`: for nothing else.
json::object counts_of(const domain::Overview& overview) {
    json::object waiting;
    for (const auto& [why, jobs] : overview.waiting) waiting[to_string(why)] = jobs;
    if (overview.next > 0) waiting["turn"] = overview.next;
    return waiting;
}

json::array budgets_of(const domain::Overview& overview) {
    json::array list;
    for (const auto& use : overview.budgets) {
        json::object row{{"what", use.what}, {"key", use.key}};
        row["spent"] = app::as_json(use.spent);
        row["reserved"] = app::as_json(use.reserved);
        row["limit"] = or_null(use.limit);
        list.push_back(std::move(row));
    }
    return list;
}

/// Is the spool that the daemon used there? It does not run, and nobody else looks.
bool spool_is_there(store::Store& store, const config::Config& config) {
    if (store.notes.fact("spool") != config.spool.directory) return true;  // it is taken up at the next start
    const auto root = spool::open_folder(AT_FDCWD, config.spool.directory, spool::Follow::yes);
    if (!root && errno == EACCES) return true;  // who may not look is not told that it is gone
    const auto facts = root ? spool::look_at_spool(root.get()) : Result<spool::SpoolFacts>{spool::SpoolFacts{}};
    return !facts || facts->owner_file;
}

void look_for_spool(Reading& reading, const config::Config& config, domain::Overview& overview) {
    if (spool_is_there(reading.store(), config))
        overview.lost_spool.reset();
    else if (!overview.lost_spool)
        overview.lost_spool = {config.spool.directory, std::nullopt};
}

json::value as_json(const std::optional<domain::LostSpool>& lost) {
    if (!lost) return nullptr;
    return json::object{{"directory", lost->directory}, {"since", lost->since ? json::value(to_rfc3339(*lost->since)) : json::value(nullptr)}};
}

}  // namespace

int show_status(const Options& options) {
    const auto file = read_config(options);
    const auto& config = file.loaded.config;
    Reading reading{config};
    warn_of_another_configuration(reading, file);
    const auto process = system::lock_holder(config.state.directory);
    auto overview = reading.standing().overview(-1);
    if (!process) look_for_spool(reading, config, overview);
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
        object["waits"] = overview.waits
                              ? json::value(json::object{{"for", overview.waits->first}, {"text", overview.waits->second}, {"remedy", overview.remedy}})
                              : json::value(nullptr);
        const auto lane = reading.store().why_waiting();
        if (lane && overview.waits && overview.waits->first == lane->why) object["waits"].as_object()["since"] = to_rfc3339(lane->since);
        object["waiting"] = counts_of(overview);
        object["balance"] = or_null(overview.balance);
        object["balance_read"] = overview.balance_read ? json::value(to_rfc3339(*overview.balance_read)) : json::value(nullptr);
        object["available"] = or_null(overview.available);
        object["budgets"] = budgets_of(overview);
        object["clocks"] = overview.clocks
                               ? json::value(json::object{{"machine", to_rfc3339(overview.clocks->wall)}, {"provider", to_rfc3339(overview.clocks->provider)}})
                               : json::value(nullptr);
        object["unknown_tasks"] = overview.unknown;
        object["lost_places"] = overview.lost;
        object["spool_lost"] = as_json(overview.lost_spool);
        std::cout << json::serialize(object) << "\n";
        return EX_OK;
    }
    std::cout << (process ? "the daemon runs (process " + std::to_string(*process) + ")" : "the daemon does not run") << "\n" << domain::to_text(overview);
    return EX_OK;
}

}  // namespace motionspool
