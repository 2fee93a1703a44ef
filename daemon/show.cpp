#include "show.hpp"
#include <CLI/App.hpp>
#include "exit.hpp"
#include "showing.hpp"

namespace motionspool {

boost::json::array events_as_json(const std::vector<store::Event>& events) {
    boost::json::array list;
    for (const auto& event : events) list.push_back(boost::json::object{{"at", to_rfc3339(event.at)}, {"what", event.what}});
    return list;
}

std::string events_as_text(const std::vector<store::Event>& events) {
    std::string text = events.empty() ? "" : "\nLog\n";
    for (const auto& event : events) text += "  " + to_rfc3339(std::chrono::floor<std::chrono::seconds>(event.at)) + "  " + event.what + "\n";
    return text;
}

CLI::App* add_show(CLI::App& root, ShowOptions& show) {
    auto* command = root.add_subcommand("show", "one batch or job, its attempts and its event log");
    command->add_option("address", show.address, "BATCH or BATCH/JOB")->required();
    return command->fallthrough();
}

int show_one(const Options& options, const ShowOptions& show) {
    const auto file = read_config(options);
    const auto& config = file.loaded.config;
    Reading reading{config};
    const auto address = parse_address(show.address);
    const auto batch = reading.store().batches.find(address.batch_key);
    if (!batch || batch->state == "arriving")
        throw Exit{EX_NOINPUT, "there is no batch \"" + show.address.substr(0, show.address.find('/')) + "\"; `motionspool jobs` lists what there is"};
    if (!address.job_key) {
        options.json ? show_batch_json(reading, config, *batch) : show_batch(reading, config, *batch);
        return EX_OK;
    }
    store::JobFilter filter;
    filter.batch_key = address.batch_key;
    filter.job_key = address.job_key;
    const auto jobs = reading.store().views.jobs(filter);
    if (jobs.empty()) throw Exit{EX_NOINPUT, "there is no job \"" + show.address + "\"; `motionspool jobs --batch " + batch->name + "` lists the batch's"};
    options.json ? show_job_json(reading, jobs.front()) : show_job(reading, jobs.front());
    return EX_OK;
}

}  // namespace motionspool
