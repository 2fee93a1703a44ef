#include "app/renders.hpp"
#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <unordered_map>
#include "base/text.hpp"
#include "domain/names.hpp"
#include "domain/render.hpp"
#include "http/message.hpp"
#include "system/log.hpp"
#include "system/sha256.hpp"

namespace motionspool::app {
using namespace std::chrono_literals;

namespace {

/// An address is the same however its host is spelt and whether its port is written.
std::string usual_form(const std::string& url) {
    const auto parsed = http::parse_url(url);
    return parsed ? http::to_string(*parsed) : url;
}

std::string content_rendered(const ExaminedInput& input) { return input.root == "url" ? usual_form(input.source) : input.sha256; }

std::string digest_of_drop(const Examination& e, std::optional<BatchId> appends) {
    std::vector<std::string> renders;
    for (const auto& job : e.jobs) {
        if (!job.render.empty()) renders.push_back(appends ? job.render + " " + domain::name_key(job.spec.id) : job.render);
    }
    return system::sha256_hex(domain::text_of_drop(std::move(renders)));
}

std::string fingerprint_of(std::string_view drop, int run, std::optional<BatchId> appends) {
    return std::string{domain::fingerprint_version} + system::sha256_hex(appends ? domain::text_of_run(drop, run, *appends) : domain::text_of_run(drop, run));
}

/// Yields to the loop when 5 ms have passed.
class Slices {
public:
    Slices(store::Store& store, Clock& clock) : store_{store}, clock_{clock}, began_{clock.boot()} {}
    [[nodiscard]] bool over() const { return clock_.boot() - began_ >= 5ms; }
    asio::awaitable<void> next() {
        co_await asio::post(store_.executor, asio::use_awaitable);
        began_ = clock_.boot();
    }

private:
    store::Store& store_;
    Clock& clock_;
    BootTime began_;
};

/// Does `run` mean it: is there an earlier run of the same?
bool said_by_run(store::Store& store, const Examination& e, std::optional<BatchId> appends) {
    if (e.manifest->run == 1) return false;
    const auto drop = digest_of_drop(e, appends);
    for (int run = std::max(1, e.manifest->run - 100); run < e.manifest->run; run++) {
        if (store.renders.drop_known(fingerprint_of(drop, run, appends))) return true;
    }
    return false;
}

}  // namespace

std::string render_of(std::string_view model, const ExaminedInput& image, const ExaminedInput& motion, const domain::JobSpec& spec, domain::Stage stage) {
    const auto first = content_rendered(image), second = content_rendered(motion);
    return system::sha256_hex(domain::text_of({model, first, second, spec.prompt, spec.mode, stage, spec.orientation}));
}

std::string render_of(std::string_view model, const std::string& image, const std::string& motion, const store::Job& job) {
    const auto first = usual_form(image), second = usual_form(motion);
    return system::sha256_hex(domain::text_of({model, first, second, job.prompt, job.mode, job.stage, job.orientation}));
}

std::string fingerprint_of(const Examination& e, std::optional<BatchId> appends) {
    return fingerprint_of(digest_of_drop(e, appends), e.manifest->run, appends);
}

void warn_of_equal_jobs(Examination& e, const domain::Tariff& tariff) {
    constexpr std::size_t most = 100;
    std::vector<domain::EqualJob> jobs;
    jobs.reserve(e.jobs.size());
    for (const auto& job : e.jobs) jobs.push_back({job.render, job.spec.take, tariff.price(job.length, job.spec.mode)});
    const auto groups = domain::equal_jobs(jobs);
    for (std::size_t i = 0; i < std::min(groups.size(), most); i++) {
        const auto& group = groups[i];
        std::vector<std::string_view> names;
        for (const auto entry : group.entries) names.push_back(e.jobs[entry].spec.id);
        e.complaints.push_back({Complaint::Severity::warning, e.jobs[group.entries[1]].spec.at, domain::equal_jobs_text(names, group.jobs, group.cost)});
    }
    if (groups.size() <= most) return;
    Credits rest;
    for (std::size_t i = most; i < groups.size(); i++) rest += groups[i].cost;
    e.complaints.back().text +=
        " (and likewise " + count_of(groups.size() - most, "more group of jobs", "more groups of jobs") + ", for " + in_words(rest) + ")";
}

std::optional<Complaint> twin_complaint(store::Store& store, const Examination& e, std::optional<BatchId> appends, bool name_taken) {
    if (e.manifest->append && !appends) return std::nullopt;
    const auto drop = digest_of_drop(e, appends);
    const auto earlier = store.renders.drop_known(fingerprint_of(drop, e.manifest->run, appends));
    if (!earlier) return std::nullopt;
    int free = e.manifest->run + 1;
    while (store.renders.drop_known(fingerprint_of(drop, free, appends))) ++free;
    auto text = domain::twin_text(*earlier, appends.has_value(), free);
    if (name_taken) text += ", and another name for `batch`";
    return Complaint{Complaint::Severity::error, name_taken ? e.manifest->batch->at : Offset{}, std::move(text)};
}

asio::awaitable<void> warn_of_known_jobs(store::Store& store, Clock& clock, domain::Tariff tariff, Examination& e, std::optional<BatchId> appends,
                                         std::set<std::size_t> taken_up) {
    constexpr std::size_t most = 10;
    if (said_by_run(store, e, appends)) co_return;
    struct Known {
        Offset at;
        std::vector<std::string_view> names;
        Credits cost;
    };
    std::map<std::string, Known> by_batch;
    std::unordered_map<std::string_view, std::optional<std::string>> seen;
    Slices slices{store, clock};
    for (std::size_t i = 0; i < e.jobs.size(); i++) {
        const auto& job = e.jobs[i];
        if (job.render.empty() || taken_up.contains(i)) continue;
        const auto [found, fresh] = seen.try_emplace(job.render);
        if (fresh) found->second = store.renders.job_known(job.render);
        if (found->second) {
            auto& known = by_batch[*found->second];
            if (known.names.empty()) known.at = job.spec.at;
            known.names.push_back(job.spec.id);
            known.cost += tariff.price(job.length, job.spec.mode);
        }
        if (!slices.over()) continue;
        auto next = slices.next();
        co_await std::move(next);
    }
    const auto good = static_cast<std::size_t>(std::ranges::count_if(e.jobs, [](const ExaminedJob& job) { return !job.render.empty(); }));
    std::size_t told = 0;
    for (const auto& [batch, known] : by_batch) {
        if (++told <= most) e.complaints.push_back({Complaint::Severity::warning, known.at, domain::known_jobs_text(known.names, good, batch, known.cost)});
    }
    if (told > most) e.complaints.back().text += " (and likewise jobs of " + count_of(told - most, "more batch", "more batches") + ")";
}

namespace {

std::string render_of(std::string_view model, const store::Renders::Job& job) {
    const auto image = job.image_is_url ? usual_form(job.image) : job.image, motion = job.motion_is_url ? usual_form(job.motion) : job.motion;
    return system::sha256_hex(
        domain::text_of({job.model ? std::string_view{*job.model} : model, image, motion, job.prompt, job.mode, job.stage, job.orientation}));
}

asio::awaitable<void> fingerprint(store::Store& store, store::Renders::Drop drop, const std::string& model, Slices& slices) {
    constexpr int page = 100;
    store.renders.begin(drop.id);
    std::vector<std::string> renders;
    for (const auto input : store.renders.inputs_of(drop.id)) {
        JobId after;
        for (bool more = true; more;) {
            const auto jobs = store.renders.jobs_with_image(input, after, page);
            more = jobs.size() == page;
            for (const auto& job : jobs) {
                after = job.id;
                const bool good = !job.invalid && !job.image.empty() && !job.motion.empty();
                const auto render = good ? render_of(model, job) : std::string{};
                store.renders.set(job.id, render);
                if (good) renders.push_back(drop.appends ? render + " " + job.name_key : render);
            }
            if (!slices.over()) continue;
            auto next = slices.next();
            co_await std::move(next);
        }
    }
    (void)store.renders.set_fingerprint(drop.id, fingerprint_of(system::sha256_hex(domain::text_of_drop(std::move(renders))), drop.run, drop.appends));
}

}  // namespace

asio::awaitable<void> fingerprint_earlier_drops(store::Store& store, Clock& clock, std::string model) {
    const auto before = store.notes.fact("model");
    if (before && *before != model) store.renders.forget_open_ones();
    if (before != model) store.notes.set_fact("model", model);  // with it: what is left to do is told by the rows
    Slices slices{store, clock};
    std::size_t drops = 0;
    for (auto drop = store.renders.next_of_before(); drop; drop = store.renders.next_of_before(), drops++) {
        auto making = fingerprint(store, *drop, model, slices);
        co_await std::move(making);
    }
    if (drops > 0) log::info("{} known by what they render from now on", count_of(drops, "earlier drop is", "earlier drops are"));
}

}  // namespace motionspool::app
