#include "app/witness.hpp"
#include <algorithm>
#include "base/seeded.hpp"
#include "system/log.hpp"

namespace motionspool::app {
using domain::AttemptState;
using domain::JobState;

namespace {

std::string older(const std::filesystem::path& path, std::int64_t highest, AttemptId known) {
    return "the money side-file " + path.string() + " knows submissions up to number " + std::to_string(highest) + ", this database " +
           (known.value() == 0 ? "none" : "only up to " + std::to_string(known.value())) +
           ": it is an older one that was put back, or the one whose copy was told to go on instead";
}

std::string unknowable(const std::filesystem::path& path) {
    return "the money side-file " + path.string() + " is damaged, so nobody can tell whether this database is an older one";
}

std::string another(const std::filesystem::path& path, std::int64_t highest) {
    return "another database has submitted from this state directory, up to number " + std::to_string(highest) + " (" + path.string() +
           "), and this one knows nothing of it";
}

std::filesystem::path here_in(const config::Config& config) { return std::filesystem::path{config.state.directory} / "motionspool.money"; }
std::filesystem::path there_in(const config::Config& config, const std::string& state) {
    return std::filesystem::path{config.output.directory} / (".motionspool-" + state + ".money");
}

/// How an attempt gets the task it was answered with.
std::optional<store::AttemptChange> adoption(const store::Attempt& attempt, const std::string& task) {
    store::AttemptChange change{.from = attempt.state,
                                .to = AttemptState::submitted,
                                .event = "submitted: task " + task + ", as the money side-file tells; the database could not record it",
                                .task = task,
                                .job = store::JobStep{.from = JobState::submitting, .to = JobState::running}};
    if (attempt.state == AttemptState::uncertain) change.job->from = JobState::uncertain;
    if (attempt.state != AttemptState::armed && attempt.state != AttemptState::uncertain) return std::nullopt;
    return change;
}

}  // namespace

std::optional<std::string> quarantine_ahead(const config::Config& config, store::Store& store) {
    const auto state = store.notes.fact("state_id").value_or("unnamed");
    const auto here_path = here_in(config), there_path = there_in(config, state);
    const auto here = system::read_witness(here_path), there = system::read_witness(there_path);
    const auto known = store.attempts.highest();
    const bool vouched = there && *there && !(*there)->damaged && (*there)->state == state;
    if (here && *here) {
        const auto& facts = **here;
        if (facts.damaged && !vouched) return unknowable(here_path);
        if (!facts.damaged && facts.state != state && facts.highest > 0) return another(here_path, facts.highest);
        if (!facts.damaged && facts.state == state && facts.highest > known.value()) return older(here_path, facts.highest, known);
    }
    if (vouched && (*there)->highest > known.value()) return older(there_path, (*there)->highest, known);
    return std::nullopt;
}

Witness::Witness(const Settings& settings, store::Store& store, Places& places)
    : store_{store},
      places_{places},
      state_{store.notes.fact("state_id").value_or("unnamed")},
      here_{here_in(settings.config), std::nullopt},
      there_{places.marker(), std::nullopt} {}

void Witness::recover(Instant now) {
    const auto known = store_.attempts.highest();
    const auto reason = judge(known);
    highest_ = std::max(highest_, known);
    if (reason && !seeded("restore-unnoticed")) {
        log::error("quarantine: {}. Nothing is submitted until `motionspool quarantine end`; `motionspool quarantine show` tells what that means", *reason);
        store_.notes.set_fact("quarantine", *reason);
    } else if (const auto lasting = store_.notes.fact("quarantine"))
        log::warn("still in quarantine, nothing is submitted: {}", *lasting);
    bool all = true;
    for (const auto& task : tasks_) all = adopt(task, now) && all;
    if (!all) tasks_.clear();  // the files keep them: the database that knows their submissions may be put back yet
}

std::optional<std::string> Witness::judge(AttemptId known) {
    const auto here = system::read_witness(here_.path), there = system::read_witness(there_.path);
    const bool vouched = there && *there && !(*there)->damaged && (*there)->state == state_;
    if (vouched) take_in(**there);
    if (vouched) confirmed_ = AttemptId{(*there)->highest};
    behind_ = store_.notes.fact("output_confirmed").has_value();
    if (!here) log::error("{}; nothing is submitted until it can be", here.problem().text);  // armed() sees to that
    const bool damaged = here && *here && (*here)->damaged;
    if (damaged && !vouched) return unknowable(here_.path);
    const bool foreign = here && *here && !damaged && (*here)->state != state_;
    if (foreign && (*here)->highest > 0) {
        highest_ = std::max(highest_, AttemptId{(*here)->highest});
        return another(here_.path, (*here)->highest);
    }
    if (damaged || foreign) {
        log::warn("the money side-file {} is made anew", here_.path.string());
        if (const auto made = system::replace_witness(here_.path, {state_, known.value(), {}}); !made) log::warn("{}", made.problem().text);
    } else if (here && *here) {
        take_in(**here);
        if ((*here)->highest > known.value()) return older(here_.path, (*here)->highest, known);
    }
    if (vouched && (*there)->highest > known.value()) return older(there_.path, (*there)->highest, known);
    return std::nullopt;
}

void Witness::take_in(const system::WitnessFacts& facts) {
    highest_ = std::max(highest_, AttemptId{facts.highest});
    for (const auto& task : facts.tasks) {
        if (std::ranges::find(tasks_, task) == tasks_.end()) tasks_.push_back(task);
    }
}

bool Witness::adopt(const system::WitnessTask& kept, Instant now) {
    const AttemptId id{kept.attempt};
    const auto attempt = store_.attempts.get(id);
    if (store_.attempts.with_task(kept.task)) return true;
    const auto change = attempt ? adoption(*attempt, kept.task) : std::nullopt;
    if (change && store_.attempts.change(id, *change, now)) {
        log::warn("task {} was paid for by submission {}; the money side-file kept it, and it is followed now", kept.task, kept.attempt);
        return true;
    }
    if (attempt && attempt->state == AttemptState::written_off) {
        store_.hints.add(id, kept.task, std::nullopt, now, 8);  // looked into as if a callback had named it
        return true;
    }
    log::error("task {} was paid for by submission {}, which {}; look at it in the provider's log", kept.task, kept.attempt,
               attempt ? "is " + std::string{to_string(attempt->state)} + " here" : "this database does not know");
    return attempt.has_value();
}

void Witness::forget_adopted() {
    if (tasks_.empty()) return;
    for (auto* copy : {&here_, &there_}) {
        if (!may_touch(*copy)) continue;
        auto opened = open(*copy);
        const auto forgotten = opened ? system::forget_tasks(*copy->open) : opened;
        if (!forgotten) complain(*copy, forgotten.problem());
    }
    tasks_.clear();
}

Done Witness::armed(AttemptId id) {
    if (id <= written_) return done();
    const auto mark = store_.commits.pending() ? id : std::max(id, store_.attempts.highest());  // all of them are durable: one write for a whole turn's
    highest_ = std::max(highest_, mark);
    if (auto written = write(here_, mark); !written) return written;
    if (may_touch(there_)) {
        const auto written = write(there_, mark);
        if (!written) complain(there_, written.problem());
        written ? output_knows(mark) : output_falls_behind();
    }
    written_ = mark;
    return done();
}

void Witness::output_knows(AttemptId id) {
    confirmed_ = id;
    if (std::exchange(behind_, false)) store_.notes.forget_fact("output_confirmed");
}

void Witness::output_falls_behind() {
    if (behind_ || !confirmed_) return;
    behind_ = true;
    store_.notes.set_fact("output_confirmed", std::to_string(confirmed_->value()));
}

void Witness::keep(AttemptId id, const std::string& task) {
    if (seeded("task-not-kept")) return;
    bool kept = false;
    for (auto* copy : {&here_, &there_}) {
        if (!may_touch(*copy)) continue;
        auto opened = open(*copy);
        const auto written = opened ? system::write_task(*copy->open, {id.value(), task}) : opened;
        kept = kept || written;
        if (!written) log::error("{}", written.problem().text);
    }
    if (kept)
        log::error("task {} of submission {} could not be recorded; the money side-file keeps it, and it is adopted at the next start", task, id.value());
    else
        log::critical("task {} of submission {} is paid for and could not be written down anywhere; note it", task, id.value());
}

std::vector<system::WitnessTask> Witness::unknown_tasks(const Copy& copy) const {
    const auto read = system::read_witness(copy.path);
    if (!read || !*read || (*read)->state != state_) return {};
    auto tasks = (*read)->tasks;
    std::erase_if(tasks, [&](const system::WitnessTask& kept) { return store_.attempts.with_task(kept.task).has_value(); });
    return tasks;
}

Done Witness::accept_database() {
    system::WitnessFacts facts{state_, highest_.value(), unknown_tasks(here_)};  // the database that knows them may be put back yet
    for (const auto& task : may_touch(there_) ? unknown_tasks(there_) : std::vector<system::WitnessTask>{})
        if (std::ranges::find(facts.tasks, task) == facts.tasks.end()) facts.tasks.push_back(task);
    auto made = system::replace_witness(here_.path, facts);
    if (!made) return made.problem();
    here_.open = std::move(*made);
    there_.open.reset();
    if (!may_touch(there_)) return done();  // asked when it is back
    auto copy = system::replace_witness(there_.path, facts);
    if (copy) {
        there_.open = std::move(*copy);
        output_knows(highest_);
    } else
        complain(there_, copy.problem());
    return done();
}

std::vector<AttemptId> Witness::output_returned(Instant now) {
    there_ = {there_.path, std::nullopt, false};
    behind_ = store_.notes.fact("output_confirmed").has_value();
    if (const auto opened = open(there_); !opened) {
        complain(there_, opened.problem());
        return {};
    }
    confirmed_ = AttemptId{there_.open->facts.highest};
    std::vector<AttemptId> adopted;
    for (const auto& task : there_.open->facts.tasks) {
        const bool known = store_.attempts.with_task(task.task).has_value();
        if (adopt(task, now) && !known && store_.attempts.with_task(task.task)) adopted.emplace_back(task.attempt);
    }
    return adopted;
}

Done Witness::open(Copy& copy) {
    if (copy.open) return done();
    auto opened = system::open_witness(copy.path, state_);
    if (!opened) return opened.problem();
    const auto& facts = opened->facts;
    if (facts.state != state_ || facts.highest > std::max(highest_, store_.attempts.highest()).value()) {
        const auto reason = older(copy.path, facts.highest, store_.attempts.highest());
        log::error("quarantine: {}", reason);
        store_.notes.set_fact("quarantine", reason);
        highest_ = std::max(highest_, AttemptId{facts.highest});
        return Problem{reason};
    }
    copy.open = std::move(*opened);
    return done();
}

Done Witness::write(Copy& copy, AttemptId id) {
    if (auto opened = open(copy); !opened) return opened;
    auto written = system::write_highest(*copy.open, id.value());
    if (!written) copy.open.reset();
    return written;
}

void Witness::complain(Copy& copy, const Problem& problem) const {
    if (!copy.complained) log::warn("{}; the one in the state directory goes on alone", problem.text);
    copy.complained = true;
}

}  // namespace motionspool::app
