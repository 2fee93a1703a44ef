#include "app/taking.hpp"
#include "app/files.hpp"
#include "app/renders.hpp"
#include "app/tariff.hpp"
#include "base/text.hpp"
#include "spool/claim.hpp"
#include "spool/files.hpp"
#include "spool/moves.hpp"
#include "spool/names.hpp"
#include "system/log.hpp"
#include "system/time_zone.hpp"

namespace motionspool::app {

Taking::Taking(const Settings& settings, Clock& clock, store::Store& store, Examiner& examiner, Strikes& strikes, const spool::Layout& layout, Places& places)
    : settings_{settings},
      clock_{clock},
      store_{store},
      examiner_{examiner},
      strikes_{strikes},
      layout_{layout},
      places_{places},
      zone_{system::time_zone(settings.config.timezone)} {}

asio::awaitable<void> Taking::take_what_is_left() {
    for (const auto& drop : std::exchange(again_, {})) {
        if (!troubled_.contains(drop.entry)) log::info("taking {} again", spool::shown(drop.entry));
        auto taking = take(drop, drop.entry, std::nullopt);
        co_await std::move(taking);
    }
    if (std::exchange(receipts_left_, false)) hand_out_receipts();
    std::erase_if(unwritten_, [this](const RejectReport& report) { return write(report); });
}

asio::awaitable<Examination> Taking::examine(const Drop& drop, std::optional<Examination> earlier) {
    Examination e;
    e.file = drop.folder ? "manifest.yaml" : drop.entry;
    if (const auto file = strikes_.out(drop.entry)) {
        strikes_.forget(drop.entry);
        e.complaints.push_back({Complaint::Severity::error, {}, struck_out_text(*file)});
        co_return e;
    }
    const Strikes::Reading being_read{strikes_, drop.entry};
    auto found = read_manifest_of(layout_.taking.get(), drop, settings_.config);
    if (const auto* refusal = std::get_if<spool::Refusal>(&found)) {
        if (refusal->why == spool::Refusal::Why::trouble) e.trouble = refusal->text;
        e.complaints.push_back({Complaint::Severity::error, {}, refusal->text});
        co_return e;
    }
    const auto place = place_of(layout_.taking.get(), drop, settings_.config, layout_);
    if (!place) {
        if (place.trouble()) e.trouble = place.problem().text;
        e.complaints.push_back({Complaint::Severity::error, {}, place.problem().text});
        co_return e;
    }
    auto& manifest = std::get<ManifestFile>(found);
    auto examining = examiner_.examine(*place, manifest.name, std::move(manifest.bytes), !drop.folder, earlier ? &*earlier : nullptr);
    e = co_await std::move(examining);
    e.complaints.insert(e.complaints.begin(), manifest.complaints.begin(), manifest.complaints.end());
    if (e.asking || !e.acceptable()) co_return e;
    auto hashing = examiner_.hash(*place, e);
    const auto trouble = co_await std::move(hashing);
    if (trouble) {
        e.complaints.push_back({Complaint::Severity::error, {}, *trouble});
        e.partly_usable = false;
    }
    strikes_.forget(drop.entry);
    co_return e;
}

asio::awaitable<void> Taking::take(Drop drop, std::string dropped_as, std::optional<Examination> earlier) {
    auto examining = examine(drop, std::move(earlier));
    auto e = co_await std::move(examining);
    if (!e.trouble.empty() && troubled_.insert(drop.entry).second)
        log::error("{} is claimed and cannot be looked at just now: {}; it is tried again, and not rejected for it", spool::shown(drop.entry), e.trouble);
    if (e.trouble.empty()) troubled_.erase(drop.entry);
    if (e.asking || !e.trouble.empty() || !places_.state_here()) {
        again_.push_back(drop);
        co_return;
    }
    if (!e.manifest) {
        reject(drop, e);
        co_return;
    }
    const auto named = name_for(store_, e, spool::parts_of(dropped_as, drop.folder).stem, domain::date_at(clock_.now(), zone_));
    if (!e.acceptable()) {
        if (named.complaint) e.complaints.push_back(*named.complaint);  // all errors at once
        reject(drop, e);
        co_return;
    }
    auto fingerprinting = fingerprint_earlier_drops(store_, clock_, settings_.config.provider.model);
    co_await std::move(fingerprinting);
    const auto appends = named.append ? std::optional{named.append->id} : std::nullopt;
    const auto twin = twin_complaint(store_, e, appends, named.complaint.has_value());
    if (twin)
        e.complaints.push_back(*twin);
    else if (named.complaint)
        e.complaints.push_back(*named.complaint);
    std::vector<MetJob> met;
    if (named.append && !twin) {
        auto meeting = meet(store_, clock_, named.append->id, e);
        met = co_await std::move(meeting);
    }
    if (named.complaint || twin || !e.acceptable()) {
        reject(drop, e);
        co_return;
    }
    auto warning = warn_of_known_jobs(store_, clock_, tariff_of(settings_.config, store_), e, appends, taken_up_of(met));
    co_await std::move(warning);
    if (named.append) {
        auto appending = append_to(*named.append, drop, std::move(e), std::move(met));
        co_await std::move(appending);
        co_return;
    }
    auto accepting = accept(drop, std::move(e), named.name);
    co_await std::move(accepting);
}

asio::awaitable<void> Taking::accept(Drop drop, Examination e, std::string batch_name) {
    auto recording = record(store_, clock_, settings_.config, e, batch_name, drop.entry, drop.folder);
    const auto id = co_await std::move(recording);
    move_accepted(*store_.batches.get(id));
    log::info("accepted {} as batch {}: {}", spool::shown(drop.entry), batch_name, count_of(e.jobs.size(), "job"));
    for (const auto& line : to_lines(e.complaints, spool::shown(drop.entry + "/" + e.file), e.bytes)) log::info("{}", line);
    accepted(id);
}

asio::awaitable<void> Taking::append_to(store::BatchRow batch, Drop drop, Examination e, std::vector<MetJob> met) {
    auto recording = append(store_, clock_, settings_.config, e, batch, met, drop.entry, drop.folder);
    const auto id = co_await std::move(recording);
    if (!id) {
        again_.push_back(drop);
        co_return;
    }
    move_accepted(*store_.batches.get(*id));
    log::info("appended {} to batch {}: {}", spool::shown(drop.entry), batch.name, count_of(e.jobs.size(), "job"));
    for (const auto& line : to_lines(e.complaints, spool::shown(drop.entry + "/" + e.file), e.bytes)) log::info("{}", line);
    for (const auto& one : met) {
        const auto attempt = store_.attempts.open_of(one.meeting.earlier);
        if (one.meeting.deed == domain::AppendDeed::deliver) deliver(one.meeting.earlier);
        if (one.meeting.deed == domain::AppendDeed::follow && attempt) follow(attempt->id);
    }
    accepted(batch.id);
}

void Taking::move_accepted(const store::BatchRow& batch) {
    if (!places_.state_here()) {  // no receipt for what only this process knows
        receipts_left_ = true;
        return;
    }
    const auto moved = spool::move_entry(layout_.taking.get(), batch.entry, layout_.accepted.get());
    if (moved) {
        store_.batches.moved(batch.id, "accepted", *moved);
        return;
    }
    log::error("{} is accepted and cannot be moved to accepted/: {}; it is tried again", spool::shown(batch.entry), moved.problem().text);
    receipts_left_ = true;
}

void Taking::hand_out_receipts() {
    for (const auto& batch : store_.batches.in_state("open")) {
        if (batch.place == ".taking") move_accepted(batch);
    }
}

void Taking::reject(const Drop& drop, const Examination& e) {
    const auto moved = spool::move_entry(layout_.taking.get(), drop.entry, layout_.rejected.get());
    if (!moved) {
        log::error("{} cannot be moved to rejected/: {}; it is tried again", spool::shown(drop.entry), moved.problem().text);
        again_.push_back(drop);
        return;
    }
    log::warn("rejected {}: {}; see rejected/{}", spool::shown(drop.entry), count_of(e.complaints.size(), "complaint"),
              spool::shown(spool::note_name(layout_.rejected.get(), *moved, ".report.txt")));
    RejectReport report{*moved, drop.folder ? *moved + "/" + e.file : *moved, e.bytes, e.complaints, clock_.now()};
    if (!write(report)) unwritten_.push_back(std::move(report));
}

bool Taking::write(const RejectReport& report) {
    const auto text = spool::write_note(layout_.rejected.get(), report.name, ".report.txt", to_text(report));
    const auto json = spool::write_note(layout_.rejected.get(), report.name, ".report.json", to_json(report));
    for (const auto& written : {text, json}) {
        if (!written) log::error("{}; it is tried again", written.problem().text);
    }
    return text && json;
}

void Taking::recover() {
    for (const auto& batch : store_.batches.in_state("arriving")) store_.batches.forget_arriving(batch.id);
    if (spool::stale(layout_)) return;  // the service is begun anew when it is back
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
    explain_rejected();
    auto others = store_.batches.in_state("open");
    for (auto& ended : store_.batches.in_state("ended")) others.push_back(std::move(ended));
    for (const auto& [entry, batch] : recorded) {  // renamed, and the process ended before that was written down
        store_.batches.moved(batch.id, "accepted", find_moved(layout_.accepted.get(), batch, others));
    }
}

/// Drops that were moved to rejected/, and the process ended before it had said why.
void Taking::explain_rejected() {
    for (const auto& entry : spool::names_in(layout_.rejected.get())) {
        const auto note = spool::note_name(layout_.rejected.get(), entry, ".report.txt");
        if (spool::is_note(entry) || spool::ignored(entry) || spool::exists(layout_.rejected.get(), note)) continue;
        (void)spool::write_note(
            layout_.rejected.get(), entry, ".report.txt",
            spool::shown(entry) + " was not accepted. The daemon ended before it could write down why; drop it into incoming/ again to learn it.\n");
    }
}

}  // namespace motionspool::app
