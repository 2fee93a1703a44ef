#include "batches.hpp"
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include "app/json_text.hpp"
#include "exit.hpp"
#include "reading.hpp"

namespace motionspool {
namespace json = boost::json;
namespace {

std::string state_of(const store::BatchRow& batch) {
    if (batch.state != "open") return "ended";
    if (batch.held) return "held";
    return batch.review ? "review" : "open";
}

std::size_t count(const store::BatchView& view, domain::JobState state) {
    const auto found = view.jobs.find(state);
    return found == view.jobs.end() ? 0 : found->second;
}

/// At work: from the paid request on until the video is there.
std::size_t running(const store::BatchView& view) {
    return count(view, domain::JobState::submitting) + count(view, domain::JobState::running) + count(view, domain::JobState::downloading);
}

std::size_t waiting(const store::BatchView& view) { return count(view, domain::JobState::queued) + count(view, domain::JobState::uploading); }

json::object as_json(const store::BatchView& view) {
    const auto& batch = view.batch;
    json::object row{{"batch", batch.name},
                     {"state", state_of(batch)},
                     {"done", count(view, domain::JobState::done)},
                     {"failed", count(view, domain::JobState::failed)},
                     {"cancelled", count(view, domain::JobState::cancelled)},
                     {"uncertain", count(view, domain::JobState::uncertain)},
                     {"running", running(view)},
                     {"waiting", waiting(view)},
                     {"held", batch.held},
                     {"review", batch.review},
                     {"priority", batch.priority},
                     {"note", batch.note}};
    row["credits_reserved"] = app::as_json(view.reserved);
    row["credits_spent"] = app::as_json(view.spent);
    row["share"] = batch.share.empty() ? json::value(nullptr) : json::value(batch.share);
    row["window"] = batch.window.empty() ? json::value(nullptr) : json::value(batch.window);
    row["budget"] = batch.budget ? app::as_json(*batch.budget) : json::value(nullptr);
    row["labels"] = app::as_json(batch.labels);
    row["created"] = to_rfc3339(batch.created);
    row["ended"] = batch.ended ? json::value(to_rfc3339(*batch.ended)) : json::value(nullptr);
    return row;
}

std::vector<std::string> row_of(const store::BatchView& view) {
    std::vector<std::string> row{view.batch.name, state_of(view.batch)};
    for (const auto state : {domain::JobState::done, domain::JobState::failed, domain::JobState::cancelled, domain::JobState::uncertain})
        row.push_back(std::to_string(count(view, state)));
    for (const auto n : {running(view), waiting(view)}) row.push_back(std::to_string(n));
    for (const auto credits : {view.spent, view.reserved}) row.push_back(to_string(credits));
    row.push_back(view.batch.note);
    return row;
}

}  // namespace

int list_batches(const Options& options) {
    const auto file = read_config(options);
    Reading reading{file.loaded.config};
    json::array list;
    std::vector<std::vector<std::string>> rows{
        {"BATCH", "STATE", "DONE", "FAILED", "CANCELLED", "UNCERTAIN", "RUNNING", "WAITING", "SPENT", "RESERVED", "NOTE"}};
    for (const auto& view : reading.store().views.batches(reading.store().batches)) {
        if (options.json)
            list.push_back(as_json(view));
        else
            rows.push_back(row_of(view));
    }
    if (options.json)
        std::cout << json::serialize(list) << "\n";
    else
        std::cout << (rows.size() == 1 ? "no batches\n" : table(rows));
    return EX_OK;
}

}  // namespace motionspool
