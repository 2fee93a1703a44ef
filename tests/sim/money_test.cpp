#include <doctest/doctest.h>
#include <algorithm>
#include <functional>
#include <random>
#include "app/service.hpp"
#include "support/manual_clock.hpp"
#include "support/waits.hpp"

// Credits: the balance and every budget, with restarts in between. A task costs 55, as it is estimated.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;
using namespace motionspool::literals;

std::size_t tasks_of_batch(World& world, const std::string& batch) {
    return static_cast<std::size_t>(std::ranges::count_if(world.provider.tasks, [&](const ProviderTask& task) { return task.job.starts_with(batch + "/"); }));
}
/// Runs and crashes at random moments, `times` times.
void live_dangerously(World& world, int times, std::uint64_t seed) {
    std::mt19937_64 dice{seed};
    for (int n = 0; n < times; n++) {
        world.run_for(milliseconds{dice() % 12'000});
        world.crash();
        world.restart();
    }
}
void drop(World& world, const std::string& batch, int jobs, const std::string& more) { world.drop(batch, manifest_of(batch, jobs, more), fox_and_wave()); }

}  // namespace

TEST_CASE("with a balance for 37 of 100 jobs exactly 37 are submitted and none refused; after a top-up the rest, by itself") {
    World world;
    world.provider.balance = 55_credits * 37 + 54_credits;
    world.watch_output = false;
    world.drop("batch", 100);
    world.start();
    world.run_for(2h);
    CHECK(world.provider.tasks.size() == 37);
    CHECK(world.provider.arrivals.size() == 37);
    CHECK(world.in_state("done") == 37);
    CHECK(waiting_for(world, "credits") == 63);
    CHECK(waiting(world, "batch/job-38")->numbers == "the account has 54 credits left for new jobs; the next one is estimated at 55; top it up");
    world.run_for(2h);
    CHECK(world.provider.arrivals.size() == 37);
    world.provider.balance += 55_credits * 63;
    world.run_for(2min);
    CHECK(world.provider.tasks.size() > 37);
    REQUIRE(world.rest(2h));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 100);
    CHECK(world.provider.arrivals.size() == 100);
}

TEST_CASE("the same with crashes in between: never more than the balance covers, at most one refusal") {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
        World world;
        world.provider.balance = 55_credits * 37;
        world.watch_output = false;
        world.drop("batch", 100);
        world.start();
        live_dangerously(world, 12, seed);
        world.run_for(3h);
        const auto uncertain = world.in_state("uncertain");
        CHECK(world.provider.arrivals.size() <= 38);
        CHECK(world.provider.tasks.size() + uncertain >= 36);  // an armed submission that was never sent keeps its price
        world.provider.balance += 55_credits * 100;
        REQUIRE(world.rest(3h));
        CHECK(world.broken_promises() == "");
        CHECK(world.in_state("done") == 100 - world.in_state("uncertain"));
    }
}

TEST_CASE("another spender on the account costs no more than what is on its way at that moment, and work goes on after a top-up") {
    World world;
    world.provider.balance = 55_credits * 20;
    world.settings.config.limits.running = 4;
    world.drop("batch", 20);
    world.start();
    REQUIRE(world.run_until(1h, [&] { return world.provider.tasks.size() == 8; }));
    world.provider.balance = 10_credits;
    world.run_for(1h);
    CHECK(world.provider.tasks.size() == 8);
    CHECK(world.provider.arrivals.size() <= 12);
    CHECK(waits_for(world, "batch/job-20") == "credits");
    world.provider.balance = 10'000_credits;
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
}

TEST_CASE("what must be kept of the balance is kept; a balance that cannot be read then holds everything back") {
    World world;
    world.provider.balance = 500_credits;
    world.settings.config.credits.keep_balance = 300_credits;
    bool readable = false;
    world.provider.fault = [&](const Call& call) { return call.where == Where::credit && !readable ? Fault::http_500 : Fault::none; };
    world.drop("batch", 6);
    world.start();
    world.run_for(1h);
    CHECK(world.provider.tasks.empty());
    CHECK(waiting_for(world, "credits") == 6);
    readable = true;
    world.run_for(1h);
    CHECK(world.provider.tasks.size() == 3);
    CHECK(world.provider.balance == 335_credits);
    world.settings.config.credits.keep_balance = 0_credits;
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
}

