#include "jobs.hpp"
#include <CLI/App.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include "domain/names.hpp"
#include "exit.hpp"
#include "reading.hpp"

namespace motionspool {
namespace {

store::JobFilter filter_of(const JobsOptions& jobs) {
    store::JobFilter filter;
    if (!jobs.batch.empty()) filter.batch_key = domain::name_key(jobs.batch);
    if (!jobs.state.empty()) {
        if (!domain::job_state(jobs.state))
            throw Exit{EX_USAGE, "\"" + jobs.state +
                                     "\" is no state; expected queued, uploading, submitting, uncertain, running, downloading, done, failed or cancelled"};
        filter.state = jobs.state;
    }
    if (!jobs.label.empty()) {
        const auto equals = jobs.label.find('=');
        if (equals == std::string::npos) throw Exit{EX_USAGE, "--label expects KEY=VALUE and got \"" + jobs.label + "\""};
        filter.label = std::pair{jobs.label.substr(0, equals), jobs.label.substr(equals + 1)};
    }
    return filter;
}

std::string remark(const store::JobView& job, const std::optional<domain::Blocked>& waiting) {
    if (job.error) return job.error->code + ": " + job.error->message;
    if (waiting) return "waits for " + std::string{to_string(waiting->why)};
    if (job.state == domain::JobState::uncertain)
        return "no clear answer came from the provider; `motionspool show " + job.batch + "/" + job.job + "` tells what to do";
    return job.output.value_or(job.task ? "task " + *job.task : "");
}

}  // namespace

CLI::App* add_jobs(CLI::App& root, JobsOptions& jobs) {
    auto* command = root.add_subcommand("jobs", "a row a job");
    command->add_option("--batch", jobs.batch, "only this batch");
    command->add_option("--state", jobs.state, "only jobs in this state");
    command->add_option("--label", jobs.label, "only batches with this label")->type_name("KEY=VALUE");
    return command->fallthrough();
}

int list_jobs(const Options& options, const JobsOptions& jobs) {
    const auto filter = filter_of(jobs);
    const auto file = read_config(options);
    Reading reading{file.loaded.config};
    warn_of_another_configuration(reading, file);
    if (filter.batch_key && !reading.store().batches.find(*filter.batch_key))
        throw Exit{EX_NOINPUT, "there is no batch \"" + jobs.batch + "\"; `motionspool jobs` lists what there is"};
    const auto standing = reading.standing();
    boost::json::array list;
    std::vector<std::vector<std::string>> rows{{"JOB", "STATE", "CREDITS", ""}};
    for (const auto& job : reading.store().views.jobs(filter)) {
        const auto waiting = standing.waiting(job);
        if (options.json)
            list.push_back(as_json(job, waiting));
        else
            rows.push_back({job.batch + "/" + job.job, std::string{to_string(job.state)}, to_string(job.spent + job.reserved), remark(job, waiting)});
    }
    if (options.json)
        std::cout << boost::json::serialize(list) << "\n";
    else if (rows.size() == 1)
        std::cout << "no jobs\n";
    else
        std::cout << table(rows);
    return EX_OK;
}

}  // namespace motionspool
