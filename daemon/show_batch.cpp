#include <boost/json/serialize.hpp>
#include <filesystem>
#include <iostream>
#include <set>
#include "app/files.hpp"
#include "app/json_text.hpp"
#include "base/text.hpp"
#include "domain/names.hpp"
#include "showing.hpp"
#include "spool/names.hpp"

namespace motionspool {
namespace json = boost::json;
namespace fs = std::filesystem;
namespace {

/// What is asked about a batch, in text and in JSON.
struct Facts {
    std::map<domain::JobState, std::size_t> counts;
    Credits reserved, spent;
    fs::path drop;
    std::vector<std::string> reports;   ///< those that are there
    std::set<std::string> folders;      ///< where delivered videos lie
    std::vector<std::string> appended;  ///< further drops with jobs for it
    std::vector<std::string> warnings;  ///< of its acceptance
};

Facts facts_of(Reading& reading, const config::Config& config, const store::BatchRow& batch) {
    Facts facts;
    store::JobFilter filter;
    filter.batch_key = domain::name_key(batch.name);
    for (const auto& job : reading.store().views.jobs(filter)) {
        facts.counts[job.state]++;
        facts.reserved += job.reserved;
        facts.spent += job.spent;
        if (job.output) facts.folders.insert(fs::path{*job.output}.parent_path().string());
    }
    facts.spent += reading.store().views.spent_on_replaced(batch.id);
    for (const auto& drop : reading.store().batches.appended_to(batch.id))
        facts.appended.push_back(spool::as_utf8((fs::path{config.spool.directory} / drop.place / drop.entry).string()));
    facts.warnings = reading.store().batches.warnings(batch.id);
    facts.drop = fs::path{config.spool.directory} / batch.place / batch.entry;
    for (const auto* suffix : {".status.txt", ".report.txt", ".report.html", ".report.json", ".again.yaml"}) {
        const auto note = fs::path{config.spool.directory} / batch.place / app::note_name(batch, batch.entry, suffix);
        std::error_code error;
        if (fs::exists(note, error)) facts.reports.push_back(spool::as_utf8(note.string()));
    }
    return facts;
}

std::string state_in_words(const store::BatchRow& batch) {
    if (batch.ended) return "ended " + to_rfc3339(*batch.ended) + (batch.state == "filed" ? "" : ", its report is being written");
    return "open since " + to_rfc3339(batch.created);
}

void tell_list(const std::string& title, const auto& texts) {
    std::string before = "  " + title + ": ";
    for (const auto& text : texts) std::cout << std::exchange(before, std::string(title.size() + 4, ' ')) << spool::shown(text) << "\n";
}

}  // namespace

void show_batch_json(Reading& reading, const config::Config& config, const store::BatchRow& batch) {
    const auto facts = facts_of(reading, config, batch);
    json::object states;
    for (const auto& [state, count] : facts.counts) states[to_string(state)] = count;
    json::object object{{"batch", batch.name},
                        {"state", batch.state},
                        {"drop", spool::as_utf8(batch.place + "/" + batch.entry)},
                        {"drop_path", spool::as_utf8(facts.drop.string())},
                        {"note", batch.note},
                        {"labels", app::as_json(batch.labels)},
                        {"priority", batch.priority},
                        {"created", to_rfc3339(batch.created)},
                        {"jobs", std::move(states)}};
    object["ended"] = batch.ended ? json::value(to_rfc3339(*batch.ended)) : json::value(nullptr);
    object["share"] = batch.share.empty() ? json::value(nullptr) : json::value(batch.share);
    object["window"] = batch.window.empty() ? json::value(nullptr) : json::value(batch.window);
    object["budget"] = batch.budget ? app::as_json(*batch.budget) : json::value(nullptr);
    object["review"] = batch.review;
    object["held"] = batch.held;
    object["credits_reserved"] = app::as_json(facts.reserved);
    object["credits_spent"] = app::as_json(facts.spent);
    object["reports"] = json::array(facts.reports.begin(), facts.reports.end());
    object["folders"] = json::array(facts.folders.begin(), facts.folders.end());
    object["appended"] = json::array(facts.appended.begin(), facts.appended.end());
    object["warnings"] = json::array(facts.warnings.begin(), facts.warnings.end());
    object["events"] = events_as_json(reading.store().views.events(batch.id));
    std::cout << json::serialize(object) << "\n";
}

void show_batch(Reading& reading, const config::Config& config, const store::BatchRow& batch) {
    const auto facts = facts_of(reading, config, batch);
    std::cout << batch.name << ": " << state_in_words(batch) << "\n";
    if (!batch.note.empty()) std::cout << "  note: " << batch.note << "\n";
    for (const auto& [key, value] : batch.labels) std::cout << "  label: " << key << "=" << value << "\n";
    if (batch.priority != 0) std::cout << "  priority: " << batch.priority << "\n";
    if (!batch.share.empty()) std::cout << "  share: " << batch.share << "\n";
    if (!batch.window.empty()) std::cout << "  window: " << batch.window << "\n";
    if (batch.budget) std::cout << "  budget: " << to_string(*batch.budget) << " credits\n";
    if (batch.held) std::cout << "  held: nothing of it is submitted until `motionspool release " << batch.name << "`\n";
    if (batch.review) std::cout << "  review: nothing of it is submitted until `motionspool release " << batch.name << "` (credits.ask_above)\n";
    std::size_t total = 0;
    std::string states;
    for (const auto& [state, count] : facts.counts) {
        total += count;
        states += (states.empty() ? "" : ", ") + std::to_string(count) + " " + std::string{to_string(state)};
    }
    std::cout << "  " << count_of(total, "job") << ": " << states << "\n";
    std::cout << "  credits: " << to_string(facts.reserved) << " reserved, " << to_string(facts.spent) << " spent\n";
    std::cout << "  drop: " << spool::shown(facts.drop.string()) << "\n";
    tell_list("appended", facts.appended);
    tell_list("notes", facts.reports);
    tell_list("videos", facts.folders);
    tell_list("noticed", facts.warnings);
    std::cout << events_as_text(reading.store().views.events(batch.id));
}

}  // namespace motionspool