TEST_CASE("what must be kept is kept by a balance of today, not by the one that was read before a stop") {
    World world;
    world.settings.config.credits.keep_balance = 500_credits;
    world.provider.balance = 2000_credits;
    world.start();
    world.run_for(1min);
    world.stop();
    world.provider.balance = 520_credits;  // somebody else has spent from the account
    bool readable = false;
    world.provider.fault = [&](const Call& call) { return call.where == Where::credit && !readable ? Fault::http_500 : Fault::none; };
    world.reboot(168h);
    world.drop("batch", 9);
    world.run_for(1h);
    CHECK(world.provider.tasks.empty());
    CHECK(waiting_for(world, "credits") == 9);
    CHECK(waiting(world, "batch/job-1")->numbers == "the account's balance cannot be read, and credits.keep_balance is 500");
    world.provider.balance = 620_credits;
    readable = true;
    world.run_for(1h);
    CHECK(world.provider.tasks.size() == 2);
}

TEST_CASE("a balance that cannot be read any more is not believed for long") {
    World world;
    world.settings.config.credits.keep_balance = 500_credits;
    world.settings.config.limits.running = 1;
    world.provider.balance = 100'000_credits;
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 1min}; };
    world.watch_output = false;
    world.start();
    world.run_for(1s);
    world.provider.fault = [](const Call& call) { return call.where == Where::credit ? Fault::http_500 : Fault::none; };
    world.drop("batch", 30);
    world.run_for(2h);
    CHECK(world.provider.tasks.size() >= 5);
    CHECK(world.provider.tasks.size() <= 11);
    CHECK(waits_for(world, "batch/job-30") == "credits");
    world.provider.fault = [](const Call&) { return Fault::none; };
    REQUIRE(world.rest(2h));
    CHECK(world.broken_promises() == "");
}

TEST_CASE("without a balance that can be read jobs go all the same, if nothing must be kept") {
    World world;
    world.provider.fault = [](const Call& call) { return call.where == Where::credit ? Fault::http_500 : Fault::none; };
    world.drop("batch", 6);
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
}

TEST_CASE("no budget is ever exceeded, whenever the daemon dies") {
    struct Case {
        std::string name, manifest;
        std::function<void(config::Config&)> set;
    };
    const config::Window always{.days = {true, true, true, true, true, true, true}, .from = 0min, .to = 24h, .budget = 300_credits};
    const std::vector<Case> cases{
        {"batch", "budget: 300\n", [](config::Config&) {}},
        {"day", "", [](config::Config& config) { config.credits.per_day = 300_credits; }},
        {"month", "", [](config::Config& config) { config.credits.per_month = 300_credits; }},
        {"share's day", "share: fox\n", [](config::Config& config) { config.shares["fox"].per_day = 300_credits; }},
        {"share's month", "share: fox\n", [](config::Config& config) { config.shares["fox"].per_month = 300_credits; }},
        {"window", "window: always\n", [&](config::Config& config) { config.windows["always"] = always; }},
    };
    std::uint64_t seed = 0;
    for (const auto& one : cases) {
        CAPTURE(one.name);
        World world;
        world.settings.config.timezone = "Etc/UTC";
        one.set(world.settings.config);
        world.watch_output = false;
        drop(world, "batch", 12, one.manifest);
        world.start();
        live_dangerously(world, 8, ++seed);
        world.run_for(3h);
        const auto uncertain = world.in_state("uncertain");
        CHECK(world.provider.tasks.size() <= 5);
        CHECK(world.in_state("done") + uncertain == 5);  // one whose answer was lost keeps its reservation
        CHECK(waiting_for(world, "budget") == 7);
        CHECK(waiting(world, "batch/job-12")->numbers.find("of 300 credits has 25 left") != std::string::npos);
    }
}

