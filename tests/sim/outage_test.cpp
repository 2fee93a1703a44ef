#include <doctest/doctest.h>
#include <algorithm>
#include "support/manual_clock.hpp"
#include "support/world.hpp"

// The provider takes submissions and answers none of them well, for two minutes in the middle of a long batch.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;

constexpr auto begins = 40s, ends = 160s;
constexpr int jobs = 200;

/// A batch that is under way when the outage comes.
struct Outage : World {
    explicit Outage(Fault fault) {
        provider.fault = [this, fault](const Call& call) {
            const bool now = call.where == Where::create && provider.now() >= begins && provider.now() < ends;
            return now ? fault : Fault::none;
        };
        provider.fate = [](const std::string&, int) { return Fate{.takes = 20s}; };
        watch_output = false;
    }
};

}  // namespace

TEST_CASE("two minutes of 504 cost a handful of uncertain jobs; then work goes on by itself") {
    for (const auto fault : {Fault::http_502_done, Fault::http_500, Fault::lost_answer}) {
        CAPTURE(to_string(fault));
        Outage world{fault};
        world.drop("batch", jobs);
        REQUIRE(world.rest(1h));
        CHECK(world.broken_promises() == "");
        const auto uncertain = world.in_state("uncertain");
        CHECK(uncertain >= 3);
        CHECK(uncertain <= 8);
        CHECK(world.in_state("done") + uncertain == jobs);
        MESSAGE(to_string(fault) << " for two minutes: " << uncertain << " uncertain of " << jobs << ", all else done by itself");
    }
}

TEST_CASE("with callbacks the same outage leaves nothing to a person, if the provider made the tasks") {
    Outage world{Fault::http_502_done};
    world.settings.config.webhook.public_url = "https://render.example.com";
    world.drop("batch", jobs);
    REQUIRE(world.rest(1h));
    world.run_for(10min);
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == jobs);
    CHECK(world.provider.tasks.size() == jobs);
}

TEST_CASE("tasks that ended while the network was away for four days are fetched once it is back, and what was said of them meanwhile was true") {
    World world;
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 30min}; };
    world.provider.link_life = 24h * 14;
    world.start();
    world.drop("batch", 2);
    REQUIRE(world.run_until(1min, [&] { return world.in_state("running") == 2; }));
    world.provider.fault = [](const Call&) { return Fault::no_connection; };
    world.run_for(3h);
    const auto error = world.job("batch/job-1").error;
    REQUIRE(error);
    CHECK(error->code == "stuck");
    CHECK(error->message.find("could not be asked about task") != std::string::npos);
    world.run_for(24h * 4);
    CHECK(world.in_state("done") == 0);
    world.provider.fault = [](const Call&) { return Fault::none; };
    world.run_for(6h);
    CHECK(world.in_state("done") == 2);
    CHECK(world.broken_promises() == "");
}

TEST_CASE("what is asked about late uses up its questions by answers of an hour each, not by restarts") {
    World world;
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 24h * 5}; };
    world.provider.link_life = 24h * 14;
    world.start();
    world.drop("batch", 1);
    world.run_for(3h);
    REQUIRE(world.in_state("failed") == 1);
    const auto left = [&](int questions) { return world.store().attempts.overdue(questions).size(); };
    for (int n = 0; n < 80; n++) {
        world.restart();
        world.run_for(1min);
    }
    CHECK(left(3) == 1);
    world.run_for(60h);
    CHECK(left(72) == 1);
    world.run_for(14h);
    CHECK(left(72) == 0);
}

TEST_CASE("a task that nobody could ask about, as the key was refused, is told so, and fetched once it is accepted") {
    World world;
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 30min}; };
    world.start();
    world.drop("batch", 2);
    REQUIRE(world.run_until(1min, [&] { return world.in_state("running") == 2; }));
    world.provider.key_is_good = false;
    world.run_for(3h);
    const auto error = world.job("batch/job-1").error;
    REQUIRE(error);
    CHECK(error->code == "stuck");
    CHECK(error->message.find("refuses the API key") != std::string::npos);
    world.provider.key_is_good = true;
    world.run_for(2h);
    CHECK(world.in_state("done") == 2);
}

}  // namespace motionspool::test
