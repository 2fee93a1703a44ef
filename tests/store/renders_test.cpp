#include <doctest/doctest.h>
#include "memory.hpp"

namespace motionspool::store {
namespace {
using namespace test;

/// A batch of one job that renders "r-NAME".
struct Rendered {
    Memory memory;
    JobId add(const std::string& name, const std::string& fingerprint, std::optional<BatchId> appends = {}, bool open = true) {
        const auto batch = memory->batches.begin({.name = name,
                                                  .name_key = name,
                                                  .entry = name,
                                                  .kind = "folder",
                                                  .manifest = "jobs: []",
                                                  .fingerprint = fingerprint,
                                                  .note = {},
                                                  .labels = {},
                                                  .created = t0,
                                                  .appends = appends});
        const auto image = memory.input(batch, "a.png", "sha-a"), motion = memory.input(batch, "m.mp4", "sha-m");
        const auto job = memory->jobs.add(
            {.batch = batch, .name = "job", .name_key = "job", .image = image, .motion = motion, .prompt = "p", .invalid = {}, .render = "r-" + name}, t0);
        if (open) memory->batches.open(batch);
        return job;
    }
    bool known(const std::string& name) { return memory->renders.drop_known("1:" + name) == name; }
    bool job_known(const std::string& name) { return memory->renders.job_known("r-" + name) == name; }
};

}  // namespace

TEST_CASE_FIXTURE(Rendered, "a drop is known while it arrives by nobody, then by all, the first of several by name") {
    add("one", "1:same", {}, false);
    CHECK_FALSE(memory->renders.drop_known("1:same"));
    CHECK_FALSE(memory->renders.job_known("r-one"));
    add("two", "1:same");
    add("three", "1:same");
    CHECK(memory->renders.drop_known("1:same") == "two");
    CHECK(memory->renders.job_known("r-three") == "three");
    CHECK_FALSE(memory->renders.drop_known("1:other"));
    CHECK_FALSE(memory->renders.job_known(""));
}

TEST_CASE_FIXTURE(Rendered, "what ended before an attempt was armed does not count; what may have cost something does, and what waits") {
    const auto waits = add("waits", "1:waits"), cancelled = add("cancelled", "1:cancelled"), refused = add("refused", "1:refused"),
               failed = add("failed", "1:failed"), charged = add("charged", "1:charged"), lost = add("lost", "1:lost");
    CHECK(memory->jobs.step(cancelled, {.from = JobState::queued, .to = JobState::cancelled, .error = {}, .not_before = {}}, "", t0));
    const auto end = [&](JobId job, AttemptState to, std::optional<Credits> consumed) {
        const auto attempt = memory.arm(job);
        REQUIRE(attempt);
        if (to == AttemptState::refused) return memory.move(*attempt, AttemptState::armed, to, JobState::submitting, JobState::failed);
        REQUIRE(memory.submit(*attempt, "task-" + std::to_string(job.value())));
        return memory.move(*attempt, AttemptState::submitted, to, JobState::running, JobState::failed, consumed);
    };
    CHECK(end(refused, AttemptState::refused, {}));
    CHECK(end(failed, AttemptState::failed, 0_credits));
    CHECK(end(charged, AttemptState::failed, 20_credits));
    const auto attempt = memory.arm(lost);
    CHECK(memory.lose(*attempt));
    (void)waits;
    // a whole drop: only what was never armed is as if it had not been
    CHECK(known("waits"));
    CHECK_FALSE(known("cancelled"));
    for (const auto* name : {"refused", "failed", "charged", "lost"}) CHECK_MESSAGE(known(name), name);
    // a job: what there is a video of, may be, or was paid for
    for (const auto* name : {"waits", "charged", "lost"}) CHECK_MESSAGE(job_known(name), name);
    for (const auto* name : {"cancelled", "refused", "failed"}) CHECK_FALSE_MESSAGE(job_known(name), name);
}

TEST_CASE_FIXTURE(Rendered, "of an appended drop that failed for nothing the same may be appended again") {
    const auto batch = memory->jobs.get(add("batch", "1:batch"))->batch;
    const auto job = add("more", "1:more", batch);
    CHECK(known("more"));
    const auto attempt = memory.arm(job);
    CHECK(known("more"));
    REQUIRE(memory.submit(*attempt, "task"));
    CHECK(memory.move(*attempt, AttemptState::submitted, AttemptState::failed, JobState::running, JobState::failed, 0_credits));
    CHECK_FALSE(known("more"));
}

TEST_CASE_FIXTURE(Rendered, "drops fingerprinted otherwise are handed out until they have one of today's; a job with the model its last attempt named") {
    const auto old = add("old", "29ab"), none = add("none", ""), late = add("late", "fe12");
    const auto today = add("today", "1:29ab");
    for (int n = 0; n < 3; n++) {
        const auto drop = memory->renders.next_of_before();
        REQUIRE(drop);
        CHECK_FALSE(memory->renders.set_fingerprint(drop->id, "1:" + std::to_string(n)));  // one of its jobs was queued again meanwhile
        memory->renders.begin(drop->id);
        CHECK(memory->renders.next_of_before());
        CHECK(memory->renders.set_fingerprint(drop->id, "1:" + std::to_string(n)));
    }
    CHECK_FALSE(memory->renders.next_of_before());
    memory->renders.forget_open_ones();
    CHECK(memory->renders.next_of_before());
    memory.move(*memory->attempts.arm({.job = old,
                                       .request = R"({"model":"kling-1","input":{}})",
                                       .estimate = 1_credits,
                                       .armed = t0,
                                       .boot = "boot-1",
                                       .armed_boot = BootTime{100s},
                                       .day = "2026-11-24"}),
                AttemptState::armed, AttemptState::refused, JobState::submitting, JobState::failed);
    memory.move(
        *memory->attempts.arm(
            {.job = none, .request = "cut sho", .estimate = 1_credits, .armed = t0, .boot = "boot-1", .armed_boot = BootTime{100s}, .day = "2026-11-24"}),
        AttemptState::armed, AttemptState::refused, JobState::submitting, JobState::failed);
    const auto row = [&](JobId job) {
        const auto rows = memory->renders.jobs_with_image(memory->jobs.get(job)->image, JobId{}, 10);
        REQUIRE(rows.size() == 1);
        return rows.front();
    };
    CHECK(row(old).model == "kling-1");
    CHECK_FALSE(row(none).model);
    CHECK_FALSE(row(late).model);
    CHECK(row(today).image == "sha-a");
    CHECK(row(today).name_key == "job");
    memory->renders.set(late, "again");
    CHECK(memory->renders.job_known("again") == "late");
}

TEST_CASE_FIXTURE(Rendered,
                  "a drop is to be fingerprinted anew once a job of it waits to be rendered by another model than its last attempt's, or no longer does") {
    const auto job = add("plain", "1:29ab");
    memory.move(*memory->attempts.arm({.job = job,
                                       .request = R"({"model":"kling-1","input":{}})",
                                       .estimate = 1_credits,
                                       .armed = t0,
                                       .boot = "boot-1",
                                       .armed_boot = BootTime{100s},
                                       .day = "2026-11-24"}),
                AttemptState::armed, AttemptState::refused, JobState::submitting, JobState::failed);
    const auto blank_after = [&](JobState from, JobState to) {
        REQUIRE(memory->jobs.step(job, {.from = from, .to = to}, "", t0));
        return memory->renders.next_of_before().has_value();
    };
    CHECK_FALSE(blank_after(JobState::failed, JobState::queued));  // nobody says which model is today's
    memory->notes.set_fact("model", "kling-1");
    CHECK_FALSE(blank_after(JobState::queued, JobState::failed));
    memory->notes.set_fact("model", "kling-2");
    CHECK(blank_after(JobState::failed, JobState::queued));
    const auto drop = memory->renders.next_of_before()->id;
    memory->renders.begin(drop);
    REQUIRE(memory->renders.set_fingerprint(drop, "1:by kling-2"));
    CHECK_FALSE(blank_after(JobState::queued, JobState::uploading));
    CHECK_FALSE(blank_after(JobState::uploading, JobState::queued));
    CHECK(blank_after(JobState::queued, JobState::failed));
}

}  // namespace motionspool::store
