#include <doctest/doctest.h>
#include <array>
#include "app/service.hpp"
#include "support/dying.hpp"

// A batch is taken once from drop to report, and its steps are counted; then it is taken again and again, and each time the next step fails.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;

constexpr int jobs_in_batch = 2;
constexpr milliseconds task_length = 4s;

void drop_batch(World& world) {
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = task_length}; };
    world.start();
    world.drop("batch", jobs_in_batch);
}

/// Of five jobs one is moderated, one fails once for nothing, one has a result that is no video, one is bad from the start; beside it, a drop that is rejected.
void drop_mixed_batch(World& world) {
    world.provider.fate = [](const std::string& job, int nth) -> Fate {
        if (job == "batch/job-2") return {.takes = task_length, .failure = "inappropriate", .cost = Credits{}};
        if (job == "batch/job-3" && nth == 0) return {.takes = task_length, .failure = "Image fetch failed", .cost = Credits{}};
        return {.takes = task_length, .video = job == "batch/job-4" ? "no video" : ""};
    };
    world.start();
    world.drop("batch", manifest_of("batch", 4, "partial: true\n") + "  - {id: job-5, image: wave.mp4, motion: wave.mp4, prompt: batch/job-5}\n",
               fox_and_wave());
    world.drop("bad", "version: 2\n", fox_and_wave());
}

void check_mixed_batch(World& world) {
    CHECK(world.broken_promises() == "");
    for (const auto& job : world.jobs()) {
        const bool bad = job.job == "job-2" || job.job == "job-4" || job.job == "job-5";
        const bool right = job.state == (bad ? domain::JobState::failed : domain::JobState::done) || job.state == domain::JobState::uncertain;
        CHECK_MESSAGE(right, job.job << " is " << std::string{to_string(job.state)});
    }
    CHECK(world.jobs().size() == 5);
}

/// The whole way, undisturbed: how many calls of which kind.
std::vector<Call> calls_of_one_batch() {
    World world;
    world.provider.keep_log = true;
    drop_batch(world);
    REQUIRE(world.rest(1h));
    REQUIRE(world.broken_promises() == "");
    return world.provider.log;
}

std::size_t commits_of_one_batch() {
    World world;
    drop_batch(world);
    REQUIRE(world.rest(1h));
    return world.commits;
}

/// What must hold whatever went wrong: nothing paid twice, nothing lost, nothing incomplete shown, the books right; and no more uncertain jobs than faults.
void check_kept(World& world, std::size_t uncertain_at_most) {
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("uncertain") <= uncertain_at_most);
    CHECK(world.states()["done"] + world.states()["failed"] + world.states()["uncertain"] == jobs_in_batch);
}

/// May the fault leave a submission's outcome open?
bool hides_a_submission(Fault fault) {
    switch (fault) {
        case Fault::lost_request:
        case Fault::silence:
        case Fault::lost_answer:
        case Fault::late_answer:
        case Fault::cut_answer:
        case Fault::short_answer:
        case Fault::http_502_done:
        case Fault::garbage:
        case Fault::http_500:
        case Fault::code_500:
        case Fault::crash_before:
        case Fault::crash_after:
        case Fault::exception: return true;
        case Fault::none:
        case Fault::no_connection:
        case Fault::gone:
        case Fault::http_403:
        case Fault::http_429:
        case Fault::code_401:
        case Fault::code_402:
        case Fault::code_429:
        case Fault::code_455: return false;
    }
    return true;
}

constexpr std::array network_faults{Fault::no_connection, Fault::gone,       Fault::lost_request, Fault::silence,       Fault::lost_answer,
                                    Fault::late_answer,   Fault::cut_answer, Fault::short_answer, Fault::http_502_done, Fault::garbage};
constexpr std::array refusals{Fault::http_500, Fault::http_403, Fault::http_429, Fault::code_401,
                              Fault::code_402, Fault::code_429, Fault::code_455, Fault::code_500};

template <typename Faults>
void fail_each_call_once(const Faults& faults) {
    const auto calls = calls_of_one_batch();
    for (const auto fault : faults) {
        for (const auto& step : calls) {
            CAPTURE(to_string(fault));
            CAPTURE(step.number);
            CAPTURE(to_string(step.where));
            World world;
            world.provider.fault = [&](const Call& call) { return call.number == step.number ? fault : Fault::none; };
            drop_batch(world);
            REQUIRE(world.rest(24h));
            check_kept(world, step.where == Where::create && hides_a_submission(fault) ? 1 : 0);
            CHECK(world.in_state("failed") == 0);
        }
    }
}

}  // namespace

