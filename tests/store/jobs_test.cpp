#include <doctest/doctest.h>
#include "memory.hpp"

namespace motionspool::store {
namespace {
using namespace test;

TEST_CASE("a job is read back as it was added") {
    Memory memory;
    const auto b = memory.batch("foxes", 7);
    const auto image = memory.input(b, "cast/füchs.png", "a"), motion = memory.input(b, "m.mp4", "m");
    const auto id = memory->jobs.add({.batch = b,
                                      .name = "Wave",
                                      .name_key = "wave",
                                      .image = image,
                                      .motion = motion,
                                      .prompt = "a 'felt' fox; \"waves\"\n--",
                                      .mode = domain::Mode::p1080,
                                      .orientation = domain::Orientation::image,
                                      .length = 4'250ms,
                                      .priority = 7,
                                      .invalid = {}},
                                     t0);
    memory.reopen();
    const auto job = *memory->jobs.get(id);
    CHECK(job.batch == b);
    CHECK(job.batch_name == "foxes");
    CHECK(job.name == "Wave");
    CHECK(job.image == image);
    CHECK(job.motion == motion);
    CHECK(job.prompt == "a 'felt' fox; \"waves\"\n--");
    CHECK(job.mode == domain::Mode::p1080);
    CHECK(job.orientation == domain::Orientation::image);
    CHECK(job.length == 4'250ms);
    CHECK(job.state == JobState::queued);
    CHECK(job.stage == domain::Stage::single);
    CHECK(job.tries == 0);
    CHECK(job.created == t0);
    CHECK_FALSE(memory->jobs.get(JobId{4711}));
    const auto input = *memory->jobs.input(image, t0);
    CHECK(input.source == "cast/füchs.png");
    CHECK(input.format == domain::Format::png);
    CHECK(input.bytes == 1000);
    CHECK(input.sha256 == "a");
    CHECK_FALSE(input.url);
    CHECK_FALSE(memory->jobs.input(InputId{4711}, t0));
}

TEST_CASE("a bad job of a partial manifest has failed from the start, with its reason") {
    Memory memory;
    const auto b = memory.batch();
    const auto i = memory.input(b, "a", "a");
    const auto id =
        memory->jobs.add({.batch = b, .name = "x", .name_key = "x", .image = i, .motion = i, .prompt = {}, .invalid = JobError{"bad-input", "too small"}}, t0);
    CHECK(memory.state(id) == JobState::failed);
    const auto view = memory->views.jobs({}).at(0);
    REQUIRE(view.error);
    CHECK(view.error->code == "bad-input");
    CHECK(view.error->message == "too small");
}

TEST_CASE("a step from a state where the job is not is told, and leaves nothing") {
    Memory memory;
    const auto id = memory.job();
    CHECK(memory.step(id, JobState::queued, JobState::uploading));
    CHECK_FALSE(memory.step(id, JobState::queued, JobState::uploading));
    CHECK_FALSE(memory.step(JobId{4711}, JobState::queued, JobState::uploading));
    CHECK(memory.state(id) == JobState::uploading);
    CHECK(memory->views.events(id).size() == 1);
}

TEST_CASE("a step brings its error, its backoff and its count, and the next one clears what is over") {
    Memory memory;
    const auto id = memory.job();
    REQUIRE(memory.arm(id));
    CHECK(memory->jobs.step(id, {.from = JobState::submitting, .to = JobState::queued, .error = {}, .not_before = t0 + 8s, .counts = true}, "again", t0 + 1s));
    auto view = memory->views.jobs({}).at(0);
    CHECK(view.not_before == t0 + 8s);
    CHECK(view.updated == t0 + 1s);
    CHECK(memory->jobs.get(id)->tries == 1);
    memory.step(id, JobState::queued, JobState::uploading);  // an upload on its behalf ends no backoff
    memory.step(id, JobState::uploading, JobState::queued);
    CHECK(memory->views.jobs({}).at(0).not_before == t0 + 8s);
    CHECK(memory->jobs.step(id, {.from = JobState::queued, .to = JobState::failed, .error = JobError{"stuck", "no end"}, .not_before = {}}, "failed", t0));
    view = memory->views.jobs({}).at(0);
    CHECK(view.error->code == "stuck");
    CHECK(view.not_before == Instant{});
    CHECK(memory->jobs.get(id)->tries == 1);
    CHECK(memory->jobs.step(id, {.from = JobState::failed, .to = JobState::running, .error = {}, .not_before = {}}, "revived", t0));
    CHECK_FALSE(memory->views.jobs({}).at(0).error);
}

TEST_CASE("jobs fail in slices when an input of theirs is gone, whether it is image or motion, and others do not") {
    Memory memory;
    const auto b = memory.batch();
    const auto bad = memory.input(b, "bad", "b"), good = memory.input(b, "good", "g");
    const auto one = memory.job(b, "1", bad, good), two = memory.job(b, "2", good, bad), three = memory.job(b, "3", bad, bad),
               other = memory.job(b, "4", good, good);
    const auto sent = memory.job(b, "5", bad, good);
    REQUIRE(memory.arm(sent));
    CHECK(memory->jobs.begin_upload(bad, t0));
    const JobError gone{"input-missing", "bad is not there"};
    CHECK(memory->jobs.fail_waiting_on(bad, gone, t0, 2) == 2);
    CHECK(memory->jobs.fail_waiting_on(bad, gone, t0, 2) == 1);
    CHECK(memory->jobs.fail_waiting_on(bad, gone, t0, 2) == 0);
    for (const auto id : {one, two, three}) {
        CHECK(memory.state(id) == JobState::failed);
        CHECK(memory->views.events(id).back().what == "failed: bad is not there");
    }
    CHECK(memory.state(other) == JobState::queued);
    CHECK(memory.state(sent) == JobState::submitting);
}

TEST_CASE("one job stands for an upload, and waits again after it or after a restart") {
    Memory memory;
    const auto b = memory.batch();
    const auto image = memory.input(b, "a", "a"), motion = memory.input(b, "m", "m");
    const auto id = memory.job(b, "1", image, motion);
    memory.job(b, "2", image, motion);
    const auto shown = memory->jobs.begin_upload(image, t0);
    REQUIRE(shown);
    CHECK(memory.state(*shown) == JobState::uploading);
    CHECK(memory->jobs.in_state(JobState::uploading) == std::vector{*shown});
    memory->jobs.end_upload(*shown, "inputs uploaded", t0);
    CHECK(memory.state(*shown) == JobState::queued);
    REQUIRE(memory->jobs.begin_upload(motion, t0));
    memory.reopen();
    memory->jobs.recover(t0);
    CHECK(memory.state(id) == JobState::queued);
    CHECK(memory->jobs.in_state(JobState::uploading).empty());
    memory.step(id, JobState::queued, JobState::cancelled);
    CHECK_NOTHROW(memory->jobs.end_upload(id, "inputs uploaded", t0));
    CHECK(memory.state(id) == JobState::cancelled);
}

TEST_CASE("two jobs of a batch cannot have one name, jobs of two batches can") {
    Memory memory;
    const auto a = memory.batch("a"), b = memory.batch("b");
    memory.job(a, "x", memory.input(a, "i", "i"), memory.input(a, "m", "m"));
    CHECK_THROWS_AS(memory.job(a, "x", InputId{1}, InputId{2}), SQLite::Exception);
    CHECK_NOTHROW(memory.job(b, "x", InputId{1}, InputId{2}));
    CHECK_THROWS_AS(memory.job(b, "y", InputId{1}, InputId{4711}), SQLite::Exception);
    CHECK(memory.number("SELECT count(*) FROM jobs") == 2);
}

}  // namespace
}  // namespace motionspool::store
