#include "app/intake.hpp"
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include "app/renders.hpp"
#include "app/standing.hpp"
#include "async/wait.hpp"
#include "base/text.hpp"
#include "spool/claim.hpp"
#include "spool/presence.hpp"
#include "spool/scan.hpp"
#include "spool/stranger.hpp"
#include "system/log.hpp"

namespace motionspool::app {
using namespace std::chrono_literals;

namespace {
constexpr int work_and_rest = 9;  ///< of a folder with very many entries a scan takes at most a tenth of the time, however much happens there
}  // namespace

Intake::Intake(const Settings& settings, Clock& clock, store::Store& store, media::Probe& probe, UrlInputs& urls, const spool::Layout& layout, Places& places,
               spool::Watcher& watcher)
    : settings_{settings},
      clock_{clock},
      store_{store},
      layout_{layout},
      places_{places},
      watcher_{watcher},
      examiner_{store.executor,
                probe,
                {settings.config.manifest_defaults, config::manifest_limits(settings.config), loopback_origins(settings.config), settings.config.provider.model,
                 settings.config.credits.prices()},
                &urls},
      strikes_{std::filesystem::path{settings.config.state.directory} / "reading"},
      taking_{settings, clock, store, examiner_, strikes_, layout, places},
      notes_{settings, layout},
      settling_{settings.config.spool.settle, settings.config.spool.patience},
      wakeup_{store.executor} {
    examiner_.reading = [this](const std::string& file) { strikes_.reading(file); };
    urls.answered = [this] {
        settling_.all_answered();
        wakeup_.ring();
    };
}

void Intake::recover() {
    strikes_.recover();
    taking_.recover();
}

asio::awaitable<void> Intake::run() {
    auto fingerprinting = fingerprint_earlier_drops(store_, clock_, settings_.config.provider.model);
    co_await std::move(fingerprinting);
    for (;;) {
        auto waiting = wait_for_spool();
        co_await std::move(waiting);
        auto state = wait_for_state();
        co_await std::move(state);
        auto taking = taking_.take_what_is_left();
        co_await std::move(taking);
        auto looking = look();
        co_await std::move(looking);
        auto again = clock_.boot() + settings_.config.spool.rescan;
        if (next_) again = std::min(again, *next_);
        co_await wait(wakeup_, clock_, again);
        if (clock_.boot() < rested_) co_await clock_.sleep_until(rested_);
    }
}

asio::awaitable<void> Intake::listen() {
    for (;;) {
        auto waiting = watcher_.wait();
        const auto changes = co_await std::move(waiting);
        for (const auto& name : changes.renamed_in) settling_.renamed_in(name);
        happened_ = true;
        if (changes.overflowed)
            say_once(said_.overflow, "incoming/ changes faster than the kernel can tell; it is scanned as a whole then, and nothing is lost");
        wakeup_.ring();
    }
}

asio::awaitable<void> Intake::wait_for_spool() {
    constexpr auto between_looks = 5s;
    const auto& directory = settings_.config.spool.directory;
    for (bool told = false;; told = true) {
        switch (spool::presence(layout_, store_.notes.fact("state_id").value_or(""))) {
            case spool::Presence::here:
                if (told) log::info("the spool {} is back", directory);
                spool_is_here(store_);
                co_return;
            case spool::Presence::replaced: throw SpoolReplaced("the spool " + directory + " was put back or is another one; taking up the one that is there");
            case spool::Presence::taken:
                if (!places_.state_here()) break;  // then it is not our own memory that says whose it is
                throw SpoolTaken("the spool " + directory +
                                 " was taken over by another state directory (motionspool run --take-over); two daemons on one spool would pay twice");
            case spool::Presence::away: break;
        }
        miss_spool(store_, clock_.now());
        if (!told)
            log::error(
                "the spool {} is gone; is it not mounted? Nothing is taken until it is back; what is recorded goes on, and no job is given up for it. "
                "If it is gone for good, stop the daemon, then start once with: motionspool run --take-over (into a spool's folder, or an empty one)",
                directory);
        co_await clock_.sleep_for(between_looks);
    }
}

asio::awaitable<void> Intake::wait_for_state() {
    constexpr auto between_looks = 5s;
    while (!places_.state_here()) co_await clock_.sleep_for(between_looks);  // Places says so
}

bool Intake::may_claim() { return places_.state_here() && spool::presence(layout_, store_.notes.fact("state_id").value_or("")) == spool::Presence::here; }

spool::Enough Intake::slice() const {
    return [this, began = clock_.boot()] { return clock_.boot() - began >= 3ms; };
}

asio::awaitable<void> Intake::look() {
    const auto began = clock_.boot();
    const bool told = std::exchange(happened_, false);
    auto scanning = scan();
    const bool whole = co_await std::move(scanning);
    if (!whole) co_return;
    auto observing = observe(told);
    co_await std::move(observing);
    rested_ = clock_.boot() + work_and_rest * (clock_.boot() - began);
    auto taking = take_due();
    co_await std::move(taking);
    auto waiting = look_inside_what_waits();
    co_await std::move(waiting);
    if (watcher_.exhausted())
        say_once(said_.exhausted,
                 "no watches are left for folders inside incoming/ (fs.inotify.max_user_watches); what happens there is noticed by the rescan, every " +
                     to_words(settings_.config.spool.rescan));
}

asio::awaitable<bool> Intake::scan() {
    spool::Scan scan{layout_.incoming.get()};
    for (;;) {
        const bool done = scan.step(slice());
        if (done) break;
        co_await asio::post(store_.executor, asio::use_awaitable);
    }
    if (scan.trouble()) {
        log::error("{}", scan.trouble()->text);
        co_return false;
    }
    notes_.observe(scan.take_entries());
    co_return true;
}

asio::awaitable<void> Intake::observe(bool told) {
    std::size_t fresh = 0;
    const auto now = clock_.boot();
    auto enough = slice();
    for (const auto& entry : notes_.entries()) {
        fresh += settling_.see(entry, now) ? 1 : 0;
        if (!enough()) continue;
        co_await asio::post(store_.executor, asio::use_awaitable);
        enough = slice();
    }
    for (;;) {
        const bool done = settling_.end_scan(slice(), [this](const std::string& name) { notes_.gone(name); });
        if (done) break;
        co_await asio::post(store_.executor, asio::use_awaitable);
    }
    count(fresh, told);
}

asio::awaitable<void> Intake::take_due() {
    const auto now = clock_.boot();
    auto enough = slice();
    std::optional<std::string> at{""};
    while (at) {
        const auto due = settling_.next_due(at, now, enough);
        if (due) {
            auto considering = consider(*due);
            co_await std::move(considering);
        }
        if (!enough()) continue;
        co_await asio::post(store_.executor, asio::use_awaitable);
        enough = slice();
    }
}

asio::awaitable<void> Intake::look_inside_what_waits() {
    next_.reset();
    std::vector<std::string> inside;
    auto enough = slice();
    for (auto entry = notes_.take_last(); entry; entry = notes_.take_last()) {
        const auto due = settling_.due_at(entry->name);
        if (due) next_ = next_ ? std::min(*next_, *due) : *due;
        if (!entry->folders.empty() && settling_.awaits_change(entry->name)) inside.insert(inside.end(), entry->folders.begin(), entry->folders.end());
        if (!enough()) continue;
        co_await asio::post(store_.executor, asio::use_awaitable);
        enough = slice();
    }
    if (watcher_.look_inside(inside)) wakeup_.ring();
}

void Intake::count(std::size_t fresh, bool told) {
    if (!std::exchange(looked_, true) || told || happened_ || watcher_.polls() || fresh == 0) return;
    found_by_rescan_ += fresh;
    say_once(said_.untold, count_of(fresh, "entry", "entries") +
                               " of incoming/ came without a word of the watcher and only the rescan found them; if that goes on, set spool.watch: poll");
    log::debug("{} so far only the rescan found", count_of(found_by_rescan_, "entry", "entries"));
}

void Intake::say_once(bool& said, const std::string& text) {
    if (!std::exchange(said, true)) log::warn("{}", text);
}

asio::awaitable<void> Intake::consider(spool::Due due) {
    const Drop drop{due.name, due.kind == spool::EntryKind::folder};
    if (due.kind == spool::EntryKind::stranger) {
        notes_.left(due.name, spool::why_no_drop(layout_.incoming.get(), due.name));
        settling_.leave_alone(due.name);
        co_return;
    }
    if (strikes_.out(drop.entry)) {  // Taking sets it aside
        auto setting_aside = claim_and_take(drop, std::nullopt);
        co_await std::move(setting_aside);
        co_return;
    }
    auto examining = examine(due, drop);
    auto examination = co_await std::move(examining);
    if (!examination) co_return;
    auto taking = claim_and_take(drop, std::move(examination));
    co_await std::move(taking);
}

asio::awaitable<std::optional<Examination>> Intake::examine(spool::Due due, Drop drop) {
    const Strikes::Reading being_read{strikes_, drop.entry};
    auto found = read_manifest_of(layout_.incoming.get(), drop, settings_.config);
    if (const auto* refusal = std::get_if<spool::Refusal>(&found)) {
        if (refusal->why == spool::Refusal::Why::trouble) {
            held_up(due.name, refusal->text);
            co_return std::nullopt;
        }
        if (refusal->why != spool::Refusal::Why::missing && refusal->why != spool::Refusal::Why::unreadable) co_return Examination{};  // Taking rejects it
        refused(due, *refusal);
        co_return std::nullopt;
    }
    const auto place = place_of(layout_.incoming.get(), drop, settings_.config, layout_);
    if (!place) {
        if (place.trouble())
            held_up(due.name, place.problem().text);
        else
            try_again(due.name, place.problem().text);
        co_return std::nullopt;
    }
    auto& manifest = std::get<ManifestFile>(found);
    auto examining = examiner_.examine(*place, manifest.name, std::move(manifest.bytes), !drop.folder, nullptr);
    auto examination = co_await std::move(examining);
    strikes_.forget(drop.entry);
    if (!examination.trouble.empty()) {
        held_up(due.name, examination.trouble);
        co_return std::nullopt;
    }
    if (examination.asking) {
        settling_.put_off(due.name, clock_.boot() + settings_.config.spool.rescan);
        co_return std::nullopt;
    }
    if (examination.missing.empty() || examination.hopeless || due.patience_over) co_return examination;
    notes_.waits_for(due.name, examination.missing, examination.acceptable());
    settling_.wait_for_more(due.name);
    co_return std::nullopt;
}

void Intake::refused(const spool::Due& due, const spool::Refusal& refusal) {
    if (refusal.why != spool::Refusal::Why::missing || due.patience_over) return try_again(due.name, refusal.text);
    notes_.waits_for_manifest(due.name, refusal.text);
    settling_.wait_for_more(due.name);
}

void Intake::held_up(const std::string& name, const std::string& trouble) {
    notes_.held_up(name, trouble);
    settling_.put_off(name, clock_.boot() + settings_.config.spool.rescan);
}

asio::awaitable<void> Intake::claim_and_take(Drop drop, std::optional<Examination> examination) {
    if (!may_claim()) co_return;
    auto claiming = claim(drop);
    const auto taken = co_await std::move(claiming);
    if (!taken) co_return;
    notes_.taken(drop.entry);
    settling_.forget(drop.entry);
    auto taking = taking_.take(*taken, drop.entry, std::move(examination));
    co_await std::move(taking);
}

asio::awaitable<std::optional<Drop>> Intake::claim(const Drop& drop) {
    auto claimed = spool::claim(layout_, drop.entry);
    if (const auto* taken = std::get_if<spool::Claimed>(&claimed)) co_return Drop{taken->name, drop.folder};
    if (const auto* problem = std::get_if<Problem>(&claimed)) {
        try_again(drop.entry, problem->text);
        co_return std::nullopt;
    }
    spool::ClaimByCopy copy{layout_, drop.entry};
    for (;;) {
        const auto outcome = copy.step(slice());
        if (outcome && !outcome->has_value()) {
            try_again(drop.entry, outcome->problem().text);
            co_return std::nullopt;
        }
        if (outcome) co_return Drop{outcome->value().name, drop.folder};
        co_await asio::post(store_.executor, asio::use_awaitable);
    }
}

void Intake::try_again(const std::string& name, const std::string& why) {
    notes_.troubled(name, why);
    settling_.try_again(name, clock_.boot(), settings_.config.spool.rescan);
}

}  // namespace motionspool::app
