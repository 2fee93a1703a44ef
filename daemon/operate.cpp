#include "operate.hpp"
#include <CLI/App.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include "asking.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "config/scalars.hpp"
#include "exit.hpp"
#include "system/real_clock.hpp"

namespace motionspool {
namespace json = boost::json;
namespace {

/// The next time the clock on the wall shows it, in the configuration's zone.
Instant next_time_of_day(std::chrono::minutes after_midnight, const std::string& zone, Instant now) {
    if (zone != "system") ::setenv("TZ", (":" + zone).c_str(), 1);
    ::tzset();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    for (int day = 0;; day++) {
        const std::time_t time = seconds;
        std::tm local{};
        ::localtime_r(&time, &local);
        local.tm_mday += day;
        local.tm_hour = static_cast<int>(after_midnight.count() / 60);
        local.tm_min = static_cast<int>(after_midnight.count() % 60);
        local.tm_sec = 0;
        local.tm_isdst = -1;
        const auto then = ::mktime(&local);
        if (then > seconds) return Instant{std::chrono::seconds{then}};
    }
}

std::string end_of_pause(const std::string& text, const config::Config& config) {
    const auto now = system::RealClock{}.now();
    if (const auto length = parse_duration(text)) return to_rfc3339(now + *length);
    if (const auto time = config::parse_time_of_day(text)) return to_rfc3339(next_time_of_day(*time, config.timezone, now));
    if (const auto instant = parse_rfc3339(text)) return to_rfc3339(*instant);
    throw Exit{EX_USAGE, "--until is \"" + text + "\"; expected a duration such as 2h, a time such as 06:00, or 2026-11-24T06:00:00+01:00"};
}

json::object question_of(const OperateOptions& o, const std::string& command, const config::Config& config) {
    if (command == "resume") return {};
    if (command == "pause") {
        json::object question{{"reason", o.reason}};
        if (!o.until.empty()) question["until"] = end_of_pause(o.until, config);
        return question;
    }
    json::object question{{"dry_run", o.dry_run}};
    question[command == "set" ? "batch" : "target"] = o.target;
    if (command == "set") question["settings"] = json::array(o.settings.begin(), o.settings.end());
    if (command == "cancel") question["discard"] = o.discard;
    if (command == "retry" && !o.cause.empty()) question["cause"] = o.cause;
    return question;
}

std::size_t jobs_of(const json::object& answer) { return answer.at("jobs").to_number<std::size_t>(); }

std::string lines(const json::object& answer) {
    std::string text = answer.at("text").as_string().c_str();
    for (const auto& item : answer.at("left_alone").as_array()) {
        const auto n = item.at("jobs").to_number<std::size_t>();
        text += "\n  " + count_of(n, "job") + (n == 1 ? " is left alone: it " : " are left alone; each ") + item.at("why").as_string().c_str();
    }
    for (const auto& note : answer.at("notes").as_array()) text += std::string{"\n  "} + note.as_string().c_str();
    return text + "\n";
}

/// More than one job: says how many, and asks.
void require_consent(const config::Config& config, const std::string& command, json::object question) {
    question["dry_run"] = true;
    const auto answer = ask_daemon(config, command, question);
    if (jobs_of(answer) <= 1) return;
    require_yes(answer.at("text").as_string().c_str(), lines(answer));
}

}  // namespace

std::vector<CLI::App*> add_operations(CLI::App& root, OperateOptions& o) {
    std::vector<CLI::App*> commands;
    const auto add = [&](const char* name, const char* what) {
        commands.push_back(root.add_subcommand(name, what)->fallthrough());
        return commands.back();
    };
    const auto add_on_jobs = [&](const char* name, const char* what) {
        auto* command = add(name, what);
        command->add_option("target", o.target, "BATCH, BATCH/JOB, or a glob such as BATCH/fox-*")->required();
        command->add_flag("--dry-run", o.dry_run, "only say what it would do");
        command->add_flag("--yes", o.yes, "do not ask, however many jobs it is");
        return command;
    };
    add_on_jobs("hold", "submit nothing of a batch, or not these jobs, until `release`; what runs goes on");
    add_on_jobs("release", "lift a hold; also answers a review and lets a group that failed too often try again");
    auto* cancel = add_on_jobs("cancel", "end what is not yet paid for; what is submitted already is still delivered");
    cancel->add_flag("--discard", o.discard, "end also what is paid for; its cost is booked, nothing of it is delivered");
    auto* retry = add_on_jobs("retry", "try failed jobs again; a video that was rendered and can still be fetched is not paid again");
    retry->add_option("--cause", o.cause, "only jobs that failed for this cause, such as image-fetch; also those that are left alone otherwise")
        ->type_name("CODE");
    auto* set = add("set", "change priority, share, window or budget of a live batch");
    set->add_option("batch", o.target, "the batch")->required();
    set->add_option("settings", o.settings, "priority=-100..100, share=NAME, window=NAME, budget=CREDITS; each but priority may be none")
        ->type_name("KEY=VALUE")
        ->required();
    set->add_flag("--dry-run", o.dry_run, "only say what it would do");
    auto* pause = add("pause", "submit nothing at all until `resume`; what runs goes on");
    pause->add_option("--until", o.until, "go on by itself then: 2h, 06:00, or 2026-11-24T06:00:00+01:00")->type_name("TIME");
    pause->add_option("--reason", o.reason, "what people are told")->type_name("TEXT");
    add("resume", "submit again after `pause`");
    return commands;
}

int operate(const Options& options, const OperateOptions& o, const std::string& command) {
    const auto file = read_config(options);
    const auto& config = file.loaded.config;
    const auto question = question_of(o, command, config);
    const bool on_jobs = question.contains("target");
    if (on_jobs && !o.yes && !o.dry_run) require_consent(config, command, question);
    const auto answer = ask_daemon(config, command, question);
    if (options.json)
        std::cout << json::serialize(answer) << "\n";
    else
        std::cout << lines(answer);
    return on_jobs && jobs_of(answer) == 0 ? 1 : EX_OK;
}

}  // namespace motionspool
