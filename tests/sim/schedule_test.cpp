#include <doctest/doctest.h>
#include <algorithm>
#include "support/manual_clock.hpp"
#include "support/waits.hpp"

// Whose turn it is: windows, holds, pauses, priorities, shares, the breaker.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;
using namespace motionspool::literals;

std::size_t tasks_of_batch(const World& world, const std::string& batch, std::size_t among = 1'000'000) {
    std::size_t count = 0;
    for (std::size_t n = 0; n < std::min(among, world.provider.tasks.size()); n++) count += world.provider.tasks[n].job.starts_with(batch + "/") ? 1 : 0;
    return count;
}
void drop(World& world, const std::string& batch, int jobs, const std::string& more) { world.drop(batch, manifest_of(batch, jobs, more), fox_and_wave()); }
void act(World& world, const std::string& sql) { world.store().db->exec(sql); }

}  // namespace

TEST_CASE("a window lets its batch go at night, by local time, and no other batch waits for it") {
    World world;
    world.settings.config.timezone = "Europe/Berlin";
    world.settings.config.windows = {{"evening", {.days = {true, true, true, true, true, true, true}, .from = 22h, .to = 23h, .budget = {}}}};
    drop(world, "late", 2, "window: evening\n");
    world.drop("any", 2);
    world.start();
    world.run_for(20h + 59min);  // it began at 01:00 in Berlin
    CHECK(tasks_of_batch(world, "any") == 2);
    CHECK(tasks_of_batch(world, "late") == 0);
    CHECK(waiting(world, "late/job-1")->numbers == "the window evening opens Tue 2026-11-24 22:00");
    CHECK(waiting(world, "late/job-1")->until == world.clock().boot() + 1min);
    world.run_for(62s);
    CHECK(tasks_of_batch(world, "late") == 2);
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
}

TEST_CASE("what does not get in before its window closes goes the next day") {
    World world;
    world.settings.config.timezone = "Etc/UTC";
    world.settings.config.limits.running = 1;
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 20min}; };
    world.settings.config.windows = {{"hour", {.days = {true, true, true, true, true, true, true}, .from = 1h, .to = 2h, .budget = {}}}};
    drop(world, "batch", 5, "window: hour\n");
    world.start();
    world.run_for(23h);
    CHECK(world.provider.tasks.size() == 3);
    CHECK(world.in_state("done") == 3);  // the last one ended after the window
    REQUIRE(world.rest(24h));
    CHECK(world.broken_promises() == "");
}

TEST_CASE("`pause` ends by itself at its instant, and without one lasts until it is taken away") {
    World world;
    const auto noon = std::chrono::sys_days{std::chrono::November / 24 / 2026} + 12h;
    world.start();
    act(world, "INSERT INTO pause (id, reason, until, since) VALUES (1, 'moving house', " + std::to_string(Instant{noon}.time_since_epoch().count()) + ", 0)");
    world.drop("batch", 3);
    world.run_for(11h + 59min);
    CHECK(world.provider.tasks.empty());
    CHECK(waiting(world, "batch/job-1")->numbers == "nothing is submitted until 2026-11-24T12:00:00Z (moving house)");
    CHECK(waits_for(world, "batch/job-1") == "pause");
    world.run_for(70s);
    CHECK(world.provider.tasks.size() == 3);
    act(world, "UPDATE pause SET until = NULL");
    world.drop("later", 3);
    world.run_for(13h);
    world.stop();
    world.reboot(100h);
    world.run_for(1h);
    CHECK(world.provider.tasks.size() == 3);
    act(world, "DELETE FROM pause");
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
}

TEST_CASE("what is held is not submitted, not even if it was on its way; everything else is") {
    World world;
    world.provider.one_way = 500ms;
    bool held = false, released = false;
    world.provider.fault = [&](const Call& call) {
        if (call.where == Where::connect && call.about == "api.kie.ai" && !held && released) {
            held = true;
            act(world, "UPDATE jobs SET held = 1 WHERE name = 'job-2'");
            act(world, "UPDATE batches SET held = 1 WHERE name = 'other'");
        }
        return Fault::none;
    };
    world.start();
    act(world, "INSERT INTO pause (id, reason, until, since) VALUES (1, '', NULL, 0)");
    world.drop("batch", 2);
    world.drop("other", 2);
    world.run_for(1min);
    act(world, "DELETE FROM pause");
    released = true;
    world.run_for(1h);
    REQUIRE(held);
    CHECK(tasks_of_batch(world, "batch") == 1);
    CHECK(tasks_of_batch(world, "other") == 0);
    CHECK(waits_for(world, "batch/job-2") == "hold");
    CHECK(waiting(world, "other/job-1")->numbers.find("the batch is held") != std::string::npos);
    act(world, "UPDATE jobs SET held = 0");
    act(world, "UPDATE batches SET held = 0");
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
}

