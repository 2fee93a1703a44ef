#include "plan.hpp"
#include <CLI/App.hpp>
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include "app/json_text.hpp"
#include "app/planning.hpp"
#include "asking.hpp"
#include "base/text.hpp"
#include "examining.hpp"
#include "exit.hpp"
#include "judging.hpp"
#include "system/real_clock.hpp"

namespace motionspool {
namespace json = boost::json;
namespace {

/// @return nothing if neither the daemon nor the database can tell
std::optional<json::object> ask_for_money(const config::Config& config, Reading* reading, Instant now) {
    try {
        auto answer = ask_daemon(config, "money", {});
        answer["told_by"] = "daemon";
        return answer;
    } catch (const Exit&) {}  // it does not run, or is not for this user
    if (reading == nullptr) return std::nullopt;
    auto answer = app::as_json(app::money_now(reading->store(), config, now));
    answer["told_by"] = "database";
    return answer;
}

struct Looked {
    std::optional<NamedManifest> manifest;
    std::string trouble;  ///< it is not there
    int code = EX_OK;
    std::optional<std::size_t> planned;  ///< among the plans
};

Looked look(const config::Config& config, const std::string& path, Reading* reading, app::Planning& planning, std::size_t planned) try {
    Looked looked;
    looked.manifest = examine_as_dropped(config, path, Hash::yes);
    if (reading != nullptr && looked.manifest->examination.acceptable()) judge_by_what_is_there(*reading, *looked.manifest);
    if (!looked.manifest->examination.acceptable()) {
        looked.code = EX_DATAERR;
        return looked;
    }
    planning.add(looked.manifest->examination);
    looked.planned = planned;
    return looked;
} catch (const Exit& exit) { return {std::nullopt, exit.what(), exit.code(), std::nullopt}; }

std::string in_words(std::uint64_t bytes) {
    if (bytes < 1'000'000) return std::to_string((bytes + 999) / 1'000) + " kB";
    const auto tenths = (bytes + 99'999) / 100'000;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MB";
}

std::string how_long(const app::Planning& planning) {
    const auto usual = planning.usual(domain::Mode::p720);
    return usual ? "if a video takes " + to_words(*usual) + ", as it usually does" : "if a video takes 5 min; none was rendered yet";
}

void tell(const NamedManifest& named, const app::PlannedManifest& manifest, const app::Planning& planning) {
    std::cout << named.file.string() << ": " << count_of(manifest.jobs, "job") << ", " << to_string(manifest.credits) << " credits, "
              << count_of(manifest.uploads, "upload") << " (" << in_words(manifest.upload_bytes) << ")"
              << (manifest.bad > 0 ? "; " + std::to_string(manifest.bad) + " bad, left out because of `partial: true`" : "") << "\n";
    for (const auto& wait : manifest.plan.waits)
        std::cout << "  " << count_of(wait.jobs, "job") << " would wait for " << to_string(wait.why) << ": " << wait.text << "\n";
    if (manifest.plan.never > 0) std::cout << "  " << count_of(manifest.plan.never, "job") << " would not be rendered at all as things stand\n";
    if (!manifest.plan.finish) return;
    std::cout << "  earliest finish: " << planning.in_words(*manifest.plan.finish) << " (" << how_long(planning)
              << (manifest.plan.needs_a_person ? "; and only once a person lets it go on" : "") << ")\n";
}

json::object as_json(const Looked& looked, const std::string& path, const std::vector<app::PlannedManifest>& plans) {
    json::object object{{"file", looked.manifest ? looked.manifest->file.string() : path}, {"acceptable", looked.planned.has_value()}};
    if (looked.manifest)
        object["complaints"] = as_json(looked.manifest->examination.complaints, looked.manifest->examination.bytes);
    else
        object["complaints"] = json::array{json::object{{"line", nullptr}, {"column", nullptr}, {"severity", "error"}, {"message", looked.trouble}}};
    if (!looked.planned) return object;
    const auto& manifest = plans[*looked.planned];
    json::array waits;
    for (const auto& wait : manifest.plan.waits)
        waits.push_back(json::object{{"for", std::string{to_string(wait.why)}}, {"jobs", wait.jobs}, {"text", wait.text}});
    object["jobs"] = manifest.jobs;
    object["bad"] = manifest.bad;
    object["credits"] = app::as_json(manifest.credits);
    object["uploads"] = manifest.uploads;
    object["upload_bytes"] = manifest.upload_bytes;
    object["waits"] = std::move(waits);
    object["never"] = manifest.plan.never;
    object["needs_a_person"] = manifest.plan.needs_a_person;
    object["earliest_finish"] = manifest.plan.finish ? json::value(to_rfc3339(*manifest.plan.finish)) : json::value(nullptr);
    return object;
}

json::object totals(const std::vector<app::PlannedManifest>& plans) {
    std::size_t jobs = 0, uploads = 0;
    Credits credits;
    std::optional<Instant> finish;
    for (const auto& one : plans) {
        jobs += one.jobs;
        uploads += one.uploads;
        credits += one.credits;
        if (one.plan.finish) finish = finish ? std::max(*finish, *one.plan.finish) : one.plan.finish;
    }
    json::object object{{"jobs", jobs}, {"uploads", uploads}};
    object["credits"] = app::as_json(credits);
    object["earliest_finish"] = finish ? json::value(to_rfc3339(*finish)) : json::value(nullptr);
    return object;
}

std::string credits_of(const json::value& value) { return value.is_null() ? "unknown" : json::serialize(value) + " credits"; }

void tell(const std::optional<json::object>& money) {
    if (!money) {
        std::cout << "balance and budgets: not looked at, as neither the daemon nor its database can be asked\n";
        return;
    }
    std::cout << "balance: " << credits_of(money->at("balance"));
    if (const auto* read = money->at("balance_read").if_string()) std::cout << " when read at " << std::string_view{*read}.substr(0, 19) << "Z";
    if (!money->at("available").is_null()) std::cout << ", " << json::serialize(money->at("available")) << " left for new jobs";
    std::cout << "; today: " << credits_of(money->at("spent_today")) << " spent, " << credits_of(money->at("reserved_today")) << " reserved\n";
}

}  // namespace

CLI::App* add_plan(CLI::App& root, PlanOptions& plan) {
    auto* command = root.add_subcommand("plan", "what manifests would cost, upload and wait for, and when they could be finished");
    command->add_option("manifest", plan.manifests, "manifest files, or the folders they lie in")->required();
    return command->fallthrough();
}

int plan_manifests(const Options& options, const PlanOptions& plan) {
    const auto file = read_config(options, false);
    const auto& config = file.loaded.config;
    const auto reading = database_of(config);
    const system::RealClock clock;
    const app::Moment now{clock.now(), clock.boot()};
    app::Planning planning{config, reading ? &reading->store() : nullptr, now, clock.boot_id()};
    std::vector<Looked> all;
    std::size_t planned = 0;
    int worst = EX_OK;
    for (const auto& path : plan.manifests) {
        all.push_back(look(config, path, reading.get(), planning, planned));
        if (all.back().planned) planned++;
        worst = std::max(worst, all.back().code);
    }
    const auto plans = planning.plan();
    const bool in_vain = std::ranges::any_of(plans, [](const app::PlannedManifest& one) { return one.plan.never > 0; });
    if (in_vain) worst = std::max(worst, 1);
    const auto money = ask_for_money(config, reading.get(), now.at);
    if (options.json) {
        json::array manifests;
        for (std::size_t i = 0; i < all.size(); i++) manifests.push_back(as_json(all[i], plan.manifests[i], plans));
        json::object object{{"manifests", std::move(manifests)}, {"totals", totals(plans)}};
        object["money"] = money ? json::value(*money) : json::value(nullptr);
        std::cout << json::serialize(object) << "\n";
        return worst;
    }
    for (const auto& looked : all) {
        if (looked.manifest) print_complaints(*looked.manifest);
        if (!looked.manifest) std::cerr << "motionspool: " << looked.trouble << "\n";
        if (looked.planned) tell(*looked.manifest, plans[*looked.planned], planning);
    }
    tell(money);
    return worst;
}

}  // namespace motionspool