TEST_CASE("a day's budget is there again with the next accounting day, a month's with the next month") {
    World world;
    world.settings.config.timezone = "Etc/UTC";
    world.settings.config.credits.day_starts = 12h;
    world.settings.config.credits.per_day = 110_credits;
    world.settings.config.credits.per_month = 275_credits;
    world.watch_output = false;
    world.drop("batch", 9);  // it is midnight: the day of 23 November, until noon
    world.start();
    world.run_for(11h + 59min);
    CHECK(world.provider.tasks.size() == 2);
    CHECK(waiting(world, "batch/job-9")->until == world.clock().boot() + 1min);
    world.run_for(2min);
    CHECK(world.provider.tasks.size() == 4);
    world.run_for(24h);
    CHECK(world.provider.tasks.size() == 5);
    CHECK(waiting(world, "batch/job-9")->numbers.find("the month's budget") != std::string::npos);
    world.stop();
    world.reboot(24h * 5);
    world.run_for(5min);
    CHECK(world.provider.tasks.size() == 5);
    world.run_for(24h);  // 1 December, noon, has come
    CHECK(world.provider.tasks.size() == 7);
    REQUIRE(world.rest(72h));
    CHECK(world.broken_promises() == "");
}

TEST_CASE("jobs that fit into what is left of a budget go, however many dearer ones stand before them") {
    World world;
    world.settings.config.credits.per_second.p1080 = 20_credits;
    std::string text = "version: 1\nbudget: 200\njobs:\n";
    for (int n = 1; n <= 80; n++) {
        const auto id = "job-" + std::to_string(n);
        text += "  - {id: " + id + ", image: fox.png, motion: wave.mp4, mode: " + (n <= 78 ? "1080p" : "720p") + ", prompt: batch/" + id + "}\n";
    }
    world.provider.fate = [](const std::string& job, int) { return Fate{.cost = job == "batch/job-79" || job == "batch/job-80" ? 55_credits : 100_credits}; };
    world.settings.config.limits.running = 1;
    world.drop("batch", text, fox_and_wave());
    world.start();
    world.run_for(1h);
    CHECK(world.provider.tasks.size() == 2);  // 100 and 100
    world.store().db->exec("UPDATE batches SET budget = 330000");
    world.run_for(1h);
    CHECK(world.provider.tasks.size() == 3);
    CHECK(world.provider.tasks.back().job == "batch/job-3");
    world.store().db->exec("UPDATE batches SET budget = 380000");
    world.run_for(1h);
    CHECK(world.provider.tasks.size() == 4);
    CHECK(world.provider.tasks.back().job == "batch/job-79");
}

TEST_CASE("a video that costs more than estimated raises what later ones are expected to cost, and corrected prices do not forget that") {
    World world;
    world.provider.fate = [](const std::string&, int) { return Fate{.cost = 66_credits}; };
    world.settings.config.limits.running = 1;
    world.settings.config.credits.per_day = 55_credits + 66_credits + 66_credits + 60_credits;
    world.drop("batch", 6);
    world.start();
    world.run_for(1h);
    CHECK(world.provider.tasks.size() == 3);
    CHECK(waiting(world, "batch/job-6")->numbers.find("the job is estimated at 66; credits.per_second and credits.minimum make it 55") != std::string::npos);
    world.stop();
    world.settings.config.credits.per_second.p720 = 12_credits;
    world.start();
    world.run_for(1h);
    CHECK(world.provider.tasks.size() == 3);  // 60 is left, and 12 a second would fit
    CHECK(waiting(world, "batch/job-6")->numbers.find("the job is estimated at 66; credits.per_second and credits.minimum make it 60") != std::string::npos);
    world.stop();
    world.settings.config.credits.minimum.p720 = 66_credits;
    world.settings.config.credits.per_day = 55_credits + 66_credits * 4 + 65_credits;
    world.start();
    world.run_for(1h);
    CHECK(world.provider.tasks.size() == 5);
    CHECK(waiting(world, "batch/job-6")->numbers.ends_with("the job is estimated at 66"));  // nothing is raised any more
}

