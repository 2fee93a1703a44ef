#include <doctest/doctest.h>
#include <algorithm>
#include "app/key_watch.hpp"
#include "app/service.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_folder.hpp"
#include "support/waits.hpp"

// The API key changes under running tasks: one of the same account, or one of another that knows none of them.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;
using namespace motionspool::literals;
using domain::JobState;

/// Four tasks of an hour under the first account's key; the process has ended.
void leave_four_running(World& world) {
    world.provider.accounts["key-2"] = "first";
    world.provider.accounts["key-3"] = "second";
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 60min}; };
    world.start();
    world.drop("batch", 4);
    REQUIRE(world.run_until(1min, [&] { return world.in_state("running") == 4; }));
    world.stop();
}

void live_on_with(World& world, const std::string& key) {
    world.settings.key = system::Secret{key};
    world.restart();
}

std::size_t with_error(World& world, const std::string& code) {
    return static_cast<std::size_t>(std::ranges::count_if(world.jobs(), [&](const auto& job) { return job.error && job.error->code == code; }));
}

std::size_t in_trouble(World& world) {
    return static_cast<std::size_t>(std::ranges::count_if(world.jobs(), [](const auto& job) { return job.trouble() != nullptr; }));
}

}  // namespace

TEST_CASE("under the key of another account running tasks fail as unknown-task, never as stuck, and are delivered once the right key is back") {
    World world;
    leave_four_running(world);
    live_on_with(world, "key-3");
    world.run_for(1min);
    CHECK(world.in_state("running") == 4);
    REQUIRE(in_trouble(world) == 4);
    const auto job = world.job("batch/job-1");
    CHECK(job.trouble()->text == "the provider does not know this task under the API key in use, which another one may have made");
    CHECK(job.trouble()->until > world.clock().now());
    world.run_for(20min);
    const auto polls = world.provider.polls;
    world.run_for(85min);
    CHECK(world.provider.polls <= polls + 8);  // once an hour
    CHECK(in_trouble(world) == 4);
    CHECK(world.job("batch/job-1").trouble()->since == job.trouble()->since);
    world.run_for(1h);
    CHECK(with_error(world, "unknown-task") == 4);
    CHECK(with_error(world, "stuck") == 0);
    CHECK(in_trouble(world) == 0);
    CHECK(world.store().attempts.totals().spent == 220_credits);
    world.stop();
    live_on_with(world, "key-1");
    CHECK(world.run_until(10min, [&] { return world.in_state("done") == 4; }));
    REQUIRE(world.rest(10min));
    CHECK(world.provider.tasks.size() == 4);
    CHECK(world.broken_promises() == "");
}

TEST_CASE("after ten minutes in which no task was known nothing is submitted, whoever restarts it, until the key fits again") {
    World world;
    leave_four_running(world);
    live_on_with(world, "key-3");
    world.run_for(12min);
    world.drop("more", 2);
    world.run_for(2min);
    const auto told = waiting(world, "more/job-1");
    REQUIRE(told);
    CHECK(told->why == domain::Why::provider);
    CHECK(told->numbers == "the provider knows none of the 4 tasks it is asked about; the API key is probably another account's");
    CHECK(told->remedy.find("put back the key that made them") == 0);
    world.restart();
    world.run_for(1min);
    CHECK(waits_for(world, "more/job-1") == "provider");
    world.run_for(5h);  // beyond the deadline, too
    CHECK(with_error(world, "unknown-task") == 4);
    CHECK(world.provider.tasks.size() == 4);
    world.stop();
    live_on_with(world, "key-1");
    REQUIRE(world.rest(2h));
    CHECK(world.in_state("done") == 6);
    CHECK(world.provider.tasks.size() == 6);
    CHECK(world.broken_promises() == "");
}

