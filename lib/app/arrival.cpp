#include "app/arrival.hpp"
#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include "base/text.hpp"
#include "domain/names.hpp"
#include "system/sha256.hpp"

namespace motionspool::app {
using namespace std::chrono_literals;

BatchName name_for(store::Store& store, const Examination& e, const std::string& drop_name, Instant now) {
    if (e.manifest->batch) {
        const auto& written = *e.manifest->batch;
        const auto known = store.batches.find(domain::name_key(written.text));
        if (!known) return {domain::nfc(written.text), std::nullopt};
        return {
            {},
            Complaint{Complaint::Severity::error, written.at,
                      "batch \"" + known->name + "\" exists already, accepted " + to_rfc3339(known->created) + "; choose another name, or leave `batch` out"}};
    }
    const auto base = domain::derived_name(drop_name);
    if (!store.batches.find(domain::name_key(base))) return {base, std::nullopt};
    const auto dated = domain::derived_name(base + "-" + to_rfc3339(now).substr(0, 10));
    for (int n = 1;; n++) {
        const auto name = n == 1 ? dated : dated + "-" + std::to_string(n);
        if (!store.batches.find(domain::name_key(name))) return {name, std::nullopt};
    }
}

std::string fingerprint_of(const Examination& e) {
    std::vector<std::string> inputs;
    for (const auto& input : e.inputs) inputs.push_back(input.source + "\n" + input.sha256 + "\n");
    std::ranges::sort(inputs);
    system::Sha256 hash;
    hash.update(e.bytes);
    for (const auto& input : inputs) hash.update(input);
    return hash.hex();
}

Complaint twin_complaint(const Examination& e, const std::string& earlier, bool name_taken) {
    return {Complaint::Severity::error, name_taken ? e.manifest->batch->at : Offset{},
            "the same manifest with the same files was accepted as batch \"" + earlier + "\"; if it is meant to be rendered again, write `run: " +
                std::to_string(e.manifest->run + 1) + "` into it" + (name_taken ? ", and another name for `batch`" : "")};
}

namespace {
/// What the jobs that can be rendered are estimated to cost.
Credits estimate_of(const Examination& e, const domain::Surcharges& surcharges) {
    Credits sum;
    for (const auto& job : e.jobs) {
        if (job.spec.invalid.empty()) sum += domain::priced(job.estimate, surcharges.of(job.spec.mode));
    }
    return sum;
}
}  // namespace

asio::awaitable<BatchId> record(store::Store& store, Clock& clock, const Examination& e, std::string batch_name, std::string entry, bool folder,
                                std::optional<Credits> ask_above) {
    const auto now = clock.now();
    const auto& manifest = *e.manifest;
    store::NewBatch fresh{batch_name,
                          domain::name_key(batch_name),
                          entry,
                          folder ? "folder" : "lone",
                          e.bytes,
                          fingerprint_of(e),
                          manifest.run,
                          manifest.priority,
                          manifest.note,
                          manifest.labels,
                          now};
    fresh.share = manifest.share ? manifest.share->text : "";
    fresh.window = manifest.window ? manifest.window->text : "";
    fresh.budget = manifest.budget;
    const auto estimate = estimate_of(e, store.funds.surcharges());
    fresh.review = ask_above && estimate > *ask_above;
    const auto batch = store.batches.begin(fresh);
    std::vector<InputId> inputs;
    for (const auto& input : e.inputs) {
        inputs.push_back(store.batches.add_input(batch, {input.source, input.root, to_string(input.facts.format), input.facts.bytes, input.sha256}));
    }
    auto slice_began = clock.boot();
    for (const auto& job : e.jobs) {
        store::NewJob row{batch,
                          job.spec.id,
                          domain::name_key(job.spec.id),
                          inputs[job.image],
                          inputs[job.motion],
                          job.spec.prompt,
                          job.spec.mode,
                          job.spec.orientation,
                          job.length,
                          job.estimate,
                          manifest.priority,
                          std::nullopt};
        if (!job.spec.invalid.empty()) row.invalid = store::JobError{"invalid", job.spec.invalid};
        store.jobs.add(row, now);
        if (clock.boot() - slice_began < 5ms) continue;
        co_await asio::post(store.executor, asio::use_awaitable);
        slice_began = clock.boot();
    }
    co_await store.commits.durable();
    store.batches.open(batch);
    store.notes.event(batch, "accepted with " + count_of(e.jobs.size(), "job"), now);
    if (fresh.review)
        store.notes.event(
            batch, "estimated at " + to_string(estimate) + " credits, above credits.ask_above (" + to_string(*ask_above) + "); waits for `release`", now);
    co_await store.commits.durable();
    co_return batch;
}

}  // namespace motionspool::app