TEST_CASE("whatever call the network spoils, every job ends well or is uncertain, and none is paid twice") { fail_each_call_once(network_faults); }

TEST_CASE("whatever call the provider refuses, every job ends well or is uncertain, and none is paid twice") { fail_each_call_once(refusals); }

TEST_CASE("at whatever call the process ends, the next one finishes the work, and only submissions then under way are uncertain") {
    const auto calls = calls_of_one_batch();
    for (const auto fault : {Fault::crash_before, Fault::crash_after, Fault::exception}) {
        for (const auto& step : calls) {
            CAPTURE(to_string(fault));
            CAPTURE(step.number);
            CAPTURE(to_string(step.where));
            World world;
            std::size_t unanswered = 0;
            world.provider.fault = [&](const Call& call) {
                if (call.number != step.number) return Fault::none;
                unanswered = world.service().unanswered();
                return fault;
            };
            world.provider.crash = [&] {
                unanswered = world.service().unanswered();
                world.crash();
            };
            drop_batch(world);
            REQUIRE(world.rest(24h));
            check_kept(world, unanswered);
            CHECK(world.in_state("failed") == 0);
        }
    }
}

TEST_CASE("at whatever commit the process ends, before or after it is on disk, nothing is lost and nothing is paid twice") {
    const auto play = [](World& world) {
        drop_batch(world);
        REQUIRE(world.rest(24h));
    };
    die_at_every_commit(play, [](World& world) {
        check_kept(world, jobs_in_batch);
        CHECK(world.in_state("failed") == 0);
    });
}

TEST_CASE("at whatever commit of a mixed batch the process ends, every job ends as it should or is uncertain") {
    const auto play = [](World& world) {
        drop_mixed_batch(world);
        REQUIRE(world.rest(24h));
    };
    die_at_every_commit(play, [](World& world) {
        check_mixed_batch(world);
        if (world.lives == 1) CHECK(world.in_state("uncertain") == 0);
    });
}

TEST_CASE("a process that dies again and again, at commits and at calls, gets through in the end") {
    World world;
    std::size_t commits = 0, calls = 0;
    world.dies_at_commit = [&](std::size_t, bool) { return world.lives < 30 && ++commits % 11 == 0; };  // an odd number: now before a commit, now after it
    world.provider.fault = [&](const Call&) { return world.lives < 30 && ++calls % 13 == 0 ? Fault::crash_after : Fault::none; };
    world.settings.config.limits.submissions = domain::Rate{1, 2s};
    world.start();
    world.drop("batch", 20);
    REQUIRE(world.rest(24h));
    CHECK(world.broken_promises() == "");
    CHECK(world.lives > 15);
    CHECK(world.in_state("uncertain") < static_cast<std::size_t>(world.lives));  // one submission at a time was under way
    CHECK(world.in_state("done") + world.in_state("uncertain") == 20);
}

TEST_CASE("whatever commit the disk refuses, the service ends, and its next start loses nothing and pays nothing twice") {
    const auto commits = commits_of_one_batch();
    for (std::size_t step = 0; step < commits; step++) {
        CAPTURE(step);
        World world;
        world.commit_fails = [&](std::size_t number) { return number == step; };
        drop_batch(world);
        REQUIRE(world.rest(24h));
        CHECK(world.lives == 2);
        check_kept(world, jobs_in_batch);
        CHECK(world.in_state("failed") == 0);
    }
}

TEST_CASE("an hour in which every call of one kind fails ends with every job done or uncertain") {
    for (const auto where : {Where::connect, Where::create, Where::record, Where::upload, Where::result}) {
        for (const auto fault : {Fault::no_connection, Fault::lost_request, Fault::lost_answer, Fault::http_500, Fault::http_403, Fault::code_401,
                                 Fault::code_429, Fault::short_answer}) {
            CAPTURE(to_string(where));
            CAPTURE(to_string(fault));
            World world;
            world.provider.fault = [&](const Call& call) { return call.where == where && world.provider.now() < 1h ? fault : Fault::none; };
            drop_batch(world);
            REQUIRE(world.rest(24h));
            check_kept(world, where == Where::create && hides_a_submission(fault) ? jobs_in_batch : 0);
        }
    }
}

}  // namespace motionspool::test
