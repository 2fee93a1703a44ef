#include "why.hpp"
#include <CLI/App.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include "domain/advice.hpp"
#include "domain/remedy.hpp"
#include "domain/waiting.hpp"
#include "exit.hpp"
#include "reading.hpp"
#include "system/lock.hpp"

namespace motionspool {
namespace json = boost::json;
using domain::JobState;
namespace {

/// How a job stands, in words.
struct Told {
    std::string text, next;        ///< what it is, and what ends it; either may be empty
    std::optional<Instant> until;  ///< when that changes by itself
};

/// Seconds are enough for people.
std::string shown(Instant at) { return to_rfc3339(std::chrono::floor<std::chrono::seconds>(at)); }

/// What is still to be done for a job whose turn it is. A daemon that starts asks for the balance before it submits anything.
std::string next_step(Reading& reading) {
    const bool asked = reading.store().funds.balance().has_value();
    return std::string{"it is submitted as soon as its inputs are uploaded"} + (asked ? "" : ", and the provider was asked for the account's balance");
}

Told told_of_waiting(Reading& reading, const store::JobView& job, const std::optional<domain::Blocked>& waiting) {
    if (!waiting) return {"it is its turn", next_step(reading), std::nullopt};
    Told told{"waits for " + std::string{to_string(waiting->why)} + ": " + waiting->numbers, domain::remedy(*waiting, job.batch, job.job), std::nullopt};
    if (waiting->until)
        told.until = std::chrono::round<std::chrono::seconds>(reading.wall_time_of(*waiting->until));  // two clocks are read, one after the other
    return told;
}

Told told_of(Reading& reading, const store::JobView& job, const std::optional<domain::Blocked>& waiting, const config::Config& config) {
    const auto attempt = reading.store().attempts.last_of(job.id);
    const auto sent = attempt ? shown(attempt->armed) : std::string{};
    const auto name = job.batch + "/" + job.job;
    switch (job.state) {
        case JobState::queued: return told_of_waiting(reading, job, waiting);
        case JobState::uploading: return {"its inputs are being uploaded", "it waits for its turn then", std::nullopt};
        case JobState::submitting: return {"its paid request is under way since " + sent, "the answer is waited for up to 3 min", std::nullopt};
        case JobState::uncertain:
            return {"its paid request was sent " + sent + " and no clear answer came (" + (attempt ? attempt->outcome.value_or("") : "") + "); " +
                        in_words(job.reserved) + " stay reserved",
                    "it is never sent again by itself: `motionspool uncertain list` tells what to do", std::nullopt};
        case JobState::running:
            if (const auto* trouble = job.trouble())
                return {"task " + job.task.value_or("") + ", " + in_words(*trouble),
                        trouble->why == "refused"
                            ? std::string{domain::remedy_for_refused_key} + "; it is followed and fetched then"
                            : "if another key made it, put that back and restart; after " + to_words(config.limits.task_deadline) + " it fails as unknown-task",
                        std::nullopt};
            return {"task " + job.task.value_or("") + " is at the provider since " + sent,
                    "it is asked about all the time, and reported as stuck after " + to_words(config.limits.task_deadline), std::nullopt};
        case JobState::downloading:
            if (const auto* trouble = job.trouble())
                return {"its video is rendered, " + in_words(*trouble), "it is tried as often as it takes", trouble->until};
            return {"its video is rendered and being fetched", "network trouble is overcome by trying as often as it takes", std::nullopt};
        case JobState::done: return {"delivered: " + job.output.value_or(""), "", std::nullopt};
        case JobState::failed:
            return {job.error ? job.error->code + ": " + job.error->message : "failed", domain::advice_on_retry(job.error ? job.error->code : "", name),
                    std::nullopt};
        case JobState::cancelled:
            return {job.reserved > Credits{} ? in_words(job.reserved) + " stay reserved for what was paid for already" : "nothing more happens to it",
                    "if it is wanted after all, drop it again, or `append:` it to the batch", std::nullopt};
    }
    return {};
}

}  // namespace

CLI::App* add_why(CLI::App& root, WhyOptions& why) {
    auto* command = root.add_subcommand("why", "what a job waits for: the constraint, its numbers, when that changes");
    command->add_option("address", why.address, "BATCH/JOB")->required();
    return command->fallthrough();
}

int tell_why(const Options& options, const WhyOptions& why) {
    const auto file = read_config(options);
    const auto& config = file.loaded.config;
    Reading reading{config};
    warn_of_another_configuration(reading, file);
    const auto job = require_job(reading, why.address);
    const auto waiting = reading.standing().waiting(job);
    const auto told = told_of(reading, job, waiting, config);
    const bool daemon_needed = !domain::has_ended(job.state) && !system::lock_holder(config.state.directory);
    if (options.json) {
        json::object object{{"batch", job.batch}, {"job", job.job}, {"state", std::string{to_string(job.state)}}};
        object["waiting_for"] = waiting ? json::value(std::string{to_string(waiting->why)}) : json::value(nullptr);
        object["text"] = told.text;
        object["next"] = told.next;
        object["until"] = told.until ? json::value(to_rfc3339(*told.until)) : json::value(nullptr);
        object["daemon_runs"] = !daemon_needed;
        std::cout << json::serialize(object) << "\n";
        return EX_OK;
    }
    std::cout << job.batch << "/" << job.job << " is " << to_string(job.state) << ": " << told.text << "\n";
    if (told.until) std::cout << "  until " << shown(*told.until) << "\n";
    if (!told.next.empty()) std::cout << "  " << told.next << "\n";
    if (daemon_needed) std::cout << "  the daemon does not run: nothing goes on until it is started\n";
    return EX_OK;
}

}  // namespace motionspool
