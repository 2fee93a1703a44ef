#include "app/appending.hpp"
#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include "app/tariff.hpp"
#include "base/text.hpp"
#include "domain/names.hpp"
#include "spool/names.hpp"

namespace motionspool::app {
using namespace std::chrono_literals;
using domain::AppendDeed;

namespace {

bool same_work(const Examination& e, const ExaminedJob& job, const store::TakenId& taken) {
    return job.spec.invalid.empty() && content_of(e.inputs[job.image]) == taken.image && content_of(e.inputs[job.motion]) == taken.motion &&
           job.spec.prompt == taken.prompt && job.spec.mode == taken.mode && job.spec.orientation == taken.orientation;
}

/// Where the author looks for a job's id: where it is written, else its entry.
Offset place_of_id(const domain::Manifest& manifest, const domain::JobSpec& spec) {
    const auto entry = std::ranges::find(manifest.jobs, spec.at, &domain::JobEntry::at);
    if (entry != manifest.jobs.end()) return entry->id ? entry->id->at : entry->at;
    return manifest.matrix && manifest.matrix->id_at != Offset{} ? manifest.matrix->id_at : spec.at;
}

/// What of the drop's is a job's own event.
std::string told(const Examination& e, const std::vector<MetJob>& met, const std::string& entry) {
    const auto replaced = static_cast<std::size_t>(std::ranges::count(met, AppendDeed::replace, [](const MetJob& one) { return one.meeting.deed; }));
    auto text = count_of(e.jobs.size(), "job") + " appended by " + spool::shown(entry);
    if (replaced > 0) text += ", " + std::to_string(replaced) + " in place of earlier ones";
    if (met.size() > replaced) text += ", " + std::to_string(met.size() - replaced) + " of them paid for already and taken up";
    return text;
}

/// What is to be paid for.
Credits price_of(const Examination& e, const std::vector<MetJob>& met, const domain::Tariff& tariff) {
    auto sum = estimate_of(e, tariff);
    for (const auto& one : met) {
        const auto& job = e.jobs[one.job];
        if (one.meeting.deed != AppendDeed::replace) sum = sum - tariff.price(job.length, job.spec.mode);
    }
    return sum;
}

store::NewBatch row_of(store::Store& store, const Examination& e, const store::BatchRow& batch, const std::string& entry, bool folder, Instant now) {
    auto row = new_batch(e, batch.name, entry, folder, now, batch.id);
    row.name_key += "/" + std::to_string(store.batches.appended_to(batch.id).size() + 1);
    row.priority = batch.priority;
    row.note.clear();
    row.labels.clear();
    return row;
}

}  // namespace

std::set<std::size_t> taken_up_of(const std::vector<MetJob>& met) {
    std::set<std::size_t> jobs;
    for (const auto& one : met) {
        if (one.meeting.deed != AppendDeed::replace) jobs.insert(one.job);
    }
    return jobs;
}

asio::awaitable<std::vector<MetJob>> meet(store::Store& store, Clock& clock, BatchId batch, Examination& e) {
    constexpr std::size_t most = 10;
    std::vector<MetJob> met;
    std::size_t refused = 0;
    auto slice_began = clock.boot();
    for (std::size_t i = 0; i < e.jobs.size(); i++) {
        const auto& spec = e.jobs[i].spec;
        if (auto taken = store.appends.taken(batch, domain::name_key(spec.id))) {
            taken->earlier.same_work = same_work(e, e.jobs[i], *taken);
            const auto verdict = domain::judge_append(taken->earlier);
            if (verdict.deed)
                met.push_back({i, {taken->id, std::nullopt, *verdict.deed, taken->earlier}});
            else if (++refused <= most)
                e.complaints.push_back(
                    {Complaint::Severity::error, place_of_id(*e.manifest, spec), "the job \"" + spec.id + "\" of that batch " + std::string{verdict.why_not}});
        }
        if (clock.boot() - slice_began < 5ms) continue;
        co_await asio::post(store.executor, asio::use_awaitable);
        slice_began = clock.boot();
    }
    if (refused > most) e.complaints.back().text += " (and likewise " + count_of(refused - most, "more job", "more jobs") + ")";
    if (refused > 0) e.partly_usable = false;
    co_return met;
}

asio::awaitable<std::optional<BatchId>> append(store::Store& store, Clock& clock, const config::Config& config, const Examination& e,
                                               const store::BatchRow& batch, std::vector<MetJob> met, std::string entry, bool folder) {
    const auto now = clock.now();
    const auto row = row_of(store, e, batch, entry, folder, now);
    const auto taken_up = taken_up_of(met);
    auto arriving = arrive(store, clock, e, row, taken_up);
    const auto arrived = co_await std::move(arriving);
    co_await store.commits.durable();
    std::vector<store::Appends::Meeting> meetings;
    for (auto& one : met) {
        one.meeting.job = arrived.jobs[one.job];
        meetings.push_back(one.meeting);
    }
    const auto tariff = tariff_of(config, store);
    const auto price = price_of(e, met, tariff);
    const auto& ask_above = config.credits.ask_above;
    const bool review = domain::asks_again(tariff.price(store.appends.left(batch.id)), price, ask_above);
    auto event = told(e, met, entry);
    if (review)
        event += "; estimated at " + to_string(price) + " credits, which credits.ask_above (" + to_string(*ask_above) + ") asks about: waits for `release`";
    if (!store.appends.join(arrived.drop, batch.id, meetings, review, event, clock.now())) {
        store.batches.forget_arriving(arrived.drop);
        co_await store.commits.durable();
        co_return std::nullopt;
    }
    co_await store.commits.durable();
    co_return arrived.drop;
}

}  // namespace motionspool::app