TEST_CASE("a held batch of many jobs keeps nobody's inputs from being uploaded") {
    World world;
    world.watch_output = false;
    world.drop("first", 600);
    world.start();
    act(world, "INSERT INTO pause (id, reason, until, since) VALUES (1, '', NULL, 0)");
    REQUIRE(world.run_until(1h, [&] { return world.jobs().size() == 600; }));
    act(world, "UPDATE batches SET held = 1");
    act(world, "DELETE FROM pause");
    auto files = fox_and_wave();
    files["fox.png"] += "another";
    world.drop("second", manifest_of("second", 2), files);
    REQUIRE(world.run_until(1h, [&] { return tasks_of_batch(world, "second") == 2; }));
    CHECK(tasks_of_batch(world, "first") == 0);
}

TEST_CASE("higher priority goes first, over everything") {
    World world;
    world.settings.config.limits.running = 1;
    world.settings.config.shares["small"].max_priority = 3;
    world.drop("plain", 4);
    drop(world, "urgent", 4, "priority: 7\n");
    drop(world, "capped", 4, "priority: 90\nshare: small\n");
    REQUIRE(world.rest(3h));
    CHECK(world.broken_promises() == "");
    CHECK(tasks_of_batch(world, "urgent", 5) >= 4);  // the first may have gone before the others were there
    CHECK(tasks_of_batch(world, "plain", 8) <= 1);
}

TEST_CASE("shares take turns by their weight, and a batch without one is a share of its own") {
    World world;
    world.watch_output = false;
    world.settings.config.limits.running = 2;
    world.settings.config.shares["heavy"].weight = 3;
    world.start();
    act(world, "INSERT INTO pause (id, reason, until, since) VALUES (1, '', NULL, 0)");
    drop(world, "one", 30, "share: heavy\n");
    drop(world, "two", 30, "share: heavy\n");
    world.drop("own", 30);
    world.drop("other", 30);
    REQUIRE(world.run_until(1h, [&] { return world.jobs().size() == 120; }));
    act(world, "DELETE FROM pause");
    REQUIRE(world.run_until(10h, [&] { return world.provider.tasks.size() >= 50; }));
    CHECK(tasks_of_batch(world, "one", 50) >= 29);
    CHECK(tasks_of_batch(world, "one", 50) + tasks_of_batch(world, "two", 50) <= 31);
    CHECK(tasks_of_batch(world, "own", 50) == doctest::Approx(10).epsilon(0.11));
    CHECK(tasks_of_batch(world, "other", 50) == doctest::Approx(10).epsilon(0.11));
    REQUIRE(world.rest(10h));
    CHECK(world.broken_promises() == "");
}

TEST_CASE("a group that fails again and again is held; others go on; one tries after a while, and its success heals") {
    World world;
    world.settings.config.limits.attempts = 1;
    world.settings.config.limits.running = 1;
    bool broken = true;
    world.provider.fate = [&](const std::string& job, int) {
        return job.starts_with("bad/") && broken ? Fate{.failure = "the motion cannot be followed", .cost = Credits{}} : Fate{};
    };
    auto others = fox_and_wave();
    others["fox.png"] += "another";
    others["wave.mp4"] += "another";
    world.drop("bad", 12);
    world.drop("good", manifest_of("good", 3), others);
    world.start();
    REQUIRE(world.run_until(1h, [&] { return world.in_state("done") == 3 && world.in_state("failed") == 5; }));
    world.run_for(12min);
    CHECK(world.in_state("failed") == 5);
    CHECK(waits_for(world, "bad/job-12") == "breaker");
    const std::string why = "the last 5 tries with the image fox.png failed (provider-failed); one job tries 15 min after the last failure";
    CHECK(waiting(world, "bad/job-12")->numbers.starts_with(why));
    const auto told = [&] {
        const auto events = world.store().views.events(world.store().batches.find("bad")->id);
        return std::ranges::count_if(events, [&](const auto& event) { return event.what.starts_with("held back: " + why); });
    };
    CHECK(told() == 1);
    world.run_for(5min);
    CHECK(world.in_state("failed") == 6);  // one tried, and failed
    CHECK(told() == 1);
    broken = false;
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("failed") == 6);
    CHECK(world.in_state("done") == 9);
}

