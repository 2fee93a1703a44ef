#include "batch_end.hpp"
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include "app/files.hpp"
#include "base/text.hpp"
#include "domain/names.hpp"
#include "domain/remedy.hpp"

namespace motionspool {
using domain::JobState;
namespace json = boost::json;

namespace {

std::string reason(const store::JobView& job, const std::optional<domain::Blocked>& waiting) {
    if (job.state == JobState::uncertain)
        return "no clear answer came from the provider; `motionspool show " + job.batch + "/" + job.job + "` tells what to do";
    if (waiting) return "waits for " + std::string{to_string(waiting->why)} + ", " + waiting->numbers + "; " + domain::remedy(*waiting, job.batch, job.job);
    return job.error ? job.error->code + ": " + job.error->message : "";
}

bool at_work(JobState state) {
    using enum JobState;
    return state == uploading || state == submitting || state == running || state == downloading;
}

bool awaits_callback(Reading& reading, const config::Config& config, const store::BatchRow& batch) {
    const auto uncertain = reading.store().views.uncertain();
    return std::ranges::any_of(uncertain, [&](const store::UncertainView& one) {
        const bool open = one.batch == batch.name && one.state == JobState::uncertain;
        return open && one.callback && reading.takes_callbacks() && one.armed + config.limits.task_deadline > reading.now();
    });
}

std::optional<std::string> report_of(const config::Config& config, const store::BatchRow& batch) {
    if (batch.state != "filed") return std::nullopt;
    return (std::filesystem::path{config.spool.directory} / batch.place / app::note_name(batch, batch.entry, ".report.txt")).string();
}

}  // namespace

std::optional<BatchEnd> end_of(Reading& reading, const config::Config& config, const store::BatchRow& batch, const std::map<JobState, std::size_t>& counts) {
    const bool filed = batch.state == "filed";
    const bool busy = std::ranges::any_of(counts, [](const auto& one) { return at_work(one.first); });
    if (busy || batch.state == "ended") return std::nullopt;
    if (awaits_callback(reading, config, batch)) return std::nullopt;
    const auto standing = reading.standing();
    store::JobFilter filter;
    filter.batch_key = domain::name_key(batch.name);
    BatchEnd end{batch, {}, {}};
    bool for_a_person = false;
    for (const auto& job : reading.store().views.jobs(filter)) {
        end.counts[job.state]++;
        if (job.state == JobState::done) continue;
        if (at_work(job.state)) return std::nullopt;  // begun since they were counted
        const auto waiting = standing.waiting(job);
        if (job.state == JobState::queued && !(waiting && domain::needs_a_person(*waiting))) return std::nullopt;
        for_a_person = for_a_person || !domain::has_ended(job.state);
        end.troubles.push_back({job.job, std::string{to_string(job.state)}, reason(job, waiting)});
    }
    if (!filed && !for_a_person) return std::nullopt;  // the last one has just ended
    return end;
}

std::string to_text(const config::Config& config, const BatchEnd& end) {
    constexpr std::size_t most = 5;
    std::size_t jobs = 0, done = 0;
    for (const auto& [state, n] : end.counts) {
        jobs += n;
        if (state == JobState::done) done = n;
    }
    auto text = end.batch.name + ": " + std::to_string(done) + " of " + count_of(jobs, "job") + " done";
    text += end.batch.state == "filed" ? "\n" : "; only a person can go on\n";
    for (std::size_t i = 0; i < std::min(most, end.troubles.size()); i++) {
        const auto& trouble = end.troubles[i];
        text += "  " + trouble.job + ": " + trouble.state + (trouble.why.empty() ? "" : ", " + trouble.why) + "\n";
    }
    if (end.troubles.size() > most) text += "  and " + std::to_string(end.troubles.size() - most) + " more\n";
    if (const auto report = report_of(config, end.batch)) text += "report: " + *report + "\n";
    return text;
}

std::string to_json(const config::Config& config, const BatchEnd& end) {
    json::object states;
    for (const auto& [state, n] : end.counts) states[to_string(state)] = n;
    json::array troubles;
    for (const auto& trouble : end.troubles) troubles.push_back(json::object{{"job", trouble.job}, {"state", trouble.state}, {"why", trouble.why}});
    const auto report = report_of(config, end.batch);
    json::object object{{"batch", end.batch.name}, {"ended", end.batch.state == "filed"}, {"jobs", std::move(states)}, {"troubles", std::move(troubles)}};
    object["report"] = report ? json::value(*report) : json::value(nullptr);
    return json::serialize(object) + "\n";
}

}  // namespace motionspool
