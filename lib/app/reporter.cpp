#include "app/reporter.hpp"
#include <unistd.h>
#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/array.hpp>
#include "app/again.hpp"
#include "app/files.hpp"
#include "app/json_text.hpp"
#include "app/standing.hpp"
#include "async/wait.hpp"
#include "base/text.hpp"
#include "domain/again.hpp"
#include "domain/names.hpp"
#include "domain/report_html.hpp"
#include "spool/files.hpp"
#include "spool/moves.hpp"
#include "spool/names.hpp"
#include "system/log.hpp"

namespace motionspool::app {
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {
constexpr auto status_interval = 60s;
constexpr auto overview_interval = 60s;
constexpr auto slice = 5ms;      ///< so long batches are looked at before others have the loop
constexpr int most_asked = 100;  ///< queued jobs are asked what they wait for: others have the loop soon

constexpr std::array both{true, false};
constexpr int at_once = 500;  ///< batches a slice

std::string moment(Instant at) { return to_rfc3339(std::chrono::floor<std::chrono::seconds>(at)); }
}  // namespace

Reporter::Reporter(const Settings& settings, Clock& clock, store::Store& store, const spool::Layout& layout)
    : settings_{settings}, clock_{clock}, store_{store}, layout_{layout}, wakeup_{store.executor}, statuses_{settings, clock, store, layout} {}

void Reporter::touched(BatchId batch) {
    touched_.insert(batch);
    wakeup_.ring();
}

void Reporter::recover() {
    for (const auto* state : {"open", "ended"}) {
        for (const auto& batch : store_.batches.in_state(state)) { touched(batch.appends.value_or(batch.id)); }
    }
}

asio::awaitable<void> Reporter::run() {
    for (;;) {
        const bool overview = !overview_at_ || clock_.boot() - *overview_at_ >= overview_interval;
        if (overview) {  // what they wait for may have changed without a job's doing; what could not be filed is tried again
            auto touching = touch_all();
            co_await std::move(touching);
        }
        while (!owed_.empty() && owed_.begin()->first <= clock_.boot()) touched_.insert(owed_.extract(owed_.begin()).value().second);
        auto slice_began = clock_.boot();
        for (const auto id : std::exchange(touched_, {})) {
            auto around = statuses_.look_around();
            co_await std::move(around);
            auto looking = look_at(id);
            co_await std::move(looking);
            if (clock_.boot() - slice_began < slice) continue;
            co_await asio::post(store_.executor, asio::use_awaitable);
            slice_began = clock_.boot();
        }
        if (overview) write_overview();
        co_await wait(wakeup_, clock_, next());
    }
}

asio::awaitable<void> Reporter::touch_all() {
    for (const bool open : both) {
        BatchId after{0};
        for (;;) {
            const auto some = open ? store_.batches.open_ones(after, at_once) : store_.batches.ended_ones(after, at_once);
            for (const auto& batch : some) touched_.insert(batch.told_with);
            if (some.size() < at_once) break;
            after = some.back().id;
            co_await asio::post(store_.executor, asio::use_awaitable);
        }
    }
}

BootTime Reporter::next() const {
    const auto overview = *overview_at_ + overview_interval;
    return owed_.empty() ? overview : std::min(overview, owed_.begin()->first);
}

asio::awaitable<void> Reporter::look_at(BatchId id) {
    store_.batches.end_if_over(id, clock_.now());
    auto batch = store_.batches.get(id);
    if (!batch || batch->state == "arriving") co_return;
    if (batch->appends) {  // what it has to tell is its batch's
        if (touched_.insert(*batch->appends).second) wakeup_.ring();
        co_return;
    }
    if (spool::stale(layout_)) {  // away
        owed_.emplace(clock_.boot() + status_interval, id);
        co_return;
    }
    if (batch->state == "filed") {  // late evidence changed a job
        write_reports(*batch, batch->entry);
        co_return;
    }
    if (batch->state == "ended") {
        auto filing = file(*batch);
        const bool filed = co_await std::move(filing);
        if (!filed) log::debug("batch {} is filed later", batch->name);
        if (const auto told = told_.extract(id)) owed_.erase({told.mapped().at + status_interval, id});
        statuses_.forget(id);
        co_return;
    }
    if (batch->place == "finished") {
        co_await store_.commits.durable();
        take_back(*batch);
        batch = store_.batches.get(id);
    }
    const auto last = told_.find(id);
    if (last != told_.end() && clock_.boot() - last->second.at < status_interval)
        owed_.emplace(last->second.at + status_interval, id);
    else
        write_status(*batch);
}

asio::awaitable<bool> Reporter::file(store::BatchRow batch) {
    co_await store_.commits.durable();
    if (store_.batches.get(batch.id)->state != "ended") co_return false;
    for (const auto& drop : store_.batches.appended_to(batch.id)) {
        if (drop.place == "finished") continue;
        const auto there = bring_to_finished(drop);
        if (!there) co_return false;
        remove_note(layout_.accepted.get(), drop, drop.entry, ".status.txt");
        store_.batches.moved_along(drop.id, "finished", *there);
    }
    const auto entry = bring_to_finished(batch);
    if (!entry || !write_reports(batch, *entry)) co_return false;
    remove_note(layout_.accepted.get(), batch, batch.entry, ".status.txt");
    store_.batches.filed(batch.id, *entry);
    co_await store_.commits.durable();
    co_return true;
}

std::optional<std::string> Reporter::bring_to_finished(const store::BatchRow& batch) {
    if (batch.appends && batch.place == ".taking") return std::nullopt;  // on its way to accepted/
    if (!lies_in_accepted(batch))                                        // moved, and the process ended before that was written down; or somebody took it away
        return find_moved(layout_.finished.get(), batch, store_.batches.in_state("filed"));
    statuses_.keep_in_mind(batch);
    const auto moved = spool::move_entry(layout_.accepted.get(), batch.entry, layout_.finished.get());
    if (moved) return *moved;
    log::error("{} has ended and cannot be moved to finished/: {}; it is tried again", batch.entry, moved.problem().text);
    return std::nullopt;
}

std::optional<std::string> Reporter::bring_back(const store::BatchRow& batch) {
    const int finished = layout_.finished.get(), accepted = layout_.accepted.get();
    if (!spool::exists(finished, batch.entry))  // moved, and the process ended before that was written down; or somebody took it away
        return find_moved(accepted, batch, store_.batches.in_state("open"));
    const auto moved = spool::move_entry(finished, batch.entry, accepted);
    if (moved) return *moved;
    log::error("{} is open again and cannot be moved back to accepted/: {}; it is tried again", batch.entry, moved.problem().text);
    return std::nullopt;
}

void Reporter::take_back(const store::BatchRow& batch) {
    for (const auto& drop : store_.batches.appended_to(batch.id)) {
        const auto there = drop.place == "finished" ? bring_back(drop) : std::nullopt;
        if (there) store_.batches.moved_along(drop.id, "accepted", *there);
    }
    const auto entry = bring_back(batch);
    if (!entry) return;
    for (const auto* suffix : {".report.txt", ".report.json", ".report.html", ".again.yaml"}) remove_note(layout_.finished.get(), batch, batch.entry, suffix);
    store_.batches.moved(batch.id, "accepted", *entry);
}

bool Reporter::write_reports(const store::BatchRow& batch, const std::string& entry) {
    auto report = report_of(batch);
    const int folder = layout_.finished.get();
    bool written = note(folder, batch, entry, ".report.txt", domain::to_text(report));
    written = note(folder, batch, entry, ".report.json", to_json(report)) && written;
    written = note(folder, batch, entry, ".report.html", domain::to_html(report)) && written;
    if (domain::totals(report).failed > 0) {
        const auto drops = store_.batches.appended_to(batch.id);  // of two entries for one job the later one counts
        for (auto drop = drops.rbegin(); drop != drops.rend(); ++drop) add_as_written(report, store_.batches.manifest(drop->id), settings_.config);
        add_as_written(report, store_.batches.manifest(batch.id), settings_.config);
        written = note(folder, batch, entry, ".again.yaml", domain::again_manifest(report)) && written;
    } else {
        remove_note(layout_.finished.get(), batch, entry, ".again.yaml");
    }
    if (written) log::info("batch {} has ended: {}", batch.name, domain::summary(report));
    return written;
}

domain::BatchReport Reporter::report_of(const store::BatchRow& batch) {
    domain::BatchReport report{batch.name, batch.note, batch.created, batch.ended, {}, batch.labels, false};
    store::JobFilter filter;
    filter.batch_key = domain::name_key(batch.name);
    for (const auto& job : store_.views.jobs(filter)) {
        report.jobs.push_back({job.job, job.state, job.output.value_or(""), job.error ? job.error->code + ": " + job.error->message : "", job.spent,
                               job.reserved, job.attempts, job.image, job.motion, job.prompt, job.mode, job.orientation, job.length});
    }
    report.warnings = store_.batches.warnings(batch.id);
    report.spent_on_replaced = store_.views.spent_on_replaced(batch.id);
    report.unexplained = store_.views.unexplained(batch.id);
    return report;
}

void Reporter::write_status(const store::BatchRow& batch) {
    if (batch.place != "accepted") return;
    auto status = statuses_.of(batch);
    told_[batch.id].at = clock_.boot();
    write_status(batch, domain::to_text(status));
    for (const auto& drop : store_.batches.appended_to(batch.id)) {
        if (drop.place != "accepted") continue;
        status.remarks = statuses_.remarks_on(drop);
        write_status(drop, "appended to " + domain::to_text(status));
    }
}

void Reporter::write_status(const store::BatchRow& drop, const std::string& text) {
    const auto name = note_name(drop, drop.entry, ".status.txt");
    const auto print = std::hash<std::string>{}(text);
    auto& told = told_[drop.id].print;
    if (told == print && spool::exists(layout_.accepted.get(), name)) return;
    const auto written = spool::write_passing_file(layout_.accepted.get(), name,
                                                   text + "as of " + moment(clock_.now()) + "; written anew when something changes, at most once a minute\n");
    if (!written) log::error("{}", written.problem().text);
    told = written ? print : 0;
}

void Reporter::write_overview() {
    overview_at_ = clock_.boot();
    put_overview(domain::status_file(settings_.instance, overview(), clock_.now()));
}

void Reporter::stopped() {
    try {
        put_overview(domain::stopped_status_file(settings_.instance, overview(), clock_.now()));
    } catch (const std::exception& error) {  // the database may be why it stops
        log::warn("STATUS.txt cannot say that the daemon has stopped: {}", error.what());
    }
}

domain::Overview Reporter::overview() {
    const Standing standing{store_, settings_.config, clock_.now(), clock_.boot(), clock_.boot_id()};
    return standing.overview(most_asked);
}

void Reporter::put_overview(const std::string& text) {
    if (spool::stale(layout_)) return;
    const auto written = spool::write_file(layout_.root.get(), "STATUS.txt", text);
    if (!written) log::error("{}", written.problem().text);
}

bool Reporter::note(int folder, const store::BatchRow& batch, const std::string& entry, const std::string& suffix, const std::string& text) {
    const auto written = spool::write_file(folder, note_name(batch, entry, suffix), text);
    if (!written) log::error("{}", written.problem().text);
    return written.has_value();
}

void Reporter::remove_note(int folder, const store::BatchRow& batch, const std::string& entry, const std::string& suffix) {
    ::unlinkat(folder, note_name(batch, entry, suffix).c_str(), 0);
}

bool Reporter::lies_in_accepted(const store::BatchRow& batch) {
    if (batch.place != "accepted" || !spool::exists(layout_.accepted.get(), batch.entry)) return false;
    return !store_.batches.another_lies_in_accepted(batch.id, batch.entry);
}

std::string to_json(const domain::BatchReport& report) {
    const auto sum = domain::totals(report);
    json::array jobs;
    for (const auto& job : report.jobs) {
        jobs.push_back(json::object{{"job", job.name},
                                    {"state", std::string{to_string(job.state)}},
                                    {"output", job.output.empty() ? json::value(nullptr) : json::value(job.output)},
                                    {"error", job.error.empty() ? json::value(nullptr) : json::value(job.error)},
                                    {"attempts", job.attempts},
                                    {"credits_spent", as_json(job.spent)}});
    }
    json::object labels;
    for (const auto& [key, value] : report.labels) labels[key] = value;
    json::object object{{"batch", report.batch}, {"note", report.note}, {"labels", std::move(labels)}, {"accepted", to_rfc3339(report.accepted)}};
    object["ended"] = report.ended ? json::value(to_rfc3339(*report.ended)) : json::value(nullptr);
    object["done"] = sum.done;
    object["failed"] = sum.failed;
    object["cancelled"] = sum.cancelled;
    object["credits_spent"] = as_json(sum.spent);
    object["credits_spent_on_replaced"] = as_json(report.spent_on_replaced);
    object["unknown_words"] = json::array(report.unexplained.begin(), report.unexplained.end());
    object["warnings"] = json::array(report.warnings.begin(), report.warnings.end());
    object["jobs"] = std::move(jobs);
    return pretty(object);
}

}  // namespace motionspool::app