TEST_CASE("`release` lets jobs of a broken group go at once") {
    World world;
    world.settings.config.limits.attempts = 1;
    world.settings.config.limits.running = 1;
    world.provider.fate = [&](const std::string&, int) { return Fate{.failure = "the motion cannot be followed", .cost = Credits{}}; };
    world.drop("bad", 12);
    world.start();
    REQUIRE(world.run_until(1h, [&] { return world.in_state("failed") == 5; }));
    world.run_for(1min);
    act(world, "UPDATE jobs SET released = " + std::to_string(world.clock().now().time_since_epoch().count()));
    world.run_for(5min);
    CHECK(world.in_state("failed") == 10);  // five more
    CHECK(waits_for(world, "bad/job-12") == "breaker");
}

TEST_CASE("jobs that a broken image holds keep nobody's inputs from being uploaded") {
    World world;
    world.watch_output = false;
    world.settings.config.limits.attempts = 1;
    auto files = fox_and_wave();
    files["cat.png"] = files["fox.png"] + "cat";
    files["jump.mp4"] = files["wave.mp4"] + "jump";
    std::string manifest = "version: 1\njobs:\n";
    const auto add = [&](int count, const std::string& kind, const std::string& inputs) {
        for (int n = 0; n < count; n++) {
            const auto number = std::to_string(n);
            manifest += "  - {id: " + kind + "-" + number + ", " + inputs + ", prompt: " + kind + "/" + number + "}\n";
        }
    };
    add(300, "bad", "image: fox.png, motion: wave.mp4");
    add(20, "good", "image: cat.png, motion: jump.mp4");
    world.provider.fate = [](const std::string& job, int) {
        return job.starts_with("bad/") ? Fate{.failure = "the image cannot be used", .cost = Credits{}} : Fate{};
    };
    world.start();
    world.drop("batch", manifest, files);
    world.run_for(10min);
    CHECK(world.in_state("done") == 20);
}

TEST_CASE("jobs held one by one in four batches keep no fifth batch's inputs from being uploaded") {
    World world;
    world.watch_output = false;
    world.start();
    world.store().db->exec("INSERT INTO pause (id, reason, until, since) VALUES (1, '', NULL, 0)");
    for (const char* name : {"a", "b", "c", "d"}) world.drop(name, 70);
    REQUIRE(world.run_until(1h, [&] { return world.jobs().size() == 280; }));
    world.store().db->exec("UPDATE jobs SET held = 1");
    world.store().db->exec("DELETE FROM pause");
    auto files = fox_and_wave();
    files["fox.png"] += "another";
    world.drop("fifth", manifest_of("fifth", 2), files);
    world.run_for(10min);
    CHECK(world.in_state("done") == 2);
}

TEST_CASE("a job whose input is not uploaded is told so, and how many uploads go before it") {
    World world;
    auto files = fox_and_wave();
    files["cat.png"] = files["fox.png"] + "cat";
    world.settings.config.limits.uploads = 1;
    world.provider.fault = [](const Call& call) { return call.where == Where::upload ? Fault::silence : Fault::none; };
    world.drop("batch", "version: 1\njobs:\n  - {id: job-1, image: fox.png, motion: wave.mp4}\n  - {id: job-2, image: cat.png, motion: wave.mp4}\n", files);
    world.start();
    REQUIRE(world.run_until(1h, [&] { return world.in_state("uploading") == 1; }));
    const auto told = waiting(world, "batch/job-2");
    REQUIRE(told);
    CHECK(to_string(told->why) == "provider");
    CHECK(told->numbers.find("cat.png is not uploaded yet; ") == 0);
}

}  // namespace motionspool::test
