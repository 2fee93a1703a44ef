#include "reading.hpp"
#include <unistd.h>
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <filesystem>
#include <iostream>
#include "access.hpp"
#include "app/appending.hpp"
#include "app/json_text.hpp"
#include "app/renders.hpp"
#include "app/tariff.hpp"
#include "app/witness.hpp"
#include "domain/names.hpp"
#include "exit.hpp"
#include "foundation.hpp"
#include "system/lock.hpp"
#include "system/ticks.hpp"

namespace motionspool {
namespace json = boost::json;
namespace {

json::value or_null(const std::optional<std::string>& text) { return text ? json::value(*text) : json::value(nullptr); }

/// How many characters, for columns: combining ones and wide ones are counted as one, which is near enough.
std::size_t width(const std::string& text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

}  // namespace

std::unique_ptr<SQLite::Database> open_database(const config::Config& config) {
    const auto file = std::filesystem::path{config.state.directory} / "motionspool.db";
    require_access(config.state.directory, X_OK, "look into the state directory");
    require_access(file, R_OK, "read the database");
    if (const auto away = state_away(config)) throw Exit{EX_UNAVAILABLE, "a daemon waits for this, and accepts and pays for nothing: " + *away};
    auto database = store::open_for_reading(file);
    if (!database) throw Exit{std::filesystem::exists(file) ? EX_IOERR : EX_UNAVAILABLE, database.problem().text};
    return std::move(*database);
}

Reading::Reading(const config::Config& config) : config_{config}, store_{io_.get_executor(), open_database(config), system::monotonic_ticks} {}

app::Standing Reading::standing() {
    app::Standing standing{store_, config_, clock_.now(), clock_.boot(), clock_.boot_id()};
    if (const auto ahead = quarantine_ahead(); ahead && !standing.world().quarantine) standing.expect_quarantine("from the next start on: " + *ahead);
    return standing;
}

std::optional<std::string> Reading::quarantine_ahead() {
    if (system::lock_holder(config_.state.directory)) return std::nullopt;
    return app::quarantine_ahead(config_, store_);
}

Instant Reading::wall_time_of(BootTime then) const { return clock_.now() + (then - clock_.boot()); }

void warn_of_another_configuration(Reading& reading, const ConfigFile& file) {
    const auto runs_with = reading.store().notes.fact("configuration");
    if (!runs_with || *runs_with == fingerprint(file) || !system::lock_holder(file.loaded.config.state.directory)) return;
    std::cerr << "motionspool: the daemon runs with an older configuration than " << file.path << "; restart it\n";
}

void Reading::meet(std::optional<BatchId> appends, app::Examination& e) {
    const auto look = [&]() -> asio::awaitable<void> {
        std::set<std::size_t> taken_up;
        if (appends) {
            auto meeting = app::meet(store_, clock_, *appends, e);
            const auto met = co_await std::move(meeting);
            taken_up = app::taken_up_of(met);
        }
        auto warning = app::warn_of_known_jobs(store_, clock_, app::tariff_of(config_, store_), e, appends, std::move(taken_up));
        co_await std::move(warning);
    };
    std::exception_ptr failure;
    auto on_end = [&failure](std::exception_ptr error) { failure = std::move(error); };
    asio::co_spawn(io_, look(), std::move(on_end));
    io_.restart();
    io_.run();
    if (failure) std::rethrow_exception(failure);
}

json::object as_json(const store::JobView& job, const std::optional<domain::Blocked>& waiting) {
    json::object row{{"batch", job.batch},
                     {"job", job.job},
                     {"state", std::string{to_string(job.state)}},
                     {"stage", std::string{to_string(job.stage)}},
                     {"mode", job.mode},
                     {"orientation", job.orientation},
                     {"image", job.image},
                     {"motion", job.motion},
                     {"prompt", job.prompt},
                     {"attempts", job.attempts}};
    row["task"] = or_null(job.task);
    row["credits_reserved"] = app::as_json(job.reserved);
    row["credits_spent"] = app::as_json(job.spent);
    row["output"] = or_null(job.output);
    row["error"] = job.error ? json::value(json::object{{"code", job.error->code}, {"message", job.error->message}}) : json::value(nullptr);
    row["waiting_for"] = waiting ? json::value(std::string{to_string(waiting->why)}) : json::value(nullptr);
    const auto* trouble = job.trouble();
    row["trouble"] = trouble != nullptr ? json::value(json::object{{"text", trouble->text}, {"since", to_rfc3339(trouble->since)}}) : json::value(nullptr);
    if (trouble != nullptr) row["trouble"].as_object()["until"] = trouble->until ? json::value(to_rfc3339(*trouble->until)) : json::value(nullptr);
    row["created"] = to_rfc3339(job.created);
    row["updated"] = to_rfc3339(job.updated);
    return row;
}

std::string in_words(const store::LaneNote& trouble) {
    const auto shown = [](Instant at) { return to_rfc3339(std::chrono::floor<std::chrono::seconds>(at)); };
    return "trouble since " + shown(trouble.since) + ": " + trouble.text + (trouble.until ? "; tried again at " + shown(*trouble.until) : "");
}

Address parse_address(const std::string& text) {
    const auto slash = text.find('/');
    if (slash == std::string::npos) return {domain::name_key(text), std::nullopt};
    return {domain::name_key(text.substr(0, slash)), domain::name_key(text.substr(slash + 1))};
}

store::JobView require_job(Reading& reading, const std::string& text) {
    const auto address = parse_address(text);
    if (!address.job_key) throw Exit{EX_USAGE, "\"" + text + "\" names no job; expected BATCH/JOB"};
    store::JobFilter filter;
    filter.batch_key = address.batch_key;
    filter.job_key = address.job_key;
    const auto jobs = reading.store().views.jobs(filter);
    if (!jobs.empty()) return jobs.front();
    const auto batch = text.substr(0, text.find('/'));
    if (!reading.store().batches.find(address.batch_key))
        throw Exit{EX_NOINPUT, "there is no batch \"" + batch + "\"; `motionspool batches` lists what there is"};
    throw Exit{EX_NOINPUT, "there is no job \"" + text + "\"; `motionspool jobs --batch " + batch + "` lists the batch's"};
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); i++) widths[i] = std::max(widths[i], width(row[i]));
    }
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); i++) line += row[i] + (i + 1 < row.size() ? std::string(widths[i] - width(row[i]) + 2, ' ') : "");
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

}  // namespace motionspool
