#include "show.hpp"
#include <CLI/App.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include "app/json_text.hpp"
#include "exit.hpp"
#include "reading.hpp"

namespace motionspool {
namespace json = boost::json;
namespace {

json::array as_json(const std::vector<store::Event>& events) {
    json::array list;
    for (const auto& event : events) list.push_back(json::object{{"at", to_rfc3339(event.at)}, {"what", event.what}});
    return list;
}

json::object as_json(const store::Attempt& attempt, const domain::Account& account) {
    json::object object{{"id", attempt.id.value()},
                        {"stage", std::string{to_string(attempt.stage)}},
                        {"state", std::string{to_string(attempt.state)}},
                        {"armed", to_rfc3339(attempt.armed)}};
    object["task"] = attempt.task ? json::value(*attempt.task) : json::value(nullptr);
    object["outcome"] = attempt.outcome ? json::value(*attempt.outcome) : json::value(nullptr);
    object["credits_reserved"] = app::as_json(account.reserved);
    object["credits_spent"] = app::as_json(account.spent);
    object["request"] = attempt.request;
    return object;
}

std::string lines(const std::vector<store::Event>& events) {
    std::string text;
    for (const auto& event : events) text += "  " + to_rfc3339(event.at) + "  " + event.what + "\n";
    return text;
}

void show_job(Reading& reading, const store::JobView& job, bool as_json_text) {
    const auto waiting = reading.standing().waiting(job);
    const auto attempts = reading.store().attempts.of(job.id);
    const auto events = reading.store().views.events(job.id);
    if (as_json_text) {
        auto object = motionspool::as_json(job, waiting);
        json::array list;
        for (const auto& attempt : attempts) list.push_back(as_json(attempt, reading.store().attempts.account(attempt.id)));
        object["attempt_list"] = std::move(list);
        object["events"] = as_json(events);
        std::cout << json::serialize(object) << "\n";
        return;
    }
    std::cout << job.batch << "/" << job.job << ": " << to_string(job.state);
    if (waiting) std::cout << ", waits for " << to_string(waiting->why) << " (" << waiting->numbers << ")";
    std::cout << "\n  " << job.image << " + " << job.motion << ", " << job.mode << ", orientation " << job.orientation << ", estimated "
              << to_string(job.estimate) << " credits\n";
    if (!job.prompt.empty()) std::cout << "  prompt: " << job.prompt << "\n";
    if (job.error) std::cout << "  error: " << job.error->code << ": " << job.error->message << "\n";
    if (job.output) std::cout << "  output: " << *job.output << "\n";
    std::cout << "  credits: " << to_string(job.spent) << " spent, " << to_string(job.reserved) << " reserved\n";
    for (const auto& attempt : attempts) {
        std::cout << "  attempt " << attempt.id.value() << ": " << to_string(attempt.state) << (attempt.task ? ", task " + *attempt.task : "") << ", sent "
                  << to_rfc3339(attempt.armed) << "\n";
    }
    if (!events.empty()) std::cout << "\n" << lines(events);
}

void show_batch(Reading& reading, const store::BatchRow& batch, bool as_json_text) {
    const auto counts = reading.store().views.counts(batch.id);
    const auto events = reading.store().views.events(batch.id);
    if (as_json_text) {
        json::object states;
        for (const auto& [state, count] : counts) states[to_string(state)] = count;
        json::object object{{"batch", batch.name},
                            {"state", batch.state},
                            {"drop", batch.place + "/" + batch.entry},
                            {"note", batch.note},
                            {"labels", app::as_json(batch.labels)},
                            {"priority", batch.priority},
                            {"created", to_rfc3339(batch.created)},
                            {"jobs", std::move(states)}};
        object["ended"] = batch.ended ? json::value(to_rfc3339(*batch.ended)) : json::value(nullptr);
        object["events"] = as_json(events);
        std::cout << json::serialize(object) << "\n";
        return;
    }
    std::cout << batch.name << ": " << (batch.ended ? "ended " + to_rfc3339(*batch.ended) : "open") << "\n  drop: " << batch.place << "/" << batch.entry
              << "\n";
    if (!batch.note.empty()) std::cout << "  note: " << batch.note << "\n";
    for (const auto& [key, value] : batch.labels) std::cout << "  label: " << key << "=" << value << "\n";
    for (const auto& [state, count] : counts) std::cout << "  " << count << " " << to_string(state) << "\n";
    if (!events.empty()) std::cout << "\n" << lines(events);
}

}  // namespace

CLI::App* add_show(CLI::App& root, ShowOptions& show) {
    auto* command = root.add_subcommand("show", "one batch or job, its attempts and its event log");
    command->add_option("address", show.address, "BATCH or BATCH/JOB")->required();
    return command->fallthrough();
}

int show_one(const Options& options, const ShowOptions& show) {
    const auto file = read_config(options);
    Reading reading{file.loaded.config};
    const auto address = parse_address(show.address);
    const auto batch = reading.store().batches.find(address.batch_key);
    if (!batch || batch->state == "arriving")
        throw Exit{EX_NOINPUT, "there is no batch \"" + show.address.substr(0, show.address.find('/')) + "\"; `motionspool jobs` lists what there is"};
    if (!address.job_key) {
        show_batch(reading, *batch, options.json);
        return EX_OK;
    }
    store::JobFilter filter;
    filter.batch_key = address.batch_key;
    filter.job_key = address.job_key;
    const auto jobs = reading.store().views.jobs(filter);
    if (jobs.empty()) throw Exit{EX_NOINPUT, "there is no job \"" + show.address + "\"; `motionspool jobs --batch " + batch->name + "` lists the batch's"};
    show_job(reading, jobs.front(), options.json);
    return EX_OK;
}

}  // namespace motionspool
