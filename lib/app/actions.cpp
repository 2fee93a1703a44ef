#include "app/actions.hpp"
#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include "app/batch_settings.hpp"
#include "app/groups.hpp"
#include "app/tariff.hpp"
#include "base/text.hpp"
#include "domain/names.hpp"
#include "system/log.hpp"

namespace motionspool::app {
using domain::Act;
using domain::AttemptState;
using domain::Deed;
using domain::JobState;

namespace {

constexpr int page = 200;  ///< jobs a turn of the loop

/// "is held"
std::string in_words(const store::BatchRow& batch) { return batch.held ? "is held" : "waits for review"; }

std::string past_tense(Act act) {
    switch (act) {
        case Act::hold: return "held";
        case Act::release: return "released";
        case Act::cancel: return "cancelled";
        case Act::discard: return "cancelled and discarded";
        case Act::retry: return "retried";
    }
    return {};
}

/// @param stopped the batch is held or in review, and the order is about single jobs of it
std::string sentence(const Order& order, const Answer& answer, const store::BatchRow& batch, bool stopped) {
    if (answer.jobs == 0 && order.act == Act::release) {
        if (!stopped) return "nothing was released: no job of " + order.target + " is held";
        return "nothing was released: the batch " + in_words(batch) + "; `motionspool release " + batch.name + "` lets its jobs go";
    }
    if (answer.jobs == 0) return "no job of " + order.target + " to " + std::string{to_string(order.act)};
    const auto verb = order.dry_run ? "would " + std::string{to_string(order.act)} : past_tense(order.act);
    return verb + " " + count_of(answer.jobs, "job") + ", " + in_words(answer.credits);
}

Refusal no_batch(const std::string& shown) {
    return {Refusal::Kind::not_found, "there is no batch \"" + shown + "\"; `motionspool batches` lists what there is"};
}

}  // namespace

struct Actions::Tally {
    Order order;
    domain::Selection selection;
    store::BatchRow batch;
    Answer answer;
    bool fits = false;  ///< at least one job
    std::size_t followed = 0, delivered = 0, paid_before = 0;
    Credits spent;  ///< on those paid before
    Groups groups;
    domain::Tariff tariff;
    [[nodiscard]] bool whole() const { return !selection.pattern; }
    [[nodiscard]] bool stopped() const { return batch.held || batch.review; }
};

Actions::Actions(const config::Config& config, Clock& clock, store::Store& store) : config_{config}, clock_{clock}, store_{store} {}

std::variant<store::BatchRow, Refusal> Actions::find(const std::string& key, const std::string& shown) {
    const auto batch = store_.batches.find(key);
    if (!batch || batch->state == "arriving") return no_batch(shown);
    return *batch;
}

std::optional<store::Attempt> Actions::overdue_of(JobId job) {
    const auto attempts = store_.attempts.of(job);
    const auto last = std::find_if(attempts.rbegin(), attempts.rend(), [](const store::Attempt& a) { return a.state == AttemptState::overdue; });
    return last == attempts.rend() ? std::nullopt : std::optional{*last};
}

asio::awaitable<Answered> Actions::act(Order order) {
    auto selection = domain::parse_selection(order.target);
    if (!selection) co_return Refusal{Refusal::Kind::usage, selection.problem().text};
    auto found = find(selection->batch_key, order.target.substr(0, order.target.find('/')));
    if (auto* refusal = std::get_if<Refusal>(&found)) co_return std::move(*refusal);
    Tally tally{.order = std::move(order),
                .selection = std::move(*selection),
                .batch = std::get<store::BatchRow>(std::move(found)),
                .answer = {},
                .groups = Groups{config_, store_},
                .tariff = tariff_of(config_, store_)};
    for (std::string after;;) {
        const auto rows = store_.operations.page(tally.batch.id, after, page);
        for (const auto& row : rows) {
            if (domain::selects(tally.selection, row.name_key)) count(tally, row);
        }
        if (rows.size() < page) break;
        after = rows.back().name_key;
        co_await asio::post(store_.executor, asio::use_awaitable);
    }
    if (!tally.fits && !tally.whole()) {
        co_return Refusal{Refusal::Kind::not_found,
                          "no job is called " + tally.order.target + "; `motionspool jobs --batch " + tally.batch.name + "` lists the batch's"};
    }
    finish(tally);
    co_return std::move(tally.answer);
}

void Actions::count(Tally& tally, const store::Operations::Row& row) {
    tally.fits = true;
    auto& answer = tally.answer;
    auto subject = row.subject;
    if (tally.order.act == Act::hold)
        subject.held = tally.batch.held || (!tally.whole() && subject.held);
    else
        subject.held = subject.held || (tally.whole() && tally.stopped());
    if (tally.order.act == Act::release) subject.tripped = held_by_breaker(tally, row.id);
    const auto verdict = domain::judge(tally.order.act, subject, tally.order.cause);
    if (!verdict.deed) {
        answer.left_alone[std::string{verdict.why_not}]++;
        return;
    }
    if (!tally.order.dry_run && !carry_out(tally, *verdict.deed, row)) return;
    answer.jobs++;
    if (*verdict.deed == Deed::follow)
        tally.followed++;
    else if (*verdict.deed == Deed::deliver)
        tally.delivered++;
    else
        answer.credits += tally.tariff.price(row.length, row.mode);
    if (*verdict.deed == Deed::queue) count_spent(tally, row.id);
}

void Actions::count_spent(Tally& tally, JobId id) {
    const auto spent = store_.attempts.totals_of(id).spent;
    if (spent <= Credits{}) return;
    tally.paid_before++;
    tally.spent += spent;
}

bool Actions::held_by_breaker(Tally& tally, JobId id) {
    const auto job = store_.queue.job(id);
    return job && tally.groups.held(*job, clock_.now(), clock_.boot(), {});
}

bool Actions::carry_out(Tally& tally, Deed deed, const store::Operations::Row& row) {
    const auto now = clock_.now();
    if (tally.order.act == Act::retry) store_.operations.reopen(tally.batch.id, "open again: failed jobs are tried once more", now);
    switch (deed) {
        case Deed::hold:
            if (!tally.whole()) store_.operations.hold(row.id, now);
            return true;
        case Deed::release: store_.operations.release(row.id, now); return true;
        case Deed::cancel: return store_.operations.cancel(row.id, row.subject.state, now);
        case Deed::discard: return store_.operations.discard(row.id, row.subject.state, now);
        case Deed::queue: return store_.operations.queue_again(row.id, now);
        case Deed::follow: {
            const auto attempt = overdue_of(row.id);
            const store::AttemptChange again{.from = AttemptState::overdue,
                                             .to = AttemptState::submitted,
                                             .event = "its task is asked about again by `retry`; nothing is paid",
                                             .job = store::JobStep{.from = JobState::failed, .to = JobState::running}};
            if (!attempt || !store_.attempts.change(attempt->id, again, now)) return false;
            follow(attempt->id);
            return true;
        }
        case Deed::deliver: {
            const store::JobStep again{.from = JobState::failed, .to = JobState::downloading};
            if (!store_.jobs.step(row.id, again, "its video is fetched again by `retry`; nothing is paid", now)) return false;
            deliver(row.id);
            return true;
        }
    }
    return false;
}

void Actions::finish(Tally& tally) {
    const auto& order = tally.order;
    auto& answer = tally.answer;
    const auto now = clock_.now();
    const bool flags = tally.whole() && !order.dry_run && tally.batch.state == "open";
    if (flags && order.act == Act::hold && !tally.batch.held) store_.operations.hold(tally.batch.id, "held", now);
    if (flags && order.act == Act::release && tally.stopped()) store_.operations.release(tally.batch.id, "released", now);
    const bool stopped = !tally.whole() && tally.stopped();
    answer.text = sentence(order, answer, tally.batch, stopped);
    if (order.act == Act::release && stopped && answer.jobs > 0)
        answer.notes.push_back("the batch itself " + in_words(tally.batch) + ": `motionspool release " + tally.batch.name + "` lets its jobs go");
    if (tally.delivered > 0) answer.notes.push_back(count_of(tally.delivered, "job") + " of them was rendered: the video is fetched again and nothing is paid");
    if (tally.followed > 0)
        answer.notes.push_back(count_of(tally.followed, "job") + " of them may have been rendered: the task is asked about again and nothing is paid");
    if (tally.paid_before > 0)
        answer.notes.push_back(in_words(tally.spent) + " are booked for " + count_of(tally.paid_before, "job") +
                               " of them already; what is rendered anew is paid once more");
    if (order.dry_run || answer.jobs == 0) return;
    log::info("{}: {}", order.target, answer.text);
    changed(tally.batch.id);
}

Answered Actions::set(const std::string& name, const std::vector<std::string>& settings, bool dry_run) {
    auto found = find(domain::name_key(name), name);
    if (auto* refusal = std::get_if<Refusal>(&found)) return std::move(*refusal);
    const auto& batch = std::get<store::BatchRow>(found);
    const auto read = read_batch_settings(settings, config_);
    if (!read) return Refusal{Refusal::Kind::usage, read.problem().text};
    if (const auto beyond = beyond_share(*read, batch.share, batch.priority, config_)) return Refusal{Refusal::Kind::usage, *beyond};
    if (batch.state != "open") return Refusal{Refusal::Kind::refused, "the batch " + batch.name + " has ended; nothing of it waits any more"};
    Answer answer;
    answer.text = (dry_run ? "would set " : "set ") + join(settings, ", ") + " of " + batch.name;
    if (dry_run) return answer;
    auto& operations = store_.operations;
    if (read->priority) operations.set_priority(batch.id, *read->priority);
    if (read->share) operations.set_share(batch.id, *read->share);
    if (read->window) operations.set_window(batch.id, *read->window);
    if (read->budget) operations.set_budget(batch.id, *read->budget);
    store_.notes.event(batch.id, answer.text, clock_.now());
    log::info("{}", answer.text);
    changed(batch.id);
    return answer;
}

Answered Actions::pause(std::optional<Instant> until, const std::string& reason) {
    const auto now = clock_.now();
    const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
    if (std::ranges::any_of(reason, is_control)) {
        return Refusal{Refusal::Kind::usage, "the reason contains a line break or another control character; expected one line of text"};
    }
    if (until && *until <= now) return Refusal{Refusal::Kind::usage, to_rfc3339(*until) + " is over; a pause ends in the future"};
    store_.operations.pause({reason, until, now});
    Answer answer;
    answer.text = "nothing is submitted " +
                  (until ? "until " + to_rfc3339(std::chrono::round<std::chrono::seconds>(*until)) : std::string{"until `motionspool resume`"}) +
                  "; what runs goes on";
    log::info("paused: {}{}", answer.text, reason.empty() ? "" : " (" + reason + ")");
    paused();
    return answer;
}

Answered Actions::resume() {
    Answer answer;
    const bool doubted = resumed(), was = doubted || store_.operations.paused(clock_.now());
    store_.operations.resume();
    answer.text = was ? "submissions go on" : "nothing was paused";
    if (was) log::info("resumed: submissions go on");
    paused();
    return answer;
}

}  // namespace motionspool::app
