#include "app/batch_statuses.hpp"
#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <set>
#include "domain/remedy.hpp"
#include "system/time_zone.hpp"

namespace motionspool::app {
using namespace std::chrono_literals;
using domain::Why;

namespace {

constexpr auto same_for = 10s;                                 ///< what is the same for all batches is not looked up more often
constexpr int looked_at = 8, failures_told = 20, latest = 64;  ///< jobs, and the latest of them to tell the pace from
constexpr int at_once = 500;                                   ///< batches a slice

/// Does it end by a person alone, or at a time that the jobs' pace does not tell?
bool stops_the_clock(Why why) {
    switch (why) {
        case Why::review:
        case Why::hold:
        case Why::approval:
        case Why::quarantine:
        case Why::pause:
        case Why::output:
        case Why::window:
        case Why::disk:
        case Why::breaker:
        case Why::budget:
        case Why::credits: return true;
        case Why::provider:
        case Why::backoff:
        case Why::running:
        case Why::rate: return false;
    }
    return false;
}

}  // namespace

BatchStatuses::BatchStatuses(const Settings& settings, Clock& clock, store::Store& store, const spool::Layout& layout)
    : settings_{settings}, clock_{clock}, store_{store}, drops_{settings, clock, store, layout}, zone_{system::time_zone(settings.config.timezone)} {}

asio::awaitable<void> BatchStatuses::look_around() {
    if (common_ && clock_.boot() - common_->at < same_for) co_return;
    std::vector<store::BriefBatch> open;
    for (;;) {
        const auto some = store_.batches.open_ones(open.empty() ? BatchId{0} : open.back().id, at_once);
        open.insert(open.end(), some.begin(), some.end());
        if (some.size() < at_once) break;
        co_await asio::post(store_.executor, asio::use_awaitable);
    }
    std::ranges::stable_sort(open, std::greater{}, &store::BriefBatch::priority);
    const auto now = clock_.boot();
    common_ =
        std::make_unique<Common>(Common{now, Standing{store_, settings_.config, clock_.now(), now, clock_.boot_id()}, store_.views.latest_ends(latest), {}});
    std::size_t sum = 0;
    for (const auto& batch : open) {
        sum += batch.open_jobs;
        common_->through.emplace(batch.id, sum);
    }
}

std::vector<std::string> BatchStatuses::waits_of(const store::BatchRow& batch, bool& person) {
    std::set<Why> said;
    std::vector<std::string> waits;
    for (const auto id : store_.views.first_queued(batch.id, looked_at)) {
        const auto blocked = common_->standing.waiting(id);
        if (!blocked || !said.insert(blocked->why).second) continue;
        person = person || stops_the_clock(blocked->why);
        waits.push_back(std::string{to_string(blocked->why)} + ": " + (blocked->numbers.empty() ? "" : blocked->numbers + "; ") +
                        domain::remedy(*blocked, batch.name, store_.jobs.get(id)->name));
    }
    if (const auto lane = store_.why_waiting(); lane && waits.empty()) waits.push_back(lane->why + ": " + lane->text);
    return waits;
}

domain::BatchStatus BatchStatuses::of(const store::BatchRow& batch) {
    const auto booked = store_.accounts.of(store::batch_account(batch.id));
    const auto& config = settings_.config;
    domain::BatchStatus status{.batch = batch.name,
                               .note = batch.note,
                               .counts = store_.views.counts(batch.id),
                               .spent = booked.spent,
                               .reserved = booked.reserved,
                               .budget = batch.budget,
                               .videos = domain::folder_of_videos(config.output.directory, config.status.output_as, config.output.name, batch.name),
                               .waits = {},
                               .end = {},
                               .remarks = drops_.look_at(batch),
                               .failures = {}};
    for (auto& [job, error] : store_.views.first_failed(batch.id, failures_told)) status.failures.push_back({job, error.code + ": " + error.message});
    bool person = false;
    status.waits = waits_of(batch, person);
    const auto& all = *common_;
    const auto through = all.through.find(batch.id);
    if (person || through == all.through.end()) return status;
    if (const auto end = domain::expected_end(through->second, all.ends, clock_.now())) status.end = "about " + domain::in_words(*end, zone_);
    return status;
}

}  // namespace motionspool::app
