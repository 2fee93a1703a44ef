#include <doctest/doctest.h>
#include <algorithm>
#include <random>
#include "app/reconciler.hpp"
#include "app/service.hpp"
#include "support/manual_clock.hpp"
#include "support/waits.hpp"
#include "support/world.hpp"

// What the whole service does when submissions are not simply accepted.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;
using namespace motionspool::literals;

std::string paused(World& world) {
    const auto lane = world.store().notes.lane();
    return lane ? lane->why : "";
}

std::size_t submissions_between(const World& world, milliseconds from, milliseconds to) {
    return static_cast<std::size_t>(std::ranges::count_if(world.provider.arrivals, [&](milliseconds at) { return at > from && at <= to; }));
}

}  // namespace

TEST_CASE("one lost answer costs one uncertain job; the others go on, and it is never sent again") {
    World world;
    world.provider.fault = [](const Call& call) { return call.where == Where::create && call.about == "batch/job-2" ? Fault::lost_answer : Fault::none; };
    world.drop("batch", 5);
    REQUIRE(world.rest(1h));
    world.run_for(5h);
    world.restart();
    world.run_for(1h);
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 4);
    CHECK(world.job("batch/job-2").state == domain::JobState::uncertain);
    CHECK(world.provider.tasks_of("batch/job-2").size() == 1);
    CHECK(world.store().attempts.totals().reserved == 55_credits);
}

TEST_CASE("after an uncertain answer only one submission is under way until one is answered cleanly") {
    World world;
    int creates = 0, connects = 0;
    world.provider.fault = [&](const Call& call) {
        connects += call.where == Where::connect && call.about == "api.kie.ai" ? 1 : 0;
        return call.where == Where::create && ++creates <= 2 ? Fault::lost_answer : Fault::none;
    };
    world.drop("first", 1);
    world.start();
    REQUIRE(world.run_until(1min, [&] { return world.in_state("uncertain") == 1; }));
    world.provider.one_way = 1s;
    world.drop("batch", 12);
    std::size_t most_narrowed = 0, most_after = 0;
    REQUIRE(world.run_until(1h, [&] {
        auto& most = world.provider.tasks.size() <= 2 || world.in_state("running") == 0 ? most_narrowed : most_after;  // the two lost ones made tasks, too
        most = std::max(most, world.service().unanswered());
        return world.at_rest();
    }));
    CHECK(world.broken_promises() == "");
    CHECK(most_narrowed == 1);
    CHECK(connects == creates);  // nobody connects in vain meanwhile
    CHECK(most_after > 5);
    CHECK(world.in_state("uncertain") == 2);
    CHECK(world.in_state("done") == 11);
}

TEST_CASE("what is still connecting when the lane closes is not sent") {
    World world;
    int connects = 0;
    world.provider.fault = [&](const Call& call) {
        if (call.where == Where::connect && call.about == "api.kie.ai") world.provider.one_way = connects++ == 0 ? 20ms : 2s;
        return Fault::none;
    };
    world.drop("batch", 10);
    world.start();
    REQUIRE(world.run_until(1min, [&] { return connects == 4; }));
    world.provider.key_is_good = false;
    world.provider.one_way = 20ms;
    world.run_for(30s);
    CHECK(world.provider.arrivals.size() == 1);
    world.provider.key_is_good = true;
    world.provider.fault = [](const Call&) { return Fault::none; };
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 10);
}

TEST_CASE("on a slow and uneven network nothing is throttled either") {
    World world;
    std::mt19937 dice{7};
    world.provider.fault = [&](const Call&) {
        world.provider.one_way = milliseconds{dice() % 7'000};  // both ways of an exchange: under 15 s
        return Fault::none;
    };
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 60s}; };
    world.watch_output = false;
    world.drop("batch", 120);
    REQUIRE(world.rest(8h));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 120);
    CHECK(world.provider.throttled == 0);
}

TEST_CASE("three lost answers in a row pause the lane; it reopens once the balance can be asked for, and one submission is answered") {
    World world;
    world.provider.fault = [&](const Call& call) {
        const bool outage = world.provider.now() < 1h;
        if (call.where == Where::create && outage) return Fault::lost_request;
        return call.where == Where::credit && outage && world.provider.now() > 5s ? Fault::silence : Fault::none;
    };
    world.drop("batch", 60);
    if (!world.up()) world.start();
    world.run_for(30min);
    CHECK(paused(world) == "provider");
    const auto uncertain = world.in_state("uncertain");
    CHECK(uncertain >= 3);
    CHECK(uncertain <= 20);  // what was under way at once
    world.run_for(29min);
    CHECK(world.in_state("uncertain") == uncertain);
    REQUIRE(world.rest(3h));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("uncertain") == uncertain);
    CHECK(world.in_state("done") == 60 - uncertain);
    CHECK(paused(world) == "");
}

