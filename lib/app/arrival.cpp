#include "app/arrival.hpp"
#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <iterator>
#include "app/renders.hpp"
#include "app/tariff.hpp"
#include "base/text.hpp"
#include "domain/names.hpp"
#include "spool/names.hpp"

namespace motionspool::app {
using namespace std::chrono_literals;

namespace {
BatchName batch_to_append_to(store::Store& store, const domain::Written& written) {
    auto known = store.batches.find(domain::name_key(written.text));
    if (known) {
        auto name = known->name;
        return {std::move(name), std::nullopt, std::move(known)};
    }
    const auto all = store.batches.all();
    std::vector<std::string_view> names;
    names.reserve(all.size());
    for (const auto& batch : all) names.push_back(batch.name);
    return {{}, Complaint{Complaint::Severity::error, written.at, domain::no_batch_to_append_to(written.text, names)}, std::nullopt};
}

/// Tells lines of a manifest; those asked about lie behind each other, or nearly so.
class Lines {
public:
    explicit Lines(std::string_view bytes) : bytes_{bytes} {}
    [[nodiscard]] std::ptrdiff_t of(Offset at) {
        if (at.byte < at_) line_ = 1, at_ = 0;
        const auto passed = bytes_.substr(at_, at.byte - at_);
        line_ += std::ranges::count(passed, '\n');
        at_ += passed.size();
        return line_;
    }

private:
    std::string_view bytes_;
    std::size_t at_ = 0;
    std::ptrdiff_t line_ = 1;
};
}  // namespace

std::optional<BatchName> written_name(store::Store& store, const Examination& e) {
    if (e.manifest->append) return batch_to_append_to(store, *e.manifest->append);
    if (!e.manifest->batch) return std::nullopt;
    const auto& written = *e.manifest->batch;
    const auto known = store.batches.find(domain::name_key(written.text));
    if (!known) return BatchName{domain::nfc(written.text), std::nullopt, std::nullopt};
    return BatchName{{},
                     Complaint{Complaint::Severity::error, written.at,
                               "batch \"" + known->name + "\" exists already, accepted " + to_rfc3339(known->created) +
                                   "; choose another name, leave `batch` out, or write `append` instead to add jobs to it"},
                     std::nullopt};
}

BatchName name_for(store::Store& store, const Examination& e, const std::string& drop_name, const std::string& date) {
    if (auto name = written_name(store, e)) return std::move(*name);
    const auto base = domain::derived_name(drop_name);
    if (!store.batches.find(domain::name_key(base))) return {base, std::nullopt, std::nullopt};
    const auto dated = domain::derived_name(base + "-" + date);
    for (int n = 1;; n++) {
        const auto name = n == 1 ? dated : dated + "-" + std::to_string(n);
        if (!store.batches.find(domain::name_key(name))) return {name, std::nullopt, std::nullopt};
    }
}

const std::string& content_of(const ExaminedInput& input) { return input.sha256.empty() ? input.source : input.sha256; }

Credits estimate_of(const Examination& e, const domain::Tariff& tariff) {
    Credits sum;
    for (const auto& job : e.jobs) {
        if (job.spec.invalid.empty()) sum += tariff.price(job.length, job.spec.mode);
    }
    return sum;
}

store::NewBatch new_batch(const Examination& e, const std::string& batch_name, const std::string& entry, bool folder, Instant now,
                          std::optional<BatchId> appends) {
    const auto& manifest = *e.manifest;
    return {.name = batch_name,
            .name_key = domain::name_key(batch_name),
            .entry = entry,
            .kind = folder ? "folder" : "lone",
            .manifest = e.bytes,
            .fingerprint = fingerprint_of(e, appends),
            .run = manifest.run,
            .priority = manifest.priority,
            .note = manifest.note,
            .labels = manifest.labels,
            .created = now,
            .appends = appends};
}

namespace {
void warn(store::Store& store, const Examination& e, const store::NewBatch& fresh, BatchId drop) {
    constexpr std::size_t most = 100;
    Complaints doubts;
    std::ranges::copy_if(e.complaints, std::back_inserter(doubts), [](const Complaint& one) { return one.severity == Complaint::Severity::warning; });
    const auto lines = to_lines(doubts, spool::shown(fresh.kind == "folder" ? fresh.entry + "/" + e.file : fresh.entry), e.bytes);
    for (std::size_t i = 0; i < std::min(lines.size(), most); i++) store.batches.warn(drop, lines[i]);
    if (lines.size() > most) store.batches.warn(drop, "and " + count_of(lines.size() - most, "more warning"));
}
}  // namespace

asio::awaitable<Arrived> arrive(store::Store& store, Clock& clock, const Examination& e, const store::NewBatch& fresh, const std::set<std::size_t>& leave_out) {
    Arrived arrived{store.batches.begin(fresh), {}};
    warn(store, e, fresh, arrived.drop);
    std::vector<InputId> inputs;
    for (const auto& input : e.inputs) {
        inputs.push_back(store.batches.add_input(arrived.drop, {input.source, input.root, to_string(input.facts.format), input.facts.bytes, input.sha256}));
    }
    Lines lines{e.bytes};
    auto slice_began = clock.boot();
    for (std::size_t i = 0; i < e.jobs.size(); i++) {
        const auto& job = e.jobs[i];
        if (leave_out.contains(i)) {
            arrived.jobs.emplace_back();
            continue;
        }
        store::NewJob row{arrived.drop,    job.spec.id,   domain::name_key(job.spec.id), inputs[job.image], inputs[job.motion],
                          job.spec.prompt, job.spec.mode, job.spec.orientation,          job.length,        fresh.priority,
                          std::nullopt,    job.render};
        if (!job.spec.invalid.empty())
            row.invalid = store::JobError{"invalid", "line " + std::to_string(lines.of(job.spec.at)) + " of the manifest: " + job.spec.invalid};
        arrived.jobs.emplace_back(store.jobs.add(row, fresh.created));
        if (clock.boot() - slice_began < 5ms) continue;
        co_await asio::post(store.executor, asio::use_awaitable);
        slice_began = clock.boot();
    }
    co_return arrived;
}

asio::awaitable<BatchId> record(store::Store& store, Clock& clock, const config::Config& config, const Examination& e, std::string batch_name,
                                std::string entry, bool folder) {
    const auto now = clock.now();
    const auto& manifest = *e.manifest;
    auto fresh = new_batch(e, batch_name, entry, folder, now, std::nullopt);
    fresh.share = manifest.share ? manifest.share->text : "";
    fresh.window = manifest.window ? manifest.window->text : "";
    fresh.budget = manifest.budget;
    const auto estimate = estimate_of(e, tariff_of(config, store));
    const auto& ask_above = config.credits.ask_above;
    fresh.review = ask_above && estimate > *ask_above;
    const std::set<std::size_t> none;
    auto arriving = arrive(store, clock, e, fresh, none);
    const auto arrived = co_await std::move(arriving);
    co_await store.commits.durable();
    const auto batch = arrived.drop;
    store.batches.open(batch);
    store.notes.event(batch, "accepted with " + count_of(e.jobs.size(), "job"), now);
    if (fresh.review)
        store.notes.event(batch, "estimated at " + in_words(estimate) + ", above credits.ask_above (" + to_string(*ask_above) + "); waits for `release`", now);
    co_await store.commits.durable();
    co_return batch;
}

}  // namespace motionspool::app
