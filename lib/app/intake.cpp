#include "app/intake.hpp"
#include <spdlog/spdlog.h>
#include <unistd.h>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include "app/files.hpp"
#include "app/reject_report.hpp"
#include "async/wait.hpp"
#include "base/text.hpp"
#include "spool/claim.hpp"
#include "spool/files.hpp"
#include "spool/manifest_file.hpp"
#include "spool/moves.hpp"
#include "spool/names.hpp"
#include "spool/scan.hpp"

namespace motionspool::app {
using namespace std::chrono_literals;

namespace {
std::vector<std::filesystem::path> paths(const std::vector<std::string>& roots) { return {roots.begin(), roots.end()}; }
}  // namespace

Intake::Intake(const Settings& settings, Clock& clock, store::Store& store, media::Probe& probe, const spool::Layout& layout, spool::Watcher& watcher)
    : settings_{settings},
      clock_{clock},
      store_{store},
      layout_{layout},
      watcher_{watcher},
      examiner_{store.executor, probe, {settings.config.manifest_defaults, config::manifest_limits(settings.config), settings.config.credits.per_second}},
      settling_{settings.config.spool.settle, settings.config.spool.patience},
      wakeup_{store.executor} {}

asio::awaitable<void> Intake::run() {
    for (;;) {
        for (const auto& drop : std::exchange(again_, {})) {
            spdlog::info("taking {} again", drop.entry);
            auto taking = take(drop, drop.entry, std::nullopt);
            co_await std::move(taking);
        }
        if (std::exchange(receipts_left_, false)) hand_out_receipts();
        auto looking = look();
        co_await std::move(looking);
        auto again = clock_.boot() + settings_.config.spool.rescan;
        if (const auto next = settling_.next()) again = std::min(again, *next);
        co_await wait(wakeup_, clock_, again);
    }
}

asio::awaitable<void> Intake::listen() {
    for (;;) {
        auto waiting = watcher_.wait();
        const auto changes = co_await std::move(waiting);
        for (const auto& name : changes.renamed_in) settling_.renamed_in(name);
        if (changes.gone) spdlog::error("the folder {}/incoming is gone; is it unmounted? Waiting for it", settings_.config.spool.directory);
        if (changes.back) throw std::runtime_error("the folder " + settings_.config.spool.directory + "/incoming was replaced; starting anew");
        wakeup_.ring();
    }
}

spool::Enough Intake::slice() const {
    return [this, began = clock_.boot()] { return clock_.boot() - began >= 5ms; };
}

asio::awaitable<void> Intake::look() {
    spool::Scan scan{layout_.incoming.get()};
    for (;;) {
        const bool done = scan.step(slice());
        if (done) break;
        co_await asio::post(store_.executor, asio::use_awaitable);
    }
    if (scan.trouble()) {
        spdlog::error("{}", scan.trouble()->text);
        co_return;
    }
    settling_.observe(scan.entries(), clock_.boot());
    note_stems_.clear();
    for (const auto& entry : scan.entries()) note_stems_.emplace(entry.name, entry.note_stem);
    for (const auto& due : settling_.due(clock_.boot())) {
        auto considering = consider(due);
        co_await std::move(considering);
    }
    std::vector<std::string> inside;
    for (const auto& entry : scan.entries()) {
        if (settling_.awaits_change(entry.name)) inside.insert(inside.end(), entry.folders.begin(), entry.folders.end());
    }
    if (watcher_.look_inside(inside)) wakeup_.ring();
}

Result<spool::Place> Intake::place_in(int folder, const Drop& drop) const {
    if (!drop.folder) return spool::Place::media_roots(paths(settings_.config.spool.media_roots), layout_.incoming.get());
    auto opened = spool::open_folder(folder, drop.entry);
    if (!opened) return spool::problem_of("the folder " + drop.entry + " cannot be opened", errno);
    return spool::Place::folder(std::move(opened));
}

std::variant<Examination, spool::Refusal> Intake::read(int folder, const Drop& drop) const {
    spool::InputOutcome outcome;
    if (drop.folder) {
        const auto opened = spool::open_folder(folder, drop.entry);
        if (!opened) return spool::Refusal{spool::Refusal::Why::unreadable, spool::problem_of("the folder cannot be opened", errno).text};
        outcome = spool::open_manifest(opened.get());
    } else {
        outcome = spool::open_lone_manifest(folder, drop.entry);
    }
    if (auto* refusal = std::get_if<spool::Refusal>(&outcome)) return *refusal;
    const auto& file = std::get<spool::OpenedInput>(outcome);
    auto bytes = spool::read_all(file.fd.get(), settings_.config.limits.manifest_bytes + 1);
    if (!bytes) return spool::Refusal{spool::Refusal::Why::not_a_file, bytes.problem().text};
    Examination e;
    e.file = file.path;
    e.bytes = std::move(*bytes);
    return e;
}

asio::awaitable<void> Intake::consider(spool::Due due) {
    const Drop drop{due.name, due.kind == spool::EntryKind::folder};
    if (due.kind == spool::EntryKind::stranger) {
        leave(due.name, "This is no drop: a drop is a folder with a manifest.yaml and its media, or a manifest NAME.yaml alone.");
        co_return;
    }
    auto found = read(layout_.incoming.get(), drop);
    if (const auto* refusal = std::get_if<spool::Refusal>(&found)) {
        const bool may_come = refusal->why == spool::Refusal::Why::missing && !due.patience_over;
        if (may_come)
            settling_.wait_for_more(due.name);
        else
            leave(due.name, refusal->text);
        co_return;
    }
    auto& read_now = std::get<Examination>(found);
    auto place = place_in(layout_.incoming.get(), drop);
    if (!place) {
        leave(due.name, place.problem().text);
        co_return;
    }
    auto examining = examiner_.examine(*place, read_now.file, std::move(read_now.bytes), !drop.folder, nullptr);
    auto examination = co_await std::move(examining);
    if (!examination.missing.empty() && !examination.hopeless && !due.patience_over) {
        note_in_incoming(due.name, ".waiting.txt", waiting_text(due.name, examination.missing, settings_.config.spool.patience));
        settling_.wait_for_more(due.name);
        co_return;
    }
    auto claiming = claim(drop);
    const auto taken = co_await std::move(claiming);
    if (!taken) co_return;
    for (const auto* suffix : {".waiting.txt", ".report.txt"}) ::unlinkat(layout_.incoming.get(), spool::joined(note_stems_[due.name], suffix).c_str(), 0);
    settling_.forget(due.name);
    auto taking = take(*taken, due.name, std::move(examination));
    co_await std::move(taking);
}

asio::awaitable<std::optional<Intake::Drop>> Intake::claim(const Drop& drop) {
    auto claimed = spool::claim(layout_, drop.entry);
    if (const auto* taken = std::get_if<spool::Claimed>(&claimed)) co_return Drop{taken->name, drop.folder};
    if (const auto* problem = std::get_if<Problem>(&claimed)) {
        leave(drop.entry, problem->text);
        co_return std::nullopt;
    }
    spool::ClaimByCopy copy{layout_, drop.entry};
    for (;;) {
        const auto outcome = copy.step(slice());
        if (outcome && !outcome->has_value()) {
            leave(drop.entry, outcome->problem().text);
            co_return std::nullopt;
        }
        if (outcome) co_return Drop{outcome->value().name, drop.folder};
        co_await asio::post(store_.executor, asio::use_awaitable);
    }
}

asio::awaitable<void> Intake::take(Drop drop, std::string dropped_as, std::optional<Examination> earlier) {
    auto found = read(layout_.taking.get(), drop);
    auto place = place_in(layout_.taking.get(), drop);
    Examination e;
    if (const auto* refusal = std::get_if<spool::Refusal>(&found)) {
        e.file = drop.entry;
        e.complaints.push_back({Complaint::Severity::error, {}, refusal->text});
    } else if (!place) {
        e.file = drop.entry;
        e.complaints.push_back({Complaint::Severity::error, {}, place.problem().text});
    } else {
        auto& read_now = std::get<Examination>(found);
        auto examining = examiner_.examine(*place, read_now.file, std::move(read_now.bytes), !drop.folder, earlier ? &*earlier : nullptr);
        e = co_await std::move(examining);
    }
    if (!e.acceptable()) {
        reject(drop, e);
        co_return;
    }
    auto hashing = examiner_.hash(*place, e);
    const auto trouble = co_await std::move(hashing);
    if (trouble) e.complaints.push_back({Complaint::Severity::error, {}, *trouble});
    const auto named = name_for(store_, e, spool::parts_of(dropped_as, drop.folder).stem, clock_.now());
    const auto twin = store_.batches.with_fingerprint(fingerprint_of(e));
    if (twin)
        e.complaints.push_back(twin_complaint(e, *twin, named.complaint.has_value()));
    else if (named.complaint)
        e.complaints.push_back(*named.complaint);
    if (trouble || named.complaint || twin || (any_error(e.complaints) && !e.manifest->partial)) {
        reject(drop, e);
        co_return;
    }
    auto accepting = accept(drop, std::move(e), named.name);
    co_await std::move(accepting);
}

asio::awaitable<void> Intake::accept(Drop drop, Examination e, std::string batch_name) {
    auto recording = record(store_, clock_, e, batch_name, drop.entry, drop.folder, settings_.config.credits.ask_above);
    const auto id = co_await std::move(recording);
    move_accepted(*store_.batches.get(id));
    spdlog::info("accepted {} as batch {}: {}", drop.entry, batch_name, count_of(e.jobs.size(), "job"));
    for (const auto& line : to_lines(e.complaints, drop.entry + "/" + e.file, e.bytes)) spdlog::info("{}", line);
    accepted(id);
}

void Intake::move_accepted(const store::BatchRow& batch) {
    const auto moved = spool::move_entry(layout_.taking.get(), batch.entry, layout_.accepted.get());
    if (moved) {
        store_.batches.moved(batch.id, "accepted", *moved);
        return;
    }
    spdlog::error("{} is accepted and cannot be moved to accepted/: {}; it is tried again", batch.entry, moved.problem().text);
    receipts_left_ = true;
}

void Intake::hand_out_receipts() {
    for (const auto& batch : store_.batches.in_state("open")) {
        if (batch.place == ".taking") move_accepted(batch);
    }
}

void Intake::reject(const Drop& drop, const Examination& e) {
    const auto moved = spool::move_entry(layout_.taking.get(), drop.entry, layout_.rejected.get());
    if (!moved) {
        spdlog::error("{} cannot be moved to rejected/: {}; it is tried again", drop.entry, moved.problem().text);
        again_.push_back(drop);
        return;
    }
    const RejectReport report{*moved, drop.folder ? *moved + "/" + e.file : *moved, e.bytes, e.complaints, clock_.now()};
    const auto text = spool::write_note(layout_.rejected.get(), *moved, ".report.txt", to_text(report));
    const auto json = spool::write_note(layout_.rejected.get(), *moved, ".report.json", to_json(report));
    for (const auto& written : {text, json}) {
        if (!written) spdlog::error("{}", written.problem().text);
    }
    spdlog::warn("rejected {}: {}; see rejected/{}", drop.entry, count_of(e.complaints.size(), "complaint"),
                 spool::note_name(layout_.rejected.get(), *moved, ".report.txt"));
}

void Intake::note_in_incoming(const std::string& name, std::string_view suffix, const std::string& text) {
    const auto written = spool::write_file(layout_.incoming.get(), spool::joined(note_stems_[name], suffix), text);
    if (!written) spdlog::error("{}", written.problem().text);
}

void Intake::leave(const std::string& name, const std::string& text) {
    spdlog::warn("left {} in incoming/: {}", spool::shown(name), text);
    note_in_incoming(name, ".report.txt", spool::shown(name) + " was not taken.\n\n" + text + "\n\nIt is looked at again when something in it changes.\n");
    settling_.leave_alone(name);
}

void Intake::recover() {
    for (const auto& batch : store_.batches.in_state("arriving")) store_.batches.forget_arriving(batch.id);
    std::map<std::string, store::BatchRow> recorded;
    for (const auto& state : {"open", "ended"}) {
        for (auto& batch : store_.batches.in_state(state)) {
            if (batch.place == ".taking") recorded.emplace(batch.entry, batch);
        }
    }
    const auto left = spool::finish_claims(layout_);
    if (!left) throw std::runtime_error(left.problem().text);
    for (const auto& entry : *left) {
        if (const auto known = recorded.find(entry); known != recorded.end()) {
            move_accepted(known->second);
            recorded.erase(known);
        } else {
            again_.push_back({entry, spool::is_folder(layout_.taking.get(), entry)});
        }
    }
    for (const auto& entry : spool::names_in(layout_.rejected.get())) {  // moved there, and the process ended before it had said why
        const auto note = spool::note_name(layout_.rejected.get(), entry, ".report.txt");
        if (spool::is_note(entry) || spool::ignored(entry) || spool::exists(layout_.rejected.get(), note)) continue;
        (void)spool::write_note(layout_.rejected.get(), entry, ".report.txt",
                                entry + " was not accepted. The daemon ended before it had written why; drop it into incoming/ again to learn it.\n");
    }
    auto others = store_.batches.in_state("open");
    for (auto& ended : store_.batches.in_state("ended")) others.push_back(std::move(ended));
    for (const auto& [entry, batch] : recorded) {  // renamed, and the process ended before that was written down
        store_.batches.moved(batch.id, "accepted", find_moved(layout_.accepted.get(), batch, others));
    }
}

}  // namespace motionspool::app