TEST_CASE("an outage of an hour in which only createTask is dead costs a handful of uncertain jobs") {
    World world;
    world.provider.fault = [&](const Call& call) {
        return call.where == Where::create && world.provider.now() > 60s && world.provider.now() < 61min ? Fault::lost_request : Fault::none;
    };
    world.settings.config.limits.running = 20;
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 45s}; };
    world.drop("batch", 80);
    REQUIRE(world.rest(8h));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("uncertain") <= 40);
    CHECK(world.in_state("done") == 80 - world.in_state("uncertain"));
}

TEST_CASE("throttling uses up no attempt, halves the pace, and the pace recovers") {
    World world;
    int throttled = 0;
    world.provider.fault = [&](const Call& call) {
        return call.where == Where::create && call.number > 30 && throttled++ == 0 ? Fault::code_429 : Fault::none;
    };
    world.settings.config.limits.attempts = 1;
    world.watch_output = false;
    world.drop("batch", 200);
    world.start();
    REQUIRE(world.run_until(1h, [&] { return throttled > 0; }));
    const auto at = world.provider.now();
    world.run_for(1s);
    CHECK(paused(world) == "rate");
    world.run_for(9s);
    CHECK(submissions_between(world, at + 1s, at + 10s) == 0);
    REQUIRE(world.rest(2h));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 200);
    const auto last = world.provider.arrivals.back();
    CHECK(submissions_between(world, at + 10s, at + 20s) <= 15);
    std::size_t later = 0;
    for (auto from = at; from < last; from += 1s) later = std::max(later, submissions_between(world, from, from + 10s));
    CHECK(later == 20);
}

TEST_CASE("a provider that takes less than we are allowed is not hammered: everything is done, and few submissions are turned down") {
    World world;
    world.provider.places = 7;
    world.settings.config.limits.attempts = 1;
    world.drop("batch", 100);
    REQUIRE(world.rest(4h));
    CHECK(world.in_state("done") == 100);
    CHECK(world.provider.tasks.size() == 100);
    CHECK(world.provider.throttled <= 40);
}

TEST_CASE("an empty account whose balance could not be read pauses with `credits`, and work goes on by itself after a top-up") {
    World world;
    world.provider.fault = [&](const Call& call) { return call.where == Where::credit && world.provider.now() < 1min ? Fault::http_500 : Fault::none; };
    world.provider.balance = 120_credits;
    world.drop("batch", 5);
    world.start();
    world.run_for(2h);
    CHECK(paused(world) == "credits");
    CHECK(world.in_state("done") == 2);
    CHECK(world.in_state("queued") == 3);
    const auto asked = world.provider.arrivals.size();
    world.run_for(2h);
    CHECK(world.provider.arrivals.size() == asked);  // the balance is asked for, nothing is tried
    world.provider.balance = 1000_credits;
    world.run_for(61s);
    CHECK(paused(world) == "");
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 5);
}

TEST_CASE("a refused key pauses with `provider` and a word about the key, and work goes on once it is good again") {
    World world;
    world.drop("early", 2);
    world.start();
    REQUIRE(world.run_until(1h, [&] { return world.in_state("running") == 2; }));
    world.provider.key_is_good = false;
    world.drop("late", 3);
    world.run_for(2h - 10min);
    CHECK(world.store().notes.lane().has_value() == (world.provider.arrivals.size() > 2));
    if (const auto lane = world.store().notes.lane()) CHECK(lane->text.find("key") != std::string::npos);
    CHECK(world.provider.tasks.size() == 2);
    world.provider.key_is_good = true;
    REQUIRE(world.rest(20min));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 5);
}

TEST_CASE("a key that is refused only for submissions pauses them and names the key") {
    World world;
    bool refused = true;
    world.provider.fault = [&](const Call& call) {
        return refused && (call.where == Where::create || call.where == Where::credit) ? Fault::code_401 : Fault::none;
    };
    world.drop("batch", 3);
    world.start();
    world.run_for(1h);
    REQUIRE(world.store().notes.lane().has_value());
    CHECK(world.store().notes.lane()->why == "provider");
    CHECK(world.in_state("queued") == 3);
    refused = false;
    REQUIRE(world.rest(20min));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 3);
}

TEST_CASE("a full disk pauses submissions and downloads, and both go on by themselves when there is room") {
    World world;
    const auto full = std::uint64_t{1} << 60;
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 60s}; };
    world.settings.config.limits.running = 2;
    world.drop("batch", 4);
    world.start();
    REQUIRE(world.run_until(1h, [&] { return world.in_state("running") == 2; }));
    world.settings.config.output.keep_free = full;
    world.run_for(1h);
    CHECK(world.provider.tasks.size() == 2);
    CHECK(world.in_state("queued") == 2);
    CHECK(world.in_state("downloading") == 2);
    CHECK(world.in_state("done") == 0);
    world.settings.config.output.keep_free = 0;
    REQUIRE(world.rest(20min));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 4);
}

