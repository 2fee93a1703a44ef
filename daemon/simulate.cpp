#include "simulate.hpp"
#include <sys/resource.h>
#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <stdexcept>
#include "base/time.hpp"
#include "exit.hpp"
#include "simulator/service.hpp"

namespace motionspool {
namespace {
namespace sim = simulator;

/// The command line as it was written.
struct SimulateCommand {
    std::string listen = "127.0.0.1:0", duration = "2s..6s", latency = "0ms", rate = "20 per 10s", polls = "none", slow_answer = "5s", null_for = "0ms";
    std::string balance = "100000", price_720p = "11", price_1080p = "18", minimum_720p = "0", minimum_1080p = "0", link_ttl = "24h", upload_ttl = "24h";
    std::string key, webhook_key, journal, model = sim::Options{}.model;
    std::string charge = "create", result_json = "string", empty_as = "text", consumed = "new", upload_shape = "download", task_ids = "hex", text_key = "msg",
                code_as = "number", missing_inputs = "clip";
    std::vector<std::string> faults;
    std::optional<std::uint64_t> seed;
    int credits_error = 402;
    bool no_fsync = false, real_http_codes = false, list_faults = false;
};

SimulateCommand& command() {
    static SimulateCommand instance;
    return instance;
}

/// A value on the command line that cannot be read.
struct Usage : std::runtime_error {
    using std::runtime_error::runtime_error;
};

template <typename T>
T expect(std::string_view option, Result<T> result) {
    if (!result) throw Usage{std::string{option} + ": " + result.problem().text};
    return std::move(*result);
}
template <typename T>
T expect(std::string_view option, const std::string& text, std::optional<T> value, std::string_view wanted) {
    if (!value) throw Usage{std::string{option} + ": '" + text + "' cannot be read; expected " + std::string{wanted}};
    return *value;
}
Credits credits(std::string_view option, const std::string& text) { return expect(option, text, parse_credits(text), "an amount of credits, e.g. 812.5"); }
std::chrono::milliseconds duration(std::string_view option, const std::string& text) {
    return expect(option, text, parse_duration(text), "a duration, e.g. 100ms, 20min or 24h");
}

/// Which of the values a word stands for. @pre CLI11 has checked that it is one of them
template <typename T>
T choice(const std::string& word, std::initializer_list<std::pair<const char*, T>> values) {
    for (const auto& [name, value] : values) {
        if (word == name) return value;
    }
    throw std::logic_error("an option's words and values differ: " + word);
}

void read_shapes(const SimulateCommand& given, sim::Options& options) {
    using namespace sim;
    options.charge = choice<ChargeAt>(given.charge, {{"create", ChargeAt::create}, {"success", ChargeAt::success}});
    options.result_json = choice<ResultJson>(given.result_json, {{"string", ResultJson::string}, {"object", ResultJson::object}});
    options.empty_as = choice<EmptyAs>(given.empty_as, {{"text", EmptyAs::text}, {"null", EmptyAs::null}, {"absent", EmptyAs::absent}});
    options.consumed = choice<ConsumedAs>(
        given.consumed, {{"new", ConsumedAs::newer}, {"old", ConsumedAs::older}, {"string", ConsumedAs::string}, {"absent", ConsumedAs::absent}});
    options.upload_shape = choice<UploadShape>(given.upload_shape, {{"download", UploadShape::download}, {"file", UploadShape::file}});
    options.task_ids = choice<TaskIds>(given.task_ids, {{"hex", TaskIds::hex}, {"named", TaskIds::named}});
    options.text_key = choice<TextKey>(given.text_key, {{"msg", TextKey::msg}, {"message", TextKey::message}});
    options.code_as = choice<CodeAs>(given.code_as, {{"number", CodeAs::number}, {"string", CodeAs::string}});
    options.missing_inputs_fail = choice<bool>(given.missing_inputs, {{"clip", false}, {"fail", true}});
    options.credits_error = given.credits_error;
    options.real_http_codes = given.real_http_codes;
}

sim::Options read_options(const SimulateCommand& given) {
    sim::Options options;
    options.model = given.model;
    options.duration = expect("--duration", sim::parse_span(given.duration));
    options.latency = expect("--latency", sim::parse_span(given.latency));
    options.slow_answer = duration("--slow-answer", given.slow_answer);
    options.null_for = duration("--null-for", given.null_for);
    options.balance = credits("--balance", given.balance);
    options.price_720p = credits("--price-720p", given.price_720p);
    options.price_1080p = credits("--price-1080p", given.price_1080p);
    options.minimum_720p = credits("--minimum-720p", given.minimum_720p);
    options.minimum_1080p = credits("--minimum-1080p", given.minimum_1080p);
    if (options.price_720p < Credits{} || options.price_1080p < Credits{}) throw Usage{"a price is negative; expected credits a second, e.g. 11"};
    options.rate = expect("--rate", sim::parse_rate(given.rate));
    options.polls = expect("--polls", sim::parse_rate(given.polls));
    options.key = given.key;
    options.webhook_key = given.webhook_key;
    options.seed = given.seed;
    options.link_ttl = duration("--link-ttl", given.link_ttl);
    options.upload_ttl = duration("--upload-ttl", given.upload_ttl);
    for (const auto& fault : given.faults) options.faults.push_back(expect("--fault", sim::parse_fault(fault)));
    read_shapes(given, options);
    return options;
}

int print_faults(bool as_json) {
    if (as_json) {
        boost::json::array rows;
        for (const auto& row : sim::fault_table())
            rows.push_back(boost::json::object{{"fault", row.name}, {"stage", sim::to_string(row.stage)}, {"what", row.what}});
        std::cout << boost::json::serialize(rows) << "\n";
        return EX_OK;
    }
    for (const auto& row : sim::fault_table()) {
        const auto stage = sim::to_string(row.stage);
        std::printf("%-22.*s %-21.*s %.*s\n", static_cast<int>(row.name.size()), row.name.data(), static_cast<int>(stage.size()), stage.data(),
                    static_cast<int>(row.what.size()), row.what.data());
    }
    return EX_OK;
}

/// Every large upload holds a descriptor: take as many as the system gives.
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

int serve(sim::Options options, sim::Journal journal, const std::string& listen) {
    asio::io_context context{1};
    auto service = sim::Service::open(context.get_executor(), listen, std::move(options), std::move(journal));
    if (!service) throw Exit{service.problem().text.find("is nothing to listen on") == std::string::npos ? EX_UNAVAILABLE : EX_USAGE, service.problem().text};
    auto& running = **service;
    asio::signal_set signals{context, SIGINT, SIGTERM};
    signals.async_wait([&](const boost::system::error_code& error, int) {
        if (!error) running.stop();
    });
    std::exception_ptr failure;
    asio::co_spawn(context, running.run(), [&](std::exception_ptr thrown) {
        failure = thrown;
        signals.cancel();
    });
    std::cout << "listening on " << running.url() << std::endl;
    context.run();
    if (!failure) return EX_OK;
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& error) { throw Exit{EX_IOERR, error.what()}; }
}

void add_time_options(CLI::App& app, SimulateCommand& given) {
    app.add_option("--duration", given.duration, "how long a task takes, e.g. 100ms or 2s..6s")->capture_default_str();
    app.add_option("--latency", given.latency, "how long every answer takes, e.g. 20ms..80ms")->capture_default_str();
    app.add_option("--slow-answer", given.slow_answer, "how late createTask answers with the fault slow-answer")->capture_default_str();
    app.add_option("--null-for", given.null_for, "for so long after createTask recordInfo is null")->capture_default_str();
    app.add_option("--link-ttl", given.link_ttl, "how long a result's first URL is good")->capture_default_str();
    app.add_option("--upload-ttl", given.upload_ttl, "how long an uploaded file is kept")->capture_default_str();
    app.add_option("--rate", given.rate, "createTask calls allowed in any window, or none")->capture_default_str();
    app.add_option("--polls", given.polls, "recordInfo calls allowed in any window, or none")->capture_default_str();
}

void add_money_options(CLI::App& app, SimulateCommand& given) {
    app.add_option("--balance", given.balance, "credits at the start")->capture_default_str();
    app.add_option("--price-720p", given.price_720p, "credits a started second")->capture_default_str();
    app.add_option("--price-1080p", given.price_1080p, "credits a started second")->capture_default_str();
    app.add_option("--minimum-720p", given.minimum_720p, "credits a task costs at least")->capture_default_str();
    app.add_option("--minimum-1080p", given.minimum_1080p, "credits a task costs at least")->capture_default_str();
    app.add_option("--charge", given.charge, "when the price is taken; on create it is returned if the task fails")
        ->check(CLI::IsMember{{"create", "success"}});
    app.add_option("--credits-error", given.credits_error, "the code when credits are insufficient")->check(CLI::IsMember{{402, 500}});
}

void add_shape_options(CLI::App& app, SimulateCommand& given) {
    app.add_option("--result-json", given.result_json, "resultJson as a JSON string or an object")->check(CLI::IsMember{{"string", "object"}});
    app.add_option("--empty-as", given.empty_as, "recordInfo's empty fields")->check(CLI::IsMember{{"text", "null", "absent"}});
    app.add_option("--consumed", given.consumed, "creditsConsumed, consumeCredits, a numeric string, or nothing")
        ->check(CLI::IsMember{{"new", "old", "string", "absent"}});
    app.add_option("--upload-shape", given.upload_shape, "downloadUrl, or fileUrl with expiresAt")->check(CLI::IsMember{{"download", "file"}});
    app.add_option("--task-ids", given.task_ids, "32 hexadecimal digits, or task_kling-2.6_…")->check(CLI::IsMember{{"hex", "named"}});
    app.add_option("--text-key", given.text_key, "the key of an answer's text")->check(CLI::IsMember{{"msg", "message"}});
    app.add_option("--code-as", given.code_as, "the type of an answer's code")->check(CLI::IsMember{{"number", "string"}});
    app.add_option("--missing-inputs", given.missing_inputs, "an input under our own /files/ that is not there: the built-in clip, or the task fails")
        ->check(CLI::IsMember{{"clip", "fail"}});
    app.add_flag("--real-http-codes", given.real_http_codes, "errors have their code as the HTTP status, too");
}

}  // namespace

