#include <doctest/doctest.h>
#include <chrono>
#include "support/manual_clock.hpp"
#include "support/world.hpp"

namespace motionspool::test {
using namespace std::chrono_literals;
using namespace motionspool::literals;

TEST_CASE("three jobs walk down the street: uploaded once, paid once, delivered, reported") {
    World world;
    world.start();
    world.drop("mascots", 3);
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 3);
    CHECK(world.provider.tasks.size() == 3);
    CHECK(world.provider.uploads.size() == 2);
    CHECK(world.store().attempts.totals().spent == 165_credits);
}

TEST_CASE("a night of 500 jobs keeps to 20 submissions in ten seconds and to 100 tasks at once") {
    const auto began = std::chrono::steady_clock::now();
    World world;
    world.watch_output = false;
    world.provider.fate = [](const std::string& job, int) { return Fate{.takes = 120s + 1s * (std::hash<std::string>{}(job) % 120)}; };
    world.start();
    world.drop("night", 500);
    REQUIRE(world.rest(8h));
    const auto night = world.provider.now();
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 500);
    CHECK(world.provider.throttled == 0);
    CHECK(world.provider.most_in_window == 20);
    CHECK(world.provider.most_running == 100);
    const auto took = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began);
    MESSAGE("500 jobs in " << to_words(night) << ", with " << world.provider.calls << " calls and " << world.commits << " commits; this took " << took.count()
                           << " ms");
}

}  // namespace motionspool::test
