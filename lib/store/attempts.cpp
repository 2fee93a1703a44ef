#include "store/attempts.hpp"
#include "base/seeded.hpp"
#include "store/values.hpp"

namespace motionspool::store {
using domain::AttemptState;
using domain::Entry;
using domain::JobState;

namespace {
constexpr const char* columns =
    "SELECT id, job, stage, state, request, estimate, armed, boot, armed_boot, answer_boot, task, outcome, result_url, consumed, callback, key FROM attempts ";
constexpr const char* open = "(state = 'armed' OR state = 'submitted' OR state = 'uncertain' OR state = 'overdue')";
constexpr const char* sums =
    "SELECT coalesce(sum(CASE entry WHEN 'reserve' THEN amount WHEN 'release' THEN -amount WHEN 'settle' THEN -(SELECT r.amount FROM ledger r "
    "WHERE r.attempt = ledger.attempt AND r.entry = 'reserve') ELSE 0 END), 0), "
    "coalesce(sum(CASE WHEN entry IN ('settle', 'adjust') THEN amount ELSE 0 END), 0) FROM ledger ";

Attempt read(Use& use) {
    Attempt a;
    a.id = AttemptId{use.number(0)};
    a.job = JobId{use.number(1)};
    a.stage = stage_of(use.text(2));
    a.state = domain::attempt_state(use.text(3)).value();
    a.request = use.text(4);
    a.estimate = use.credits(5);
    a.armed = use.instant(6);
    a.boot = use.text(7);
    a.armed_boot = BootTime{std::chrono::milliseconds{use.number(8)}};
    if (!use.null(9)) a.answered = BootTime{std::chrono::milliseconds{use.number(9)}};
    a.task = use.maybe_text(10);
    a.outcome = use.maybe_text(11);
    a.result_url = use.maybe_text(12);
    if (!use.null(13)) a.consumed = use.credits(13);
    a.callback = use.maybe_text(14);
    a.key = use.text(15);
    return a;
}

Entry entry_named(const std::string& text) {
    for (const auto entry : {Entry::reserve, Entry::release, Entry::settle}) {
        if (to_string(entry) == text) return entry;
    }
    return Entry::adjust;
}

std::vector<Attempt> read_all(Use& use) {
    std::vector<Attempt> attempts;
    while (use.row()) attempts.push_back(read(use));
    return attempts;
}
}  // namespace

Attempts::Attempts(SQLite::Database& db, GroupCommit& group, Jobs& jobs, Accounts& accounts, Funds& funds)
    : db_{db},
      group_{group},
      jobs_{jobs},
      accounts_{accounts},
      funds_{funds},
      arm_{db,
           "INSERT INTO attempts (job, stage, state, request, estimate, armed, boot, armed_boot, callback, image, motion, key) VALUES (?, ?, 'armed', ?, ?, ?, "
           "?, "
           "?, ?, ?, ?, ?)"},
      render_{db, "UPDATE jobs SET render = ?2 WHERE id = ?1 AND render <> ?2"},
      unprint_{db, "UPDATE batches SET fingerprint = '' WHERE id = (SELECT i.batch FROM jobs j JOIN inputs i ON i.id = j.image WHERE j.id = ?)"},
      change_{db,
              "UPDATE attempts SET state = ?3, outcome = ?4, task = coalesce(?5, task), answer_boot = coalesce(answer_boot, ?6), consumed = coalesce(?7, "
              "consumed), "
              "result_url = coalesce(?8, result_url), closed = ?9, cause = coalesce(?10, cause), oddity = coalesce(?11, oddity), asked_late = 0 WHERE id = ?1 "
              "AND state = ?2"},
      enter_{db, "INSERT INTO ledger (attempt, entry, amount, estimated, day, at) VALUES (?, ?, ?, ?, ?, ?)"},
      stop_{db, "INSERT INTO meta (key, value) VALUES ('price_stop', ?2 || ' ' || ?1) ON CONFLICT (key) DO NOTHING"},  // beside a person's pause
      model_{db,
             "SELECT m.model, m.model <> coalesce((SELECT value FROM meta WHERE key = 'model'), m.model) FROM (SELECT coalesce(iif(json_valid(request), "
             "json_extract(request, '$.model'), ''), '') AS model FROM attempts WHERE id = ?) m"},
      entries_{db, "SELECT entry, amount FROM ledger WHERE attempt = ? ORDER BY id"},
      day_{db, "SELECT day FROM ledger WHERE attempt = ? AND entry = 'reserve'"},
      get_{db, std::string{columns} + "WHERE id = ?"},
      last_of_{db, std::string{columns} + "WHERE job = ? ORDER BY id DESC LIMIT 1"},
      with_task_{db, std::string{columns} + "WHERE task = ?"},
      with_callback_{db, std::string{columns} + "WHERE callback = ?"},
      of_{db, std::string{columns} + "WHERE job = ? ORDER BY id"},
      open_of_{db, std::string{columns} + "WHERE job = ? AND (state = 'armed' OR state = 'submitted' OR state = 'uncertain')"},
      rendered_{db,
                std::string{columns} + "WHERE job = ? AND stage = ? AND state = 'succeeded' AND result_url IS NOT NULL ORDER BY unusable, closed, id LIMIT 1"},
      running_{db,
               "SELECT (SELECT count(*) FROM attempts WHERE state = 'armed') + (SELECT count(*) FROM attempts WHERE state = 'submitted'), "
               "count(*), min(iif(boot = ?1, armed_boot, 0)) FROM attempts WHERE state = 'uncertain' AND iif(boot = ?1, armed_boot, 0) > ?2"},
      unanswered_{db, "SELECT count(*) FROM attempts WHERE state = 'armed'"},
      latest_{db, std::string{columns} + "WHERE state <> 'not_sent' ORDER BY id DESC LIMIT ?"},
      in_state_{db,
                std::string{columns} + "WHERE state = ? AND (state = 'armed' OR state = 'submitted' OR state = 'uncertain' OR state = 'overdue') ORDER BY id"},
      overdue_{db, std::string{columns} + "WHERE state = 'overdue' AND asked_late < ? ORDER BY id"},
      totals_{db, sums},
      totals_of_{db, std::string{sums} + "WHERE attempt IN (SELECT id FROM attempts WHERE job = ?)"},
      highest_{db, "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'attempts'"},
      answered_{db,
                "SELECT coalesce((SELECT id FROM attempts WHERE state = 'submitted' OR state = 'succeeded' OR state = 'failed' OR state = 'refused' OR state = "
                "'overdue' ORDER BY id DESC LIMIT 1), 0)"},
      skip_{db, "INSERT INTO sqlite_sequence (name, seq) VALUES ('attempts', ?)"},
      oddities_{db, "SELECT count(oddity) FROM attempts WHERE job = ?1 AND stage = ?2 AND oddity = ?3 AND id > (SELECT odd_after FROM jobs WHERE id = ?1)"},
      asked_late_{db, "UPDATE attempts SET asked_late = asked_late + 1 WHERE id = ? AND state = 'overdue'"},
      others_{db, std::string{"SELECT coalesce(sum(key <> ''), 0), coalesce(sum(state <> 'uncertain'), 0) FROM attempts INDEXED BY attempts_open WHERE "} +
                      open + " AND state <> 'armed' AND key <> ?1 AND asked_late < ?2"},
      take_key_{db, std::string{"UPDATE attempts INDEXED BY attempts_open SET key = ?2 WHERE key = ?1 AND "} + open},
      take_one_key_{db, "UPDATE attempts SET key = ?2 WHERE id = ?1"},
      put_off_{db,
               "INSERT INTO task_troubles (job, text, until, since, why) SELECT ?1, ?2, ?3, ?4, ?5 FROM attempts WHERE job = ?1 AND state = 'submitted' "
               "ON CONFLICT (job) DO UPDATE SET text = ?2, until = ?3, why = ?5 WHERE why = 'refused' OR ?5 = 'unknown'"},
      known_{db, "DELETE FROM task_troubles WHERE job = ?"},
      troubled_{db, "SELECT 1 FROM task_troubles WHERE job = ?"},
      unknown_{db, "SELECT 1 FROM task_troubles WHERE job = ? AND why = 'unknown'"},
      count_unknown_{db, "SELECT count(*) FROM task_troubles WHERE why = 'unknown'"} {}

std::optional<AttemptId> Attempts::arm(const NewAttempt& a) {
    Change change{db_, group_};
    if (!jobs_.step(a.job, JobStep{.from = JobState::queued, .to = JobState::submitting}, "submitting, " + in_words(a.estimate) + " reserved", a.armed))
        return std::nullopt;
    Use{arm_, a.job, to_string(a.stage), a.request, a.estimate, a.armed, a.boot, a.armed_boot, a.callback, a.image, a.motion, a.key}.run();
    const AttemptId id{db_.getLastInsertRowid()};
    if (!a.render.empty() && Use{render_, a.job, a.render}.run() == 1) Use{unprint_, a.job}.run();  // of another model: made anew before a drop is taken
    accounts_.book(id, a.accounts);
    const auto reserve = domain::entry_for({}, std::nullopt, AttemptState::armed, a.estimate, std::nullopt);
    enter(id, *reserve, a.day, a.armed);
    change.keep();
    return id;
}

bool Attempts::change(AttemptId id, const AttemptChange& c, Instant now) {
    Change change{db_, group_};
    const auto attempt = get(id);
    if (!attempt || attempt->state != c.from) return false;
    if (domain::is_open(c.to) && !domain::is_open(c.from) && open_of(attempt->job)) return false;
    const auto entry = domain::entry_for(account(id), c.from, c.to, attempt->estimate, c.consumed);
    std::optional<Instant> closed;
    if (!domain::is_open(c.to)) closed = now;
    const auto cause = c.to == AttemptState::succeeded ? std::optional{std::string{}} : c.cause;
    std::optional<std::string> oddity;
    if (c.oddity) oddity = to_string(*c.oddity);
    Use{change_, id, to_string(c.from), to_string(c.to), c.event, c.task, c.answered, c.consumed, c.result_url, closed, cause, oddity}.run();
    if (c.from == AttemptState::submitted) Use{known_, attempt->job}.run();
    if (!c.job)
        jobs_.note(attempt->job, c.event, now);
    else if (!jobs_.step(attempt->job, *c.job, c.event, now)) {
        if (jobs_.get(attempt->job)->state != JobState::cancelled) return false;
        jobs_.note(attempt->job, c.event, now);
    }
    if (entry) {
        Use day{day_, id};
        (void)day.row();
        enter(id, *entry, day.text(0), now);
        if (c.consumed) learn_price(*attempt, c.to == AttemptState::succeeded, now);
    }
    change.keep();
    return true;
}

void Attempts::learn_price(const Attempt& attempt, bool whole, Instant now) {
    const auto cost = account(attempt.id).spent;
    const auto job = jobs_.get(attempt.job);
    const domain::Prices configured = prices();
    Use model{model_, attempt.id};
    (void)model.row();
    const bool another = model.number(1) != 0;  // whose price the configuration does not tell any more
    const auto expected = another ? attempt.estimate : domain::estimate(job->length, job->mode, configured);
    if (domain::beyond_belief(cost, attempt.estimate, expected)) return stop_for(attempt, *job, cost, now);
    const auto before = funds_.learned(model.text(0), job->mode);
    const auto priced = [&](const domain::Learned& learned) { return domain::price(domain::whole_seconds(job->length), job->mode, configured, learned); };
    if (!whole && cost <= priced(before)) return;
    const auto after = domain::learn(before, {job->length, cost});
    if (after != before) funds_.learned(model.text(0), job->mode, after);
    if (cost > attempt.estimate)
        jobs_.note(attempt.job,
                   "cost " + in_words(cost) + ", more than the " + to_string(attempt.estimate) + " reserved" +
                       (priced(after) > priced(before) ? "; later estimates are raised by that" : ""),
                   now);
}

void Attempts::stop_for(const Attempt& attempt, const Job& job, Credits cost, Instant now) {
    const auto what = "cost " + in_words(cost) + " and was estimated at " + to_string(attempt.estimate);
    jobs_.note(job.id, what + "; nothing more is submitted until `motionspool resume`", now);
    const auto name = job.batch_name + "/" + job.name;
    const auto remedy = "; compare the account's history at the provider, and set credits.per_second or credits.minimum if that is the price now";
    Use{stop_, name + " " + what + remedy, now}.run();
    stopped(name + " " + what + "; nothing more is submitted until `motionspool resume`" + remedy);
}

std::size_t Attempts::recover(Instant now) {
    const auto armed = in_state(AttemptState::armed);
    for (const auto& attempt : armed) {
        const AttemptChange lost{.from = AttemptState::armed,
                                 .to = AttemptState::uncertain,
                                 .event = "uncertain: the daemon ended before the provider's answer was recorded",
                                 .job = JobStep{.from = JobState::submitting, .to = JobState::uncertain}};
        if (seeded("armed-is-unsent")) {
            (void)change(
                attempt.id,
                {.from = AttemptState::armed, .to = AttemptState::not_sent, .event = {}, .job = JobStep{.from = JobState::submitting, .to = JobState::queued}},
                now);
            continue;
        }
        if (!change(attempt.id, lost, now)) throw std::logic_error("attempt " + std::to_string(attempt.id.value()) + " is armed and its job is not submitting");
    }
    return armed.size();
}

void Attempts::enter(AttemptId id, const domain::LedgerEntry& entry, const std::string& day, Instant at) {
    const auto before = account(id);
    const auto after = domain::apply(before, entry);
    Use{enter_, id, to_string(entry.entry), entry.amount, entry.estimated ? 1 : 0, day, at}.run();
    accounts_.moved(id, before, after);
}

domain::Account Attempts::account(AttemptId id) {
    domain::Account account;
    Use use{entries_, id};
    while (use.row()) account = domain::apply(account, {entry_named(use.text(0)), use.credits(1), false});
    return account;
}

AttemptId Attempts::highest() {
    Use use{highest_};
    (void)use.row();
    return AttemptId{use.number(0)};
}

AttemptId Attempts::highest_sent() {
    Use use{answered_};
    (void)use.row();
    return AttemptId{use.number(0)};
}

void Attempts::skip_to(AttemptId id) {
    if (id <= highest()) return;
    Change change{db_, group_};
    db_.exec("DELETE FROM sqlite_sequence WHERE name = 'attempts'");
    Use{skip_, id}.run();
    change.keep();
}

std::optional<Attempt> Attempts::get(AttemptId id) {
    Use use{get_, id};
    if (!use.row()) return std::nullopt;
    return read(use);
}

std::optional<Attempt> Attempts::last_of(JobId job) {
    Use use{last_of_, job};
    if (!use.row()) return std::nullopt;
    return read(use);
}

std::optional<Attempt> Attempts::with_task(const std::string& task) {
    Use use{with_task_, task};
    if (!use.row()) return std::nullopt;
    return read(use);
}

std::optional<Attempt> Attempts::with_callback(const std::string& hash) {
    Use use{with_callback_, hash};
    if (!use.row()) return std::nullopt;
    return read(use);
}

std::optional<Attempt> Attempts::open_of(JobId job) {
    Use use{open_of_, job};
    if (!use.row()) return std::nullopt;
    return read(use);
}

int Attempts::oddities(JobId job, domain::Stage stage, domain::Oddity oddity) {
    Use use{oddities_, job, to_string(stage), to_string(oddity)};
    (void)use.row();
    return static_cast<int>(use.number(0));
}

std::optional<Attempt> Attempts::rendered(JobId job, domain::Stage stage) {
    Use use{rendered_, job, to_string(stage)};
    if (!use.row()) return std::nullopt;
    return read(use);
}

std::vector<std::string> Attempts::callback_urls() {
    SQLite::Statement statement{db_,
                                "SELECT DISTINCT json_extract(request, '$.callBackUrl') FROM attempts INDEXED BY attempts_open WHERE (state = 'armed' OR state "
                                "= 'submitted' OR state = 'uncertain' OR state = 'overdue') AND callback IS NOT NULL AND json_valid(request)"};
    std::vector<std::string> urls;
    Use use{statement};
    while (use.row()) {
        if (!use.null(0)) urls.push_back(use.text(0));
    }
    return urls;
}

std::vector<Attempt> Attempts::of(JobId job) {
    Use use{of_, job};
    return read_all(use);
}

Attempts::Running Attempts::running(const std::string& boot, BootTime uncertain_since) {
    Use use{running_, boot, uncertain_since};
    (void)use.row();
    Running running{static_cast<std::size_t>(use.number(0)), static_cast<std::size_t>(use.number(1)), std::nullopt};
    if (!use.null(2)) running.first = BootTime{std::chrono::milliseconds{use.number(2)}};
    return running;
}

std::size_t Attempts::unanswered() {
    Use use{unanswered_};
    (void)use.row();
    return static_cast<std::size_t>(use.number(0));
}

Attempts::OfOthers Attempts::of_other_keys(const std::string& key, int questions) {
    Use use{others_, key, questions};
    (void)use.row();
    return {static_cast<std::size_t>(use.number(0)), static_cast<std::size_t>(use.number(1))};
}

void Attempts::asked_late(AttemptId id) {
    Change change{db_, group_};
    Use{asked_late_, id}.run();
    change.keep();
}

void Attempts::take_key(const Attempt& attempt, const std::string& key) {
    Change change{db_, group_};
    if (attempt.key.empty())
        Use{take_one_key_, attempt.id, key}.run();
    else
        Use{take_key_, attempt.key, key}.run();
    change.keep();
}

void Attempts::put_off(JobId job, Trouble why, const std::string& text, Instant until, Instant now) {
    Change change{db_, group_};
    Use{put_off_, job, text, until, now, why == Trouble::unknown ? "unknown" : "refused"}.run();
    change.keep();
}

void Attempts::known(JobId job) {
    Change change{db_, group_};
    Use{known_, job}.run();
    change.keep();
}

bool Attempts::troubled(JobId job) { return Use{troubled_, job}.row(); }
bool Attempts::unknown(JobId job) { return Use{unknown_, job}.row(); }

std::size_t Attempts::unknown() {
    Use use{count_unknown_};
    (void)use.row();
    return static_cast<std::size_t>(use.number(0));
}

std::vector<Attempt> Attempts::latest(int count) {
    Use use{latest_, count};
    return read_all(use);
}

std::vector<Attempt> Attempts::in_state(AttemptState state) {
    Use use{in_state_, to_string(state)};
    return read_all(use);
}

std::vector<Attempt> Attempts::overdue(int questions) {
    Use use{overdue_, questions};
    return read_all(use);
}

Attempts::Totals Attempts::totals() {
    Use use{totals_};
    (void)use.row();
    return {use.credits(0), use.credits(1)};
}

Attempts::Totals Attempts::totals_of(JobId job) {
    Use use{totals_of_, job};
    (void)use.row();
    return {use.credits(0), use.credits(1)};
}

}  // namespace motionspool::store
