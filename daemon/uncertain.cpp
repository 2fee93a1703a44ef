#include "uncertain.hpp"
#include <CLI/App.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include "app/json_text.hpp"
#include "asking.hpp"
#include "base/text.hpp"
#include "exit.hpp"
#include "reading.hpp"
#include "system/lock.hpp"

namespace motionspool {
namespace json = boost::json;
using namespace std::chrono_literals;
namespace {

/// https://docs.kie.ai, "Data Retention Policy": records are kept for two months, media for 14 days.
constexpr const char* where_to_look = "https://kie.ai/logs";
constexpr auto records_kept = 60 * 24h, results_kept = 14 * 24h;
/// A task's creation may lie so far from when it was sent, as the provider's clock says.
constexpr auto before = 5min, behind = 15min;

std::string shown(Instant at) { return to_rfc3339(std::chrono::floor<std::chrono::seconds>(at)); }

json::object as_json(const store::UncertainView& one) {
    json::object row{{"batch", one.batch},
                     {"job", one.job},
                     {"state", std::string{to_string(one.state)}},
                     {"image", one.image},
                     {"motion", one.motion},
                     {"prompt", one.prompt},
                     {"mode", one.mode},
                     {"sent", to_rfc3339(one.armed)}};
    row["orientation"] = one.orientation;
    row["why"] = one.why;
    row["request"] = one.request;
    row["credits_reserved"] = app::as_json(one.estimate);
    row["calls_back"] = one.callback;
    row["look_at"] = where_to_look;
    row["result_kept_until"] = to_rfc3339(one.armed + results_kept);
    row["record_kept_until"] = to_rfc3339(one.armed + records_kept);
    return row;
}

void print(const store::UncertainView& one) {
    std::cout << one.batch << "/" << one.job << ": sent " << shown(one.armed) << ", " << in_words(one.estimate) << " reserved"
              << (one.state == domain::JobState::uncertain ? "" : "; given up since") << "\n  " << one.image << " + " << one.motion << ", " << one.mode
              << (one.prompt.empty() ? "" : ", prompt: " + one.prompt) << "\n  " << one.why << "\n  look at " << where_to_look << " for a task created between "
              << shown(one.armed - before) << " and " << shown(one.armed + behind) << "; its result is kept there until " << shown(one.armed + results_kept)
              << (one.callback ? "\n  if it was accepted, its callback resolves it by itself" : "") << "\n";
}

std::string what_to_do(const std::string& address) {
    return "\nIf there is such a task: motionspool uncertain adopt " + address + " TASK\nIf there is none, or to give it up: motionspool uncertain write-off " +
           address + "   (counted as spent in every budget, whether it was charged or not)\nTo submit it once more at the risk of paying twice: " +
           "motionspool uncertain resubmit " + address + "\n";
}

std::vector<store::JobView> under_way(Reading& reading) {
    store::JobFilter submitting;
    submitting.state = "submitting";
    return reading.store().views.jobs(submitting);
}

int list(const Options& options) {
    const auto file = read_config(options);
    Reading reading{file.loaded.config};
    auto rows = reading.store().views.uncertain();
    for (auto& one : rows) one.callback = one.callback && reading.takes_callbacks();
    if (options.json) {
        json::array array;
        for (const auto& one : rows) array.push_back(as_json(one));
        std::cout << json::serialize(array) << "\n";
        return EX_OK;
    }
    for (const auto& one : rows) print(one);
    const auto cut_off = system::lock_holder(file.loaded.config.state.directory) ? std::vector<store::JobView>{} : under_way(reading);
    for (const auto& job : cut_off)
        std::cout << job.batch << "/" << job.job
                  << ": its paid request was under way when the daemon ended; the next start lists it here, with what is known\n";
    if (rows.empty() && cut_off.empty())
        std::cout << "no submission is uncertain\n";
    else if (rows.empty())
        return EX_OK;
    else
        std::cout << what_to_do(rows.size() == 1 ? rows.front().batch + "/" + rows.front().job : "BATCH/JOB");
    return EX_OK;
}

}  // namespace

CLI::App* add_uncertain(CLI::App& root, UncertainOptions& uncertain) {
    auto* command = root.add_subcommand("uncertain", "submissions without a clear answer: what is known of them, and what to do")->fallthrough();
    command->require_subcommand(1);
    command->add_subcommand("list", "what was sent and when, the credits at stake, where to look and until when")->fallthrough();
    const auto add = [&](const char* name, const char* what) {
        auto* act = command->add_subcommand(name, what)->fallthrough();
        act->add_option("job", uncertain.job, "BATCH/JOB")->required();
        return act;
    };
    add("adopt", "the provider's task is this job's: it is checked, followed and delivered")->add_option("task", uncertain.task, "the task's id")->required();
    add("write-off", "count it as spent and end the job as failed");
    add("resubmit", "submit it again, at the risk of paying twice");
    return command;
}

int resolve_uncertain(const Options& options, const UncertainOptions& uncertain, const CLI::App& command) {
    const auto act = command.get_subcommands().front()->get_name();
    if (act == "list") return list(options);
    if (uncertain.job.find('/') == std::string::npos) throw Exit{EX_USAGE, "\"" + uncertain.job + "\" names no job; expected BATCH/JOB"};
    if (act == "adopt" && uncertain.task.empty()) throw Exit{EX_USAGE, "the task's id is empty; expected one as kie.ai's logs show it"};
    const auto file = read_config(options);
    json::object question{{"target", uncertain.job}};
    if (act == "adopt") question["task"] = uncertain.task;
    const auto answer = ask_daemon(file.loaded.config, "uncertain/" + act, question);
    if (options.json)
        std::cout << json::serialize(answer) << "\n";
    else
        std::cout << answer.at("text").as_string().c_str() << "\n";
    return EX_OK;
}

}  // namespace motionspool
