#include <doctest/doctest.h>
#include <algorithm>
#include "support/temp_folder.hpp"
#include "support/waits.hpp"
#include "support/world.hpp"

// What becomes of a job whose submission is answered with an error: whether it is a refusal, and whether it is tried again.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;
using namespace motionspool::literals;
using domain::JobState;

std::string page(const std::string& title) { return "<html><head><title>" + title + "</title></head><body><h1>" + title + "</h1></body></html>"; }

std::string error_of(World& world, const std::string& job) {
    const auto error = world.job(job).error;
    return error ? error->code : "";
}

std::size_t told(World& world, const std::string& job, const std::string& part) {
    const auto log = world.log(job);
    return static_cast<std::size_t>(std::ranges::count_if(log, [&](const store::Event& e) { return e.what.find(part) != std::string::npos; }));
}

/// Arrivals of createTask, as waits between them.
std::vector<milliseconds> waits(const World& world) {
    std::vector<milliseconds> between;
    for (std::size_t i = 1; i < world.provider.arrivals.size(); i++) between.push_back(world.provider.arrivals[i] - world.provider.arrivals[i - 1]);
    return between;
}

}  // namespace

TEST_CASE("an error that was answered after the task was made is paid once and never sent again") {
    const std::string hex = "281e5b0c9d3f4a6e8b7c1d2e3f4a5b6c";
    const std::vector<http::Response> answers{envelope(500, "upstream rate limit hit while saving record"),
                                              envelope(500, "moderate load"),
                                              envelope(500, "Segmentation violation"),
                                              envelope(500, "too many requests"),
                                              envelope(500, "memory usage exceeded on this account"),
                                              envelope(500, "Internal error: This field is required"),
                                              envelope(500, "Image fetch failed, retrying in the background"),
                                              envelope(422, "the order was queued twice"),
                                              envelope(402, "Credits insufficient", R"({"record":{"task_id":"x1"}})"),
                                              envelope(429, "Your call frequency is too high. Please try again later. (" + hex + ")"),
                                              {404, {}, ""},
                                              {429, {}, ""},
                                              {404, {}, page("502 Bad Gateway")},
                                              {413, {}, "too large"},
                                              {403, {}, page("403 Forbidden") + hex},
                                              {302, {{"Location", "/api/v1/jobs/recordInfo?taskId=x1"}}, ""}};
    for (const auto& answer : answers) {
        CAPTURE(answer.status);
        CAPTURE(answer.body);
        World world;
        world.provider.create_after = [&](const ProviderTask& task) { return task.job == "batch/job-2" ? std::optional{answer} : std::nullopt; };
        world.drop("batch", 3);
        REQUIRE(world.rest(1h));
        world.run_for(5h);
        CHECK(world.broken_promises() == "");
        CHECK(world.job("batch/job-2").state == JobState::uncertain);
        CHECK(world.provider.tasks_of("batch/job-2").size() == 1);
        CHECK(world.in_state("done") == 2);
    }
}

TEST_CASE("a proven refusal costs nothing and ends or pauses as it says") {
    World world;
    int asked = 0;
    const std::vector<http::Response> first{{404, {}, page("404 Not Found")}, {307, {}, ""}, {429, {}, "error code: 1015"}, envelope(433, "daily limit")};
    world.provider.create_instead = [&](const std::string& job) -> std::optional<http::Response> {
        if (job == "batch/job-2") return envelope(500, "mode is not within the range of allowed options");
        if (job == "batch/job-3") return envelope(400, "prompt text length cannot exceed 2500.");
        if (job == "batch/job-4") return envelope(500, "No valid characters detected in the video");
        return job == "batch/job-1" && asked < 4 ? std::optional{first.at(static_cast<std::size_t>(asked++))} : std::nullopt;
    };
    world.drop("batch", 5);
    REQUIRE(world.rest(5h));
    CHECK(world.broken_promises() == "");
    CHECK(world.job("batch/job-1").state == JobState::done);
    CHECK(error_of(world, "batch/job-2") == "bad-parameter");
    CHECK(error_of(world, "batch/job-3") == "bad-parameter");
    CHECK(error_of(world, "batch/job-4") == "no-character");
    CHECK(world.job("batch/job-4").error->message == "500: No valid characters detected in the video; it is about the motion");
    CHECK(world.job("batch/job-5").state == JobState::done);
    CHECK(world.provider.tasks.size() == 2);
}

TEST_CASE("a field that is said to be missing and then is not: the same order is sent again after 2, 5 and 10 min, using up no try") {
    World world;
    world.settings.config.limits.attempts = 1;
    int asked = 0;
    world.provider.create_instead = [&](const std::string&) { return asked++ < 3 ? std::optional{envelope(500, "This field is required")} : std::nullopt; };
    world.drop("batch", 1);
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
    CHECK(world.job("batch/job-1").state == JobState::done);
    CHECK(world.provider.tasks.size() == 1);
    const auto between = waits(world);
    REQUIRE(between.size() == 3);
    const std::array expected{2min, 5min, 10min};
    for (std::size_t i = 0; i < 3; i++) {
        CHECK(between[i] >= expected[i]);
        CHECK(between[i] < expected[i] + 5s);
    }
    CHECK(told(world, "batch/job-1", "refused: 500: This field is required; that has come and gone for one and the same order: it is sent again in ") == 3);
}

