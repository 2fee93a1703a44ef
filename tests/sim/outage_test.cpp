#include <doctest/doctest.h>
#include <algorithm>
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

}  // namespace motionspool::test