TEST_CASE("prices corrected with a queue: nothing that is reserved later exceeds the day's budget, whatever the jobs were estimated at when they came") {
    struct Case {
        std::string name;
        int seed, per_second, restarts;
    };
    for (const auto& one :
         {Case{"at once", 0, 22, 0}, Case{"with crashes", 1, 22, 6}, Case{"down", 0, 8, 0}, Case{"by the minimum", 0, 11, 0}, Case{"learned", 0, 11, 3}}) {
        CAPTURE(one.name);
        World world;
        const auto cost = one.name == "down" ? 40_credits : 110_credits;  // of five seconds
        world.provider.fate = [&](const std::string&, int) { return Fate{.cost = cost}; };
        world.settings.config.credits.per_day = 0_credits;
        world.watch_output = false;
        world.drop("batch", 60);
        world.start();
        world.run_for(10min);
        CHECK(world.provider.tasks.empty());
        CHECK(waiting(world, "batch/job-60")->numbers.ends_with("the job is estimated at 55"));
        if (one.name == "learned") {  // the first is charged twice what it is estimated at, and the daemon dies
            world.settings.config.limits.running = 1;
            world.settings.config.credits.per_day = 55_credits;
            world.run_for(2min);
            CHECK(world.provider.tasks.size() == 1);
            world.settings.config.limits.running = 100;
        }
        world.stop();
        world.settings.config.credits.per_day = 500_credits;
        if (one.name == "by the minimum")
            world.settings.config.credits.minimum.p720 = 110_credits;
        else
            world.settings.config.credits.per_second.p720 = Credits::whole(one.per_second);
        world.start();
        live_dangerously(world, one.restarts, static_cast<std::uint64_t>(one.seed));
        world.run_for(2h);
        const auto totals = world.store().attempts.totals();
        CHECK(totals.spent + totals.reserved <= 500_credits);
        CHECK(world.in_state("done") + world.in_state("uncertain") == (one.name == "down" ? 12 : 4));
        CHECK(waiting_for(world, "budget") == (one.name == "down" ? 48 : 56));
        Credits charged;
        for (const auto& task : world.provider.tasks) charged += world.provider.charged(task);
        CHECK(charged <= 500_credits);
    }
}

TEST_CASE("tasks of an older price settle against their own reservation") {
    World world;
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 1h}; };
    world.settings.config.limits.running = 3;
    world.drop("batch", 4);
    world.start();
    world.run_for(1min);
    CHECK(world.store().attempts.totals().reserved == 165_credits);
    world.stop();
    world.settings.config.credits.per_second.p720 = 2_credits;  // 55 are more than four times that
    world.settings.config.credits.per_day = 170_credits;
    world.start();
    world.run_for(1min);
    CHECK(world.store().attempts.totals().reserved == 165_credits);
    CHECK(waits_for(world, "batch/job-4") == "budget");
    CHECK(waiting(world, "batch/job-4")->numbers.ends_with("has 5 left (0 spent, 165 reserved); the job is estimated at 10"));
    world.run_for(2h);
    CHECK(world.store().attempts.totals().spent == 165_credits);
    CHECK(world.store().attempts.totals().reserved == 0_credits);
    CHECK_FALSE(world.store().operations.paused(world.clock().now()));
    CHECK(waiting(world, "batch/job-4")->numbers.find("the job is estimated at 55; credits.per_second and credits.minimum make it 10") != std::string::npos);
}

TEST_CASE("what ask_above asked about once is not asked about again when prices change; its words are today's") {
    World world;
    world.settings.config.credits.ask_above = 120_credits;
    world.settings.config.credits.per_day = 0_credits;
    world.drop("below", 2);
    world.drop("above", 3);
    world.drop("released", 3);
    world.start();
    world.run_for(1min);
    world.store().operations.release(world.store().batches.find("released")->id, "released", world.clock().now());
    CHECK(waiting(world, "above/job-1")->numbers == "the batch is estimated at 165 credits, above credits.ask_above (120)");
    world.stop();
    world.settings.config.credits.per_second.p720 = 22_credits;
    world.start();
    world.run_for(1min);
    CHECK(waits_for(world, "below/job-1") == "budget");  // 220 now
    CHECK(waits_for(world, "released/job-1") == "budget");
    CHECK(waiting(world, "above/job-1")->numbers == "the batch is estimated at 330 credits, above credits.ask_above (120)");
    world.stop();
    world.settings.config.credits.per_second.p720 = 5_credits;
    world.start();
    world.run_for(1min);
    CHECK(waiting(world, "above/job-1")->numbers ==
          "the batch was estimated above credits.ask_above when it was accepted or more was appended; what is left of it is estimated at 75 credits (the limit "
          "is 120 now)");
    world.stop();
    world.settings.config.credits.ask_above.reset();
    world.start();
    world.run_for(1min);
    CHECK(waits_for(world, "above/job-1") == "review");
}

