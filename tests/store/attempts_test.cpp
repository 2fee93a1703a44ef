#include <doctest/doctest.h>
#include <algorithm>
#include <tuple>
#include "memory.hpp"

namespace motionspool::store {
namespace {
using namespace test;

struct Fixture : Memory {
    JobId id = job("wave");
    std::int64_t rows(const std::string& table) { return number("SELECT count(*) FROM " + table); }
};

TEST_CASE_FIXTURE(Fixture, "ARMED is one change: the attempt, its reservation, the job's step and its line in the log") {
    const auto attempt = arm(id);
    REQUIRE(attempt);
    reopen();
    const auto row = store->attempts.get(*attempt);
    REQUIRE(row);
    CHECK(row->state == AttemptState::armed);
    CHECK(row->job == id);
    CHECK(row->request == "{}");
    CHECK(row->estimate == 44_credits);
    CHECK(row->armed == t0);
    CHECK(row->boot == "boot-1");
    CHECK(row->armed_boot == BootTime{100s});
    CHECK_FALSE(row->answered);
    CHECK_FALSE(row->task);
    CHECK(state(id) == JobState::submitting);
    CHECK(store->attempts.account(*attempt) == domain::Account{44_credits, 0_credits, false});
    CHECK(text("SELECT day FROM ledger") == "2026-11-24");
    const auto events = store->views.events(id);
    REQUIRE(events.size() == 1);
    CHECK(events[0].what == "submitting, 44 credits reserved");
    CHECK(events[0].at == t0);
}

TEST_CASE_FIXTURE(Fixture, "a job that is not queued is not armed, and nothing is left of it") {
    REQUIRE(step(id, JobState::queued, JobState::cancelled));
    const auto events = rows("events");
    CHECK_FALSE(arm(id));
    CHECK(rows("attempts") == 0);
    CHECK(rows("ledger") == 0);
    CHECK(rows("events") == events);
    CHECK(state(id) == JobState::cancelled);
}

TEST_CASE_FIXTURE(Fixture, "a second ARMED while an attempt is open is refused, whatever the job's state says") {
    const auto first = arm(id);
    CHECK_FALSE(arm(id));
    for (const auto* open : {"armed", "submitted", "uncertain"}) {
        INFO(open);
        store->db->exec(std::string{"UPDATE attempts SET state = '"} + open + "'; UPDATE jobs SET state = 'queued'");
        const auto events = rows("events"), entries = rows("ledger");
        CHECK_THROWS_AS((void)arm(id), SQLite::Exception);
        CHECK(state(id) == JobState::queued);
        CHECK(rows("attempts") == 1);
        CHECK(rows("events") == events);
        CHECK(rows("ledger") == entries);
    }
    for (const auto* closed : {"not_sent", "refused", "succeeded", "failed", "overdue", "written_off"}) {
        INFO(closed);
        store->db->exec(std::string{"UPDATE attempts SET state = '"} + closed + "'; UPDATE jobs SET state = 'queued'");
        const auto again = arm(id);
        CHECK(again);
        CHECK(again->value() > first->value());
    }
}

TEST_CASE_FIXTURE(Fixture, "an answer is taken once: attempt, job and ledger go together") {
    const auto attempt = *arm(id);
    CHECK(submit(attempt, "t1"));
    CHECK_FALSE(submit(attempt, "t2"));
    CHECK(store->attempts.get(attempt)->task == "t1");
    CHECK(store->attempts.get(attempt)->answered == BootTime{101s});
    CHECK(store->attempts.get(attempt)->outcome == "submitted: task t1");
    CHECK(state(id) == JobState::running);
    CHECK(store->attempts.account(attempt).reserved == 44_credits);
    CHECK(number("SELECT closed IS NULL FROM attempts") == 1);
    CHECK(store->attempts.with_task("t1")->id == attempt);
    CHECK_FALSE(store->attempts.with_task("t2"));
}

TEST_CASE_FIXTURE(Fixture, "a change from a state where the attempt or the job is not, leaves nothing") {
    const auto attempt = *arm(id);
    const auto events = rows("events");
    CHECK_FALSE(move(attempt, AttemptState::submitted, AttemptState::succeeded, JobState::running, JobState::downloading, 40_credits));
    CHECK_FALSE(move(attempt, AttemptState::armed, AttemptState::refused, JobState::running, JobState::failed));  // the job is submitting
    CHECK_FALSE(move(AttemptId{4711}, AttemptState::armed, AttemptState::refused, JobState::submitting, JobState::queued));
    CHECK(store->attempts.get(attempt)->state == AttemptState::armed);
    CHECK(state(id) == JobState::submitting);
    CHECK(rows("ledger") == 1);
    CHECK(rows("events") == events);
    CHECK(number("SELECT closed IS NULL AND outcome IS NULL FROM attempts") == 1);
}

TEST_CASE_FIXTURE(Fixture, "a transition that a table does not have is a programming error, and leaves nothing") {
    const auto attempt = *arm(id);
    CHECK_THROWS_AS(move(attempt, AttemptState::armed, AttemptState::succeeded, JobState::submitting, JobState::running), std::logic_error);
    CHECK_THROWS_AS(move(attempt, AttemptState::armed, AttemptState::refused, JobState::submitting, JobState::done), std::logic_error);
    CHECK_THROWS_AS(step(id, JobState::done, JobState::queued), std::logic_error);
    CHECK(store->attempts.get(attempt)->state == AttemptState::armed);
    CHECK(state(id) == JobState::submitting);
    CHECK(rows("ledger") == 1);
}

TEST_CASE_FIXTURE(Fixture, "one task belongs to one attempt") {
    const auto other = job("jump");
    REQUIRE(submit(*arm(id), "t1"));
    const auto second = *arm(other);
    CHECK_THROWS_AS(submit(second, "t1"), SQLite::Exception);
    CHECK(store->attempts.get(second)->state == AttemptState::armed);
    CHECK(state(other) == JobState::submitting);
    CHECK(store->attempts.with_task("t1")->job == id);
}

TEST_CASE_FIXTURE(Fixture, "a success keeps its result and settles what it consumed") {
    const auto attempt = *arm(id);
    submit(attempt, "t1");
    CHECK(store->attempts.change(attempt,
                                 {.from = AttemptState::submitted,
                                  .to = AttemptState::succeeded,
                                  .event = "rendered",
                                  .task = {},
                                  .answered = {},
                                  .consumed = Credits::from_milli(40'500),
                                  .result_url = "https://x/out.mp4",
                                  .job = JobStep{.from = JobState::running, .to = JobState::downloading, .error = {}, .not_before = {}}},
                                 t0 + 3min));
    reopen();
    const auto row = *store->attempts.get(attempt);
    CHECK(row.state == AttemptState::succeeded);
    CHECK(row.task == "t1");
    CHECK(row.answered == BootTime{101s});
    CHECK(row.result_url == "https://x/out.mp4");
    CHECK(row.consumed == Credits::from_milli(40'500));
    CHECK(number("SELECT closed FROM attempts") == (t0 + 3min).time_since_epoch().count());
    CHECK(store->attempts.account(attempt) == domain::Account{0_credits, Credits::from_milli(40'500), true});
    CHECK(number("SELECT estimated FROM ledger WHERE entry = 'settle'") == 0);
}

TEST_CASE_FIXTURE(Fixture, "late evidence opens a written-off attempt again and corrects its cost") {
    const auto attempt = *arm(id);
    lose(attempt);
    CHECK(move(attempt, AttemptState::uncertain, AttemptState::written_off, JobState::uncertain, JobState::failed));
    CHECK(number("SELECT estimated FROM ledger WHERE entry = 'settle'") == 1);
    CHECK(number("SELECT closed IS NOT NULL FROM attempts") == 1);
    CHECK(move(attempt, AttemptState::written_off, AttemptState::submitted, JobState::failed, JobState::running));
    CHECK(number("SELECT closed IS NULL FROM attempts") == 1);
    CHECK(move(attempt, AttemptState::submitted, AttemptState::succeeded, JobState::running, JobState::downloading, 50_credits));
    CHECK(store->attempts.account(attempt) == domain::Account{0_credits, 50_credits, true});
    CHECK(store->attempts.totals().spent == 50_credits);
    CHECK(store->attempts.totals().reserved == 0_credits);
}

TEST_CASE_FIXTURE(Fixture, "the totals are what the accounts add up to") {
    const auto other = job("jump"), third = job("nod"), fourth = job("spin");
    submit(*arm(id), "t1");
    const auto failing = *arm(other, 10_credits);
    submit(failing, "t2");
    move(failing, AttemptState::submitted, AttemptState::failed, JobState::running, JobState::queued, 0_credits);
    const auto again = *arm(other, 20_credits);
    submit(again, "t3");
    move(again, AttemptState::submitted, AttemptState::succeeded, JobState::running, JobState::downloading, 25_credits);
    move(*arm(third, 7_credits), AttemptState::armed, AttemptState::refused, JobState::submitting, JobState::failed);
    lose(*arm(fourth, 3_credits));
    CHECK(store->attempts.totals().reserved == 47_credits);
    CHECK(store->attempts.totals().spent == 25_credits);
    CHECK(store->attempts.totals_of(id).reserved == 44_credits);
    CHECK(store->attempts.totals_of(other).reserved == 0_credits);
    CHECK(store->attempts.totals_of(other).spent == 25_credits);
    CHECK(store->attempts.totals_of(third).reserved == 0_credits);
    CHECK(store->attempts.of(other).size() == 2);
    CHECK(store->attempts.last_of(other)->id == again);
}

TEST_CASE_FIXTURE(Fixture, "the ledger is append-only, and has one reservation and one close an attempt") {
    const auto attempt = *arm(id);
    const auto refuses = [&](const std::string& sql) { CHECK_THROWS_AS(store->db->exec(sql), SQLite::Exception); };
    CHECK_THROWS_WITH(store->db->exec("UPDATE ledger SET amount = 0"), "the ledger is append-only");
    CHECK_THROWS_WITH(store->db->exec("DELETE FROM ledger"), "the ledger is append-only");
    const auto insert = [&](const std::string& entry) {
        return "INSERT INTO ledger (attempt, entry, amount, estimated, day, at) VALUES (" + std::to_string(attempt.value()) + ", '" + entry + "', 1, 0, '', 0)";
    };
    refuses(insert("reserve"));
    refuses(insert("gift"));
    store->db->exec(insert("settle"));
    refuses(insert("settle"));
    refuses(insert("release"));
    CHECK(rows("ledger") == 2);
}

TEST_CASE_FIXTURE(Fixture, "at start every armed attempt becomes uncertain, nothing else does, and its place in the window stays") {
    const auto other = job("jump"), third = job("nod");
    const auto armed = *arm(id);
    submit(*arm(other), "t1");
    lose(*arm(third));
    reopen();
    CHECK(store->attempts.recover(t0 + 1h) == 1);
    CHECK(store->attempts.recover(t0 + 1h) == 0);
    const auto row = *store->attempts.get(armed);
    CHECK(row.state == AttemptState::uncertain);
    CHECK_FALSE(row.answered);
    CHECK(state(id) == JobState::uncertain);
    CHECK(state(other) == JobState::running);
    CHECK(state(third) == JobState::uncertain);
    CHECK(store->attempts.account(armed).reserved == 44_credits);
    CHECK(store->views.events(id).back().what == "uncertain: the daemon ended before the provider's answer was recorded");
    CHECK_FALSE(arm(id));
}

TEST_CASE_FIXTURE(Fixture, "an ARMED that was not committed has not happened") {
    turn();
    REQUIRE(arm(id));
    crash();
    CHECK(state(id) == JobState::queued);
    CHECK(rows("attempts") == 0);
    CHECK(store->attempts.recover(t0) == 0);
}

TEST_CASE_FIXTURE(Fixture, "attempt numbers are never given twice, even to one that is gone") {
    const auto attempt = *arm(id);
    store->db->exec("DROP TRIGGER ledger_stays; DELETE FROM ledger; DELETE FROM attempts; UPDATE jobs SET state = 'queued'");
    CHECK(arm(id)->value() > attempt.value());
}

TEST_CASE_FIXTURE(Fixture, "the rate window asks for the newest that may have reached the server") {
    std::vector<std::int64_t> expected;
    for (int i = 0; i < 5; i++) {
        const auto attempt = *arm(i == 0 ? id : job("n" + std::to_string(i)));
        if (i == 3)
            move(attempt, AttemptState::armed, AttemptState::not_sent, JobState::submitting, JobState::queued);
        else if (i == 2)
            move(attempt, AttemptState::armed, AttemptState::refused, JobState::submitting, JobState::queued);
        if (i != 3) expected.insert(expected.begin(), attempt.value());
    }
    std::vector<std::int64_t> latest;
    for (const auto& attempt : store->attempts.latest(10)) latest.push_back(attempt.id.value());
    CHECK(latest == expected);
    CHECK(store->attempts.latest(2).size() == 2);
    CHECK(store->attempts.latest(2)[0].id.value() == expected[0]);
}

TEST_CASE_FIXTURE(Fixture,
                  "which key made an attempt is remembered; a key that knows a task takes all of the one that made it, but of unknown ones that task's alone") {
    const auto made_by = [&](const char* key, const char* name) {
        const auto attempt = *arm(job(name));
        submit(attempt, name);
        store->db->exec("UPDATE attempts SET key = '" + std::string{key} + "' WHERE id = " + std::to_string(attempt.value()));
        return attempt;
    };
    const auto one = made_by("old", "t1"), two = made_by("old", "t2"), before = made_by("", "t3"), also = made_by("", "t4"), mine = made_by("mine", "t5");
    const auto gone = made_by("old", "t6"), late = made_by("other", "t7");
    move(gone, AttemptState::submitted, AttemptState::succeeded, JobState::running, JobState::downloading, 40_credits);
    move(late, AttemptState::submitted, AttemptState::overdue, JobState::running, JobState::failed);
    lose(*arm(job("t8")));
    const auto others = [&](int questions) {
        const auto found = store->attempts.of_other_keys("mine", questions);
        return std::pair{found.named, found.asked};
    };
    CHECK(others(1) == std::pair<std::size_t, std::size_t>{3, 5});
    store->attempts.asked_late(late);
    store->attempts.asked_late(one);  // is under way
    CHECK(others(1) == std::pair<std::size_t, std::size_t>{2, 4});
    store->attempts.take_key(*store->attempts.get(one), "mine");
    store->attempts.take_key(*store->attempts.get(before), "mine");
    const auto key = [&](AttemptId of) { return store->attempts.get(of)->key; };
    CHECK(key(two) == "mine");
    CHECK(key(before) == "mine");
    CHECK(key(also).empty());
    CHECK(key(mine) == "mine");
    CHECK(key(gone) == "old");
    CHECK(others(2) == std::pair<std::size_t, std::size_t>{1, 2});
}

TEST_CASE_FIXTURE(Fixture, "the trouble of a task is told while it is under way, since when it is one, and goes with its end") {
    store->attempts.put_off(id, Attempts::Trouble::unknown, "too early", t0 + 1h, t0);  // there is no task
    CHECK_FALSE(store->attempts.unknown(id));
    const auto attempt = *arm(id);
    submit(attempt, "t1");
    CHECK(store->attempts.unknown() == 0);
    store->attempts.put_off(id, Attempts::Trouble::unknown, "not known", t0 + 1h, t0);
    store->attempts.put_off(id, Attempts::Trouble::unknown, "still not known", t0 + 2h, t0 + 1h);
    store->attempts.put_off(id, Attempts::Trouble::refused, "the key is refused", t0 + 3h, t0 + 2h);  // it is not known all the same
    CHECK(store->attempts.unknown(id));
    CHECK(store->attempts.unknown() == 1);
    reopen();
    const auto view = store->views.jobs({}).front();
    REQUIRE(view.trouble() != nullptr);
    CHECK(view.trouble()->text == "still not known");
    CHECK(view.trouble()->since == t0);
    CHECK(view.trouble()->until == t0 + 2h);
    move(attempt, AttemptState::submitted, AttemptState::overdue, JobState::running, JobState::failed);
    CHECK(store->attempts.unknown() == 0);
}

TEST_CASE_FIXTURE(Fixture, "an uncertain attempt counts as running until it is older than the deadline, one of an earlier boot from this one's start") {
    const auto lost = *arm(id);  // armed at 100 s of boot-1
    submit(*arm(job("jump")), "t1");
    arm(job("nod"));
    const auto overdue = *arm(job("spin"));
    submit(overdue, "t2");
    move(overdue, AttemptState::submitted, AttemptState::overdue, JobState::running, JobState::failed);
    using Counted = std::tuple<std::size_t, std::size_t, std::optional<BootTime>>;
    const auto running = [&](const std::string& boot, BootTime since) {
        const auto held = store->attempts.running(boot, since);
        return Counted{held.tasks, held.lost, held.first};
    };
    CHECK(running("boot-1", BootTime{0s}) == Counted{3, 0, std::nullopt});
    lose(lost);
    CHECK(running("boot-1", BootTime{99s}) == Counted{2, 1, BootTime{100s}});
    CHECK(running("boot-1", BootTime{100s}) == Counted{2, 0, std::nullopt});
    CHECK(running("boot-2", BootTime{-1s}) == Counted{2, 1, BootTime{0s}});
    CHECK(running("boot-2", BootTime{0s}) == Counted{2, 0, std::nullopt});
    REQUIRE(store->attempts.overdue(1).size() == 1);
    CHECK(store->attempts.overdue(1)[0].id == overdue);
    store->attempts.asked_late(overdue);
    CHECK(store->attempts.overdue(1).empty());
    CHECK(store->attempts.overdue(2).size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "odd ends are counted by kind and stage, since a person last said `retry`") {
    using domain::Oddity;
    const auto count = [&](Oddity oddity, domain::Stage stage = domain::Stage::single) { return store->attempts.oddities(id, stage, oddity); };
    const auto odd = [&](AttemptState to, JobState job_from, JobState job_to, Oddity oddity) {
        const auto attempt = *arm(id);
        if (to == AttemptState::failed) submit(attempt, "t" + std::to_string(attempt.value()));
        const auto from = to == AttemptState::failed ? AttemptState::submitted : AttemptState::armed;
        CHECK(store->attempts.change(
            attempt, {.from = from, .to = to, .event = "odd", .consumed = Credits{}, .job = JobStep{.from = job_from, .to = job_to}, .oddity = oddity}, t0));
    };
    odd(AttemptState::refused, JobState::submitting, JobState::queued, Oddity::field_required);
    odd(AttemptState::failed, JobState::running, JobState::queued, Oddity::unexplained);
    odd(AttemptState::refused, JobState::submitting, JobState::queued, Oddity::field_required);
    odd(AttemptState::failed, JobState::running, JobState::failed, Oddity::unexplained);
    CHECK(count(Oddity::field_required) == 2);
    CHECK(count(Oddity::unexplained) == 2);
    CHECK(count(Oddity::unexplained, domain::Stage::final) == 0);
    CHECK(number("SELECT count(*) FROM attempts WHERE cause IS NOT NULL") == 0);  // nothing for the breaker
    CHECK(store->operations.queue_again(id, t0));
    CHECK(count(Oddity::field_required) == 0);
    CHECK(count(Oddity::unexplained) == 0);
    odd(AttemptState::failed, JobState::running, JobState::failed, Oddity::unexplained);
    CHECK(count(Oddity::unexplained) == 1);
    CHECK(store->views.unexplained(store->jobs.get(id)->batch).size() == 3);
}

TEST_CASE_FIXTURE(Memory, "the URLs that tasks may still call are those of attempts that are open, or given up and asked about, each once") {
    const auto armed_with = [&](const std::string& name, const std::string& url) {
        NewAttempt risk{.job = job(name),
                        .request = R"({"callBackUrl":")" + url + R"("})",
                        .estimate = 44_credits,
                        .armed = t0,
                        .boot = "boot-1",
                        .armed_boot = BootTime{100s}};
        risk.callback = "hash of " + name;
        return *store->attempts.arm(risk);
    };
    const auto first = armed_with("first", "https://a/callback/(secret)"), over = armed_with("over", "https://b/callback/(secret)"),
               slow = armed_with("slow", "https://c/callback/(secret)");
    (void)armed_with("second", "https://a/callback/(secret)");
    arm(job("without"));
    submit(first, "t1");
    for (const auto id : {over, slow}) submit(id, "t" + std::to_string(id.value()));
    move(over, AttemptState::submitted, AttemptState::succeeded, JobState::running, JobState::downloading, 44_credits);
    move(slow, AttemptState::submitted, AttemptState::overdue, JobState::running, JobState::failed);
    auto urls = store->attempts.callback_urls();
    std::ranges::sort(urls);
    CHECK(urls == std::vector<std::string>{"https://a/callback/(secret)", "https://c/callback/(secret)"});
}

}  // namespace
}  // namespace motionspool::store