TEST_CASE("a key that is meant goes on with a word of the operator's, and is not doubted again") {
    World world;
    leave_four_running(world);
    live_on_with(world, "key-3");
    world.run_for(12min);
    world.drop("more", 2);
    world.run_for(2min);
    REQUIRE(waits_for(world, "more/job-1") == "provider");
    const auto said = world.service().actions().resume();
    CHECK(std::get<app::Answer>(said).text == "submissions go on");
    REQUIRE(world.run_until(2min, [&] { return world.provider.tasks.size() == 6; }));
    world.restart();
    world.drop("last", 1);
    world.run_for(3h);
    CHECK(world.job("last/job-1").state == JobState::done);
    CHECK(with_error(world, "unknown-task") == 4);
}

TEST_CASE("a rotated key knows the tasks: nothing waits, everything is delivered, and they are its own from then on") {
    World world;
    leave_four_running(world);
    const auto before = world.provider.tasks.size();
    live_on_with(world, "key-2");
    world.run_for(1min);
    CHECK(in_trouble(world) == 0);
    const auto mine = app::fingerprint_of(world.settings.key, world.store());
    for (const auto& attempt : world.store().attempts.submitted()) CHECK(attempt.key == mine);
    CHECK(world.store().attempts.of_other_keys(mine, 72).named == 0);
    world.drop("more", 1);
    REQUIRE(world.rest(3h));
    CHECK(world.in_state("done") == 5);
    CHECK(world.provider.tasks.size() == before + 1);
    CHECK(world.broken_promises() == "");
}

TEST_CASE("a single task that the provider has lost among known ones fails alone, and holds nobody back") {
    World world;
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 90min}; };
    world.start();
    world.drop("batch", 4);
    REQUIRE(world.run_until(1min, [&] { return world.in_state("running") == 4; }));
    world.provider.tasks[1].account = "nobody's";
    world.run_for(30min);
    CHECK(in_trouble(world) == 1);
    world.drop("more", 2);
    REQUIRE(world.run_until(2min, [&] { return world.provider.tasks.size() == 6; }));
    REQUIRE(world.rest(5h));
    CHECK(world.in_state("done") == 5);
    CHECK(with_error(world, "unknown-task") == 1);
    CHECK(world.broken_promises() == "");
}

TEST_CASE("a lone task that its own key does not know fails at its deadline and holds nobody back") {
    World world;
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 10min}; };
    world.start();
    world.drop("batch", 1);
    REQUIRE(world.run_until(1min, [&] { return world.in_state("running") == 1; }));
    world.provider.tasks[0].account = "nobody's";
    world.run_for(30min);
    world.drop("more", 1);
    REQUIRE(world.run_until(2min, [&] { return world.provider.tasks.size() == 2; }));
    REQUIRE(world.rest(5h));
    CHECK(with_error(world, "unknown-task") == 1);
    CHECK(world.job("more/job-1").state == JobState::done);
}

TEST_CASE("a task that is unknown for a short while after it was made is nobody's trouble") {
    World world;
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 5min}; };
    std::size_t asked = 0;
    world.provider.fault = [&](const Call& call) {
        if (call.where == Where::record) world.provider.tasks[0].account = ++asked <= 3 ? "nobody's" : "first";
        return Fault::none;
    };
    bool ever = false;
    world.start();
    world.drop("batch", 1);
    REQUIRE(world.run_until(1h, [&] {
        ever = ever || in_trouble(world) > 0;
        return world.in_state("done") == 1;
    }));
    CHECK_FALSE(ever);
    CHECK(asked > 3);
}

TEST_CASE("attempts of before keys were remembered are followed by any key that knows them, and doubted under one that does not") {
    for (const std::string key : {"key-1", "key-2", "key-3"}) {
        CAPTURE(key);
        World world;
        leave_four_running(world);
        world.restart();
        world.store().db->exec("UPDATE attempts SET key = ''");
        world.stop();
        live_on_with(world, key);
        world.run_for(20min);
        world.drop("more", 1);
        world.run_for(2min);
        CHECK((waits_for(world, "more/job-1") == "provider") == (key == "key-3"));
        CHECK(world.provider.tasks.size() == (key == "key-3" ? 4 : 5));
        if (key == "key-3") {
            world.run_for(4h);
            CHECK(waits_for(world, "more/job-1") == "provider");  // although all four were given up
            (void)world.service().actions().resume();
        }
        REQUIRE(world.rest(4h));
        CHECK(with_error(world, "unknown-task") == (key == "key-3" ? 4 : 0));
        CHECK(world.in_state("done") == (key == "key-3" ? 1 : 5));
    }
}