TEST_CASE("a batch estimated above ask_above waits for a word, one below it does not") {
    World world;
    world.settings.config.credits.ask_above = 110_credits;
    world.drop("small", 2);
    world.drop("large", 3);
    world.start();
    world.run_for(1h);
    CHECK(tasks_of_batch(world, "small") == 2);
    CHECK(tasks_of_batch(world, "large") == 0);
    CHECK(waiting_for(world, "review") == 3);
    world.store().db->exec("UPDATE batches SET review = 0");
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
}

TEST_CASE("one absurd charge stops submissions for a person to look at, and makes no later job unaffordable") {
    World world;
    bool odd = true;
    world.provider.fate = [&](const std::string&, int) { return odd ? Fate{.cost = 55'000_credits} : Fate{}; };
    world.start();
    world.drop("one", 1);
    REQUIRE(world.run_until(1h, [&] { return world.in_state("done") == 1; }));
    odd = false;
    drop(world, "two", 3, "budget: 165\n");
    world.run_for(1h);
    CHECK(world.provider.tasks.size() == 1);
    CHECK(waits_for(world, "two/job-1") == "pause");
    CHECK(waiting(world, "two/job-1")->numbers.find("one/job-1 cost 55000 credits and was estimated at 55; ") != std::string::npos);
    REQUIRE(world.store().operations.resume());
    REQUIRE(world.rest(1h));
    CHECK(world.in_state("done") == 4);
}

TEST_CASE("the stop for an absurd charge is told before a person's pause, and no pause ends it") {
    World world;
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 10min, .cost = 5000_credits}; };
    world.settings.config.limits.running = 1;
    world.start();
    world.drop("batch", 3);
    REQUIRE(world.run_until(2min, [&] { return world.in_state("running") == 1; }));
    (void)world.service().actions().pause(std::nullopt, "lunch");
    world.run_for(15min);
    REQUIRE(world.in_state("done") == 1);
    CHECK(waiting(world, "batch/job-2")->numbers.find("cost 5000 credits") != std::string::npos);
    (void)world.service().actions().pause(world.clock().now() + 10min, "the network is worked on");
    world.restart();
    world.run_for(15min);
    CHECK(waiting(world, "batch/job-2")->numbers.find("cost 5000 credits") != std::string::npos);
    CHECK(world.provider.tasks.size() == 1);
    (void)world.service().actions().resume();
    world.run_for(2min);
    CHECK(world.provider.tasks.size() == 2);
}

TEST_CASE("a charge of the model of before is not judged by the prices of the one that is configured now") {
    World world;
    auto& credits = world.settings.config.credits;
    world.provider.fate = [](const std::string& job, int) { return Fate{.takes = job == "batch/job-1" ? 30min : milliseconds{10s}, .cost = 56_credits}; };
    world.settings.config.limits.running = 1;
    world.start();
    world.drop("batch", 2);
    REQUIRE(world.run_until(2min, [&] { return world.in_state("running") == 1; }));
    world.stop();
    world.settings.config.provider.model = "kling-3/motion-control";
    credits.per_second.p720 = 1_credits;  // 56 are more than four times what that comes to
    world.start();
    REQUIRE(world.run_until(1h, [&] { return world.in_state("done") >= 1; }));
    CHECK(waits_for(world, "batch/job-2") != "pause");
}

}  // namespace motionspool::test