CLI::App* add_simulate(CLI::App& root) {
    auto& given = command();
    auto* app = root.add_subcommand("simulate", "a stand-in for the KIE API, for rehearsals and tests");
    app->footer(
        "While it runs it is told what to do, and tells what was done:\n"
        "  curl -d '{\"credits\": 500}' URL/sim/balance           adds credits; {\"balance\": 500}: has exactly so many\n"
        "  curl -d '{\"lost-answer\": 0.05, \"504\": \"every:10\"}' URL/sim/faults     faults from now on; 0: none of that kind\n"
        "  curl -d '{}' URL/sim/release                          ends the tasks and sends the answers that the faults held and held-answer hold;\n"
        "                                                        {\"prompt\": \"x\"}: only the tasks whose prompt has x in it\n"
        "  curl URL/sim/state                                    requests, tasks, credits and peaks so far, as JSON\n");
    app->add_option("--listen", given.listen, "HOST:PORT; port 0: any free one")->capture_default_str();
    add_time_options(*app, given);
    add_money_options(*app, given);
    app->add_option("--key", given.key, "the only good API key; without it any is");
    app->add_option("--webhook-key", given.webhook_key, "signs callbacks");
    app->add_option("--model", given.model, "the one model there is")->capture_default_str();
    app->add_option("--seed", given.seed, "of chance; without it every run differs");
    app->add_option("--journal", given.journal, "append every request to this file before answering, a JSON line each");
    app->add_flag("--no-fsync", given.no_fsync, "do not fsync the journal when a task is accepted");
    app->add_option("--fault", given.faults, "NAME=RATE or NAME=every:N, repeatable; also [sim:NAME] or [sim:NAME*TIMES] in a prompt")->expected(1)->take_all();
    app->add_flag("--list-faults", given.list_faults, "print the faults there are, and end");
    add_shape_options(*app, given);
    return app;
}

int run_simulate(const Options& options) {
    const auto& given = command();
    if (given.list_faults) return print_faults(options.json);
    sim::Options provider;
    try {
        provider = read_options(given);
    } catch (const Usage& usage) { throw Exit{EX_USAGE, usage.what()}; }
    sim::Journal journal;
    if (!given.journal.empty()) {
        auto opened = sim::Journal::open(given.journal, !given.no_fsync);
        if (!opened) throw Exit{EX_CANTCREAT, opened.problem().text};
        journal = std::move(*opened);
    }
    raise_descriptor_limit();
    return serve(std::move(provider), std::move(journal), given.listen);
}

}  // namespace motionspool
