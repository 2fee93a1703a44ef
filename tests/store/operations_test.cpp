#include <doctest/doctest.h>
#include "store/memory.hpp"

namespace motionspool::store::test {
namespace {

struct Fixture : Memory {
    BatchId b = batch();
    InputId i = input(b, "a.png", "a"), m = input(b, "m.mp4", "m");
    JobId add(const std::string& name) { return job(b, name, i, m); }
    [[nodiscard]] std::string last_event(JobId id) {
        const auto events = store->views.events(id);
        return events.empty() ? "" : events.back().what;
    }
};

TEST_CASE_FIXTURE(Fixture, "a batch's jobs are read page by page, in the order of their names") {
    for (const auto* name : {"c", "a", "e", "b", "d"}) add(name);
    job("another-batch");
    std::string names, after;
    for (;;) {
        const auto rows = store->operations.page(b, after, 2);
        for (const auto& row : rows) names += row.name_key;
        if (rows.size() < 2) break;
        after = rows.back().name_key;
    }
    CHECK(names == "abcde");
}

TEST_CASE_FIXTURE(Fixture, "a page tells what is needed to judge a job") {
    const auto id = add("wave");
    const auto attempt = *arm(id);
    submit(attempt, "t1");
    move(attempt, AttemptState::submitted, AttemptState::failed, JobState::running, JobState::failed, Credits{});
    store->operations.hold(id, t0);
    const auto row = store->operations.page(b, "", 10).at(0);
    CHECK(row.id == id);
    CHECK(row.subject.state == JobState::failed);
    CHECK(row.subject.held);
    CHECK(row.subject.attempt == AttemptState::failed);
    CHECK(row.subject.error_code.empty());
    CHECK(row.length == 4s);
}

TEST_CASE_FIXTURE(Fixture, "holds are remembered, of a batch and of a job, until they are released") {
    const auto id = add("wave");
    store->operations.hold(b, "held", t0);
    store->operations.hold(id, t0);
    reopen();
    CHECK(store->batches.get(b)->held);
    CHECK(number("SELECT held FROM jobs") == 1);
    CHECK(last_event(id) == "held");
    store->db->exec("UPDATE batches SET review = 1");
    store->operations.release(b, "released", t0 + 1s);
    CHECK_FALSE(store->batches.get(b)->held);
    CHECK_FALSE(store->batches.get(b)->review);
    CHECK(number("SELECT held FROM jobs") == 1);
    store->operations.release(id, t0 + 1s);
    CHECK(number("SELECT held FROM jobs") == 0);
    CHECK(number("SELECT released FROM jobs") == (t0 + 1s).time_since_epoch().count());
    CHECK(store->views.events(b).back().what == "released");
}

TEST_CASE_FIXTURE(Fixture, "a job is cancelled from the state it was seen in, or not at all") {
    const auto id = add("wave");
    CHECK_FALSE(store->operations.cancel(id, JobState::uploading, t0));
    CHECK(store->operations.cancel(id, JobState::queued, t0));
    CHECK_FALSE(store->operations.cancel(id, JobState::queued, t0));
    CHECK(state(id) == JobState::cancelled);
    CHECK_FALSE(arm(id));
}

TEST_CASE_FIXTURE(Fixture, "a job given up while it is paid for stays cancelled, and its attempt goes on for the money") {
    const auto id = add("wave");
    const auto attempt = *arm(id);
    CHECK(store->operations.discard(id, JobState::submitting, t0));
    CHECK(number("SELECT discarded FROM jobs") == 1);
    CHECK(store->attempts.account(attempt).reserved == 44_credits);
    CHECK(submit(attempt, "t1"));
    CHECK(state(id) == JobState::cancelled);
    CHECK(store->attempts.submitted().size() == 1);
    CHECK(move(attempt, AttemptState::submitted, AttemptState::succeeded, JobState::running, JobState::downloading, 40_credits));
    CHECK(state(id) == JobState::cancelled);
    CHECK(store->attempts.submitted().empty());
    CHECK(store->attempts.account(attempt).spent == 40_credits);
    CHECK(store->attempts.account(attempt).reserved == Credits{});
    CHECK(last_event(id) == "succeeded");
}

TEST_CASE_FIXTURE(Fixture, "a submission under way whose job was given up is uncertain after a crash, and the job stays cancelled") {
    const auto id = add("wave");
    const auto attempt = *arm(id);
    store->operations.discard(id, JobState::submitting, t0);
    reopen();
    CHECK(store->attempts.recover(t0) == 1);
    CHECK(store->attempts.get(attempt)->state == AttemptState::uncertain);
    CHECK(state(id) == JobState::cancelled);
}

TEST_CASE_FIXTURE(Fixture, "an attempt still does not change when its job is elsewhere for any other reason") {
    const auto id = add("wave");
    const auto attempt = *arm(id);
    CHECK_FALSE(move(attempt, AttemptState::armed, AttemptState::submitted, JobState::running, JobState::downloading));
    CHECK(store->attempts.get(attempt)->state == AttemptState::armed);
}

TEST_CASE_FIXTURE(Fixture, "a failed job is queued again with all its attempts, and its ended batch is open again") {
    const auto id = add("wave");
    const auto attempt = *arm(id);
    submit(attempt, "t1");
    store->attempts.change(attempt,
                           {.from = AttemptState::submitted,
                            .to = AttemptState::failed,
                            .event = "task failed",
                            .consumed = Credits{},
                            .job = JobStep{.from = JobState::running, .to = JobState::failed, .error = JobError{"moderation", "no"}, .counts = true}},
                           t0);
    CHECK_FALSE(store->operations.reopen(b, "again", t0));
    CHECK(store->batches.end_if_over(b, t0));
    CHECK(store->batches.filed(b, "foxes"));
    CHECK(store->operations.reopen(b, "again", t0));
    CHECK(store->operations.queue_again(id, t0));
    CHECK_FALSE(store->operations.queue_again(id, t0));
    CHECK(store->batches.get(b)->state == "open");
    CHECK_FALSE(store->batches.get(b)->ended);
    CHECK(store->batches.get(b)->place == "finished");
    CHECK(store->jobs.get(id)->tries == 0);
    CHECK(state(id) == JobState::queued);
    CHECK(number("SELECT error_code IS NULL AND not_before = 0 FROM jobs") == 1);
    CHECK(arm(id));
}

TEST_CASE_FIXTURE(Fixture, "a batch's place in line and its purse can be set, its jobs' priority with it") {
    add("wave");
    store->operations.set_priority(b, 7);
    store->operations.set_share(b, "marketing");
    store->operations.set_window(b, "night");
    store->operations.set_budget(b, 1200_credits);
    const auto row = *store->batches.get(b);
    CHECK(row.priority == 7);
    CHECK(number("SELECT priority FROM jobs") == 7);
    CHECK(row.share == "marketing");
    CHECK(row.window == "night");
    CHECK(row.budget == 1200_credits);
    store->operations.set_budget(b, std::nullopt);
    CHECK_FALSE(store->batches.get(b)->budget);
}

TEST_CASE_FIXTURE(Fixture, "a pause lasts until its end or until it is lifted, whichever comes first") {
    CHECK_FALSE(store->operations.paused(t0));
    CHECK_FALSE(store->operations.resume());
    store->operations.pause({"lunch", t0 + 1h, t0});
    CHECK(store->operations.paused(t0 + 59min)->reason == "lunch");
    CHECK(store->operations.paused(t0 + 59min)->until == t0 + 1h);
    CHECK_FALSE(store->operations.paused(t0 + 1h));
    store->operations.pause({"", std::nullopt, t0});
    reopen();
    CHECK(store->operations.paused(t0 + 1000h)->since == t0);
    CHECK(store->operations.resume());
    CHECK_FALSE(store->operations.paused(t0));
}

}  // namespace
}  // namespace motionspool::store::test