TEST_CASE("the brake holds through restarts: a daemon that dies every 20 s while every answer is lost risks no more than one that lives") {
    World world;
    world.watch_output = false;
    world.provider.fault = [](const Call& call) { return call.where == Where::create ? Fault::http_502_done : Fault::none; };
    world.start();
    world.drop("batch", 200);
    world.run_for(20s);
    const auto first = world.provider.tasks.size();
    for (int n = 0; n < 10; n++) {
        world.crash();
        world.restart();
        world.run_for(20s);
    }
    CHECK(first <= 7);
    CHECK(world.provider.tasks.size() <= first + 4);
    CHECK(waits_for(world, "batch/job-199") == "provider");
    world.provider.fault = [](const Call&) { return Fault::none; };
    world.run_for(10min);
    CHECK(world.in_state("done") > 100);
}

TEST_CASE("a throttled width is kept through a restart") {
    World world;
    world.watch_output = false;
    world.provider.fault = [](const Call& call) { return call.where == Where::create ? Fault::http_429 : Fault::none; };
    world.start();
    world.drop("batch", 40);
    REQUIRE(world.run_until(1min, [&] { return world.store().notes.narrowing().width.has_value(); }));
    world.run_for(1s);
    const auto narrowed = world.store().notes.narrowing();
    REQUIRE(narrowed.width);
    CHECK(*narrowed.width <= 10);
    world.crash();
    world.restart();
    world.run_for(1s);
    CHECK(world.store().notes.narrowing() == narrowed);
    CHECK(waits_for(world, "batch/job-40") == "rate");
    world.provider.fault = [](const Call&) { return Fault::none; };
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
    CHECK(world.store().notes.narrowing().width.value_or(20) > *narrowed.width);
}

TEST_CASE("who waits while the brake holds is told so, not that it is its turn") {
    World world;
    world.watch_output = false;
    int creates = 0;
    world.provider.fault = [&](const Call& call) { return call.where == Where::create && ++creates > 1 ? Fault::silence : Fault::none; };
    world.start();
    world.drop("batch", 20);
    world.run_for(200s);
    for (int n = 0; n < 20; n++) {
        world.run_for(20s);
        const auto told = waiting(world, "batch/job-20");
        REQUIRE(told);
        CHECK(to_string(told->why) == "provider");
        if (world.in_state("submitting") == 1 && !world.store().notes.lane()) CHECK(told->numbers == "one submission at a time until one is answered cleanly");
    }
}

TEST_CASE("who waits for places that lost answers hold is told so, and a word of the operator's frees them") {
    for (const std::string word : {"write-off", "resubmit", "adopt", "none"}) {
        CAPTURE(word);
        World world;
        world.settings.config.limits.running = 2;
        std::size_t lost = 0;
        world.provider.fault = [&](const Call& call) { return call.where == Where::create && ++lost <= 2 ? Fault::lost_answer : Fault::none; };
        world.provider.fate = [](const std::string&, int) { return Fate{.takes = 20min}; };
        world.drop("batch", 3);
        world.start();
        world.run_for(30min);
        CHECK(world.provider.tasks.size() == 2);
        const auto told = waiting(world, "batch/job-3");
        REQUIRE(told);
        CHECK(told->why == domain::Why::running);
        CHECK(
            told->numbers.starts_with("no task is running and 2 may be, as no clear answers came to their submissions; they take 2 of 2 places, the first of "
                                      "those for 1 h 30 min at most"));
        CHECK(told->remedy.find("`motionspool uncertain list`") != std::string::npos);
        REQUIRE(told->until);
        CHECK(std::chrono::abs(*told->until - world.clock().boot() - 90min) < 1min);
        if (word == "none") {
            CHECK_FALSE(world.run_until(85min, [&] { return world.provider.tasks.size() > 2; }));
            CHECK(world.run_until(6min, [&] { return world.provider.tasks.size() > 2; }));
            continue;
        }
        const auto job = world.job("batch/job-1").id;
        REQUIRE(world.act([&](app::Reconciler& reconciler) {
            if (word == "adopt") return reconciler.adopt(job, world.provider.tasks_of("batch/job-1").front()->id);
            return word == "resubmit" ? reconciler.resubmit(job) : reconciler.write_off(job);
        }));
        CHECK(world.run_until(2min, [&] { return world.provider.tasks.size() > 2; }));
    }
}

}  // namespace motionspool::test