TEST_CASE("a page that an edge answers with, and a key that is refused, say nothing about a task being known") {
    for (const bool refused : {false, true}) {
        CAPTURE(refused);
        World world;
        leave_four_running(world);
        bool bad = true;
        if (refused)
            world.provider.key_is_good = false;
        else
            world.provider.fault = [&](const Call& call) { return bad && call.where == Where::record ? Fault::garbage : Fault::none; };
        world.restart();
        world.run_for(40min);
        CHECK(in_trouble(world) == (refused ? 4 : 0));  // that the key is refused is told, and is no word about the tasks
        CHECK(world.store().attempts.unknown() == 0);
        CHECK_FALSE(app::key_doubt(world.store()));
        bad = false;
        world.provider.key_is_good = true;
        REQUIRE(world.rest(90min));
        CHECK(world.in_state("done") == 4);
    }
}

TEST_CASE("a callback's word about a lost answer is kept until the key that made it is back") {
    World world;
    world.settings.config.webhook.public_url = "https://render.example.com/motionspool";
    world.provider.accounts["key-3"] = "second";
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 10min}; };
    world.provider.fault = [](const Call& call) { return call.where == Where::create ? Fault::lost_answer : Fault::none; };
    world.start();
    world.drop("batch", 1);
    REQUIRE(world.run_until(5min, [&] { return world.in_state("uncertain") == 1; }));
    world.stop();
    live_on_with(world, "key-3");
    world.run_for(4h);
    CHECK(world.provider.callbacks_taken == 1);
    CHECK(world.in_state("uncertain") == 1);
    world.stop();
    live_on_with(world, "key-1");
    CHECK(world.run_until(10min, [&] { return world.in_state("done") == 1; }));
    CHECK(world.provider.tasks.size() == 1);
}

TEST_CASE("nobody gets the key back from what is remembered of it, and two installations cannot be told to share one") {
    World world;
    world.start();
    const auto here = app::fingerprint_of(system::Secret{"key-1"}, world.store());
    CHECK(here.size() == 16);
    CHECK(here == app::fingerprint_of(system::Secret{"key-1"}, world.store()));
    CHECK(here != app::fingerprint_of(system::Secret{"key-2"}, world.store()));
    world.store().notes.set_fact("state_id", "another");
    CHECK(here != app::fingerprint_of(system::Secret{"key-1"}, world.store()));
}

TEST_CASE("the key of another account is doubted although jobs go that it can make, across restarts") {
    World world;
    world.provider.accounts["key-3"] = "second";
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 60min}; };
    world.settings.config.limits.running = 4;
    world.start();
    world.drop("batch", 40);
    REQUIRE(world.run_until(1min, [&] { return world.in_state("running") == 4; }));
    world.stop();
    world.settings.config.limits.running = 8;
    live_on_with(world, "key-3");
    world.run_for(50min);
    CHECK(world.provider.tasks.size() == 8);
    world.restart();
    world.run_for(4h);
    CHECK(world.provider.tasks.size() == 8);
    CHECK(waits_for(world, "batch/job-40") == "provider");
}

TEST_CASE("under the key of another account nothing is submitted, either, once tasks of before keys were remembered are given up") {
    World world;
    world.provider.accounts["key-3"] = "second";
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 60min}; };
    world.settings.config.limits.running = 4;
    world.start();
    world.drop("batch", 20);
    REQUIRE(world.run_until(1min, [&] { return world.in_state("running") == 4; }));
    world.store().db->exec("UPDATE attempts SET key = ''");
    world.run_for(1s);
    world.stop();
    live_on_with(world, "key-3");
    world.run_for(100min);
    CHECK(world.provider.tasks.size() == 4);
    world.run_for(4h);
    CHECK(world.provider.tasks.size() == 4);
}

}  // namespace motionspool::test