TEST_CASE("a field that is said to be missing four times is a bad parameter, whatever restarts there were; a person's retry begins anew") {
    World world;
    bool wrong = true;
    world.provider.create_instead = [&](const std::string&) {
        return wrong ? std::optional{envelope(500, "input.prompt This field is required.")} : std::nullopt;
    };
    world.drop("batch", 1);
    world.start();
    for (const auto asked : {1u, 2u, 3u}) {
        REQUIRE(world.run_until(15min, [&] { return world.provider.arrivals.size() == asked; }));
        world.run_for(30s);
        world.restart();
        CHECK(world.job("batch/job-1").state == JobState::queued);
    }
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
    CHECK(error_of(world, "batch/job-1") == "bad-parameter");
    CHECK(world.provider.arrivals.size() == 4);
    CHECK(world.provider.tasks.empty());
    const auto id = world.job("batch/job-1").id;
    CHECK(world.store().attempts.oddities(id, domain::Stage::single, domain::Oddity::field_required) == 3);
    REQUIRE(world.store().operations.queue_again(id, Instant{}));
    CHECK(world.store().attempts.oddities(id, domain::Stage::single, domain::Oddity::field_required) == 0);
}

TEST_CASE("a field that is said to be missing trips no breaker while it is waited for") {
    World world;
    world.settings.config.limits.breaker.failures = 2;
    world.provider.create_instead = [&](const std::string&) {
        return world.provider.now() < 4min ? std::optional{envelope(500, "This field is required")} : std::nullopt;
    };
    world.drop("batch", 6);
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 6);
    CHECK(world.provider.now() < 20min);
}

TEST_CASE("a task that fails in words nobody knows is repeated once, and its words are in the report") {
    World world;
    world.settings.config.limits.attempts = 5;
    world.provider.fate = [](const std::string& job, int nth) -> Fate {
        if (job == "batch/job-1") return {.failure = "gremlins in the lattice", .cost = 0_credits};
        if (job == "batch/job-2" && nth == 0) return {.failure = "gnomes in the lattice", .cost = 0_credits};
        if (job == "batch/job-3" && nth < 3) return {.failure = "System busy", .cost = 0_credits};
        if (job == "batch/job-4" && nth < 2) return {.failure = nth == 0 ? "server is busy" : "pixies", .cost = 0_credits};
        if (job == "batch/job-5") return {.failure = "trolls", .cost = 20_credits};
        return {};
    };
    world.drop("batch", 6);
    REQUIRE(world.rest(2h));
    CHECK(world.broken_promises() == "");
    CHECK(error_of(world, "batch/job-1") == "provider-failed");
    CHECK(world.job("batch/job-1").error->message == "gremlins in the lattice");
    CHECK(world.provider.tasks_of("batch/job-1").size() == 2);
    CHECK(world.job("batch/job-2").state == JobState::done);
    CHECK(world.job("batch/job-3").state == JobState::done);
    CHECK(world.provider.tasks_of("batch/job-3").size() == 4);
    CHECK(world.job("batch/job-4").state == JobState::done);
    CHECK(world.provider.tasks_of("batch/job-4").size() == 3);
    CHECK(world.provider.tasks_of("batch/job-5").size() == 1);
    const auto text = read_file(world.spool("finished/batch.report.txt")), json = read_file(world.spool("finished/batch.report.json"));
    const auto html = read_file(world.spool("finished/batch.report.html"));
    for (const std::string words : {"job-1: task failed: gremlins in the lattice", "job-2: task failed: gnomes in the lattice", "job-4: task failed: pixies",
                                    "job-5: task failed: trolls"}) {
        CAPTURE(words);
        for (const auto* report : {&text, &json, &html}) CHECK(report->find(words) != std::string::npos);
    }
    CHECK(text.find("busy") == std::string::npos);
}

TEST_CASE("the words of a repeated unknown failure count across a restart") {
    World world;
    world.settings.config.limits.attempts = 5;
    world.provider.fate = [](const std::string&, int) { return Fate{.failure = "gremlins", .cost = 0_credits}; };
    world.drop("batch", 1);
    world.start();
    REQUIRE(world.run_until(5min, [&] { return world.provider.tasks.size() == 2 && world.in_state("running") == 1; }));
    world.crash();
    world.restart();
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
    CHECK(world.provider.tasks.size() == 2);
    CHECK(world.job("batch/job-1").state == JobState::failed);
}

}  // namespace motionspool::test
