#include "domain/plan.hpp"
#include <doctest/doctest.h>

namespace motionspool::domain {
namespace {
using namespace literals;
using namespace std::chrono_literals;

constexpr Instant t0{1'795'514'400s};  // 2026-11-24T22:00:00Z

PlannedBatch batch_of(std::size_t jobs, Credits price = 44_credits) {
    PlannedBatch batch;
    batch.jobs.assign(jobs, {price, 4min});
    return batch;
}
PlannedWorld world() {
    PlannedWorld world;
    world.now = t0;
    world.rate = Rate{.count = 20, .window = 10s};
    world.limit = 100;
    return world;
}
Plan only(PlannedWorld world, const PlannedBatch& batch) {
    const std::vector<PlannedBatch> one{batch};
    return plan(std::move(world), one).at(0);
}

TEST_CASE("what fits into the first window of the rate waits for nothing, and is there when its task takes so long") {
    CHECK(only(world(), batch_of(20)) == Plan{{}, t0 + 4min, 0, false});
}

TEST_CASE("the rate spreads more than that, and the plan says how many wait for it") {
    CHECK(only(world(), batch_of(50)) == Plan{{{Why::rate, 30, "at most 20 submissions in 10 s"}}, t0 + 20'200ms + 4min, 0, false});
}

TEST_CASE("with few tasks at once the rest goes when those before have ended") {
    auto few = world();
    few.limit = 3;
    CHECK(only(few, batch_of(7)) == Plan{{{Why::running, 4, "at most 3 tasks at once"}}, t0 + 12min, 0, false});
    few.running = {1min, 2min, 3min};
    CHECK(only(few, batch_of(1)) == Plan{{{Why::running, 1, "at most 3 tasks at once"}}, t0 + 5min, 0, false});
}

TEST_CASE("what is in the queue already goes before") {
    auto busy = world();
    busy.limit = 1;
    busy.ahead = {4min, 4min};
    CHECK(only(busy, batch_of(1)).finish == t0 + 12min);
}

TEST_CASE("a day's budget lets the rest through the next day, and another manifest pays from it, too") {
    auto poor = world();
    poor.purses = {{"the day's budget", 100_credits, 132_credits, Why::budget, [](Instant after) { return after + 24h - (after - t0) % 24h; }}};
    auto batch = batch_of(4);
    batch.purses = {0};
    CHECK(only(poor, batch) == Plan{{{Why::budget, 2, "the day's budget"}}, t0 + 24h + 4min, 0, false});
    const std::vector<PlannedBatch> two{batch, batch};
    const auto plans = plan(poor, two);
    CHECK(plans[0].finish == t0 + 24h + 4min);
    CHECK(plans[1] == Plan{{{Why::budget, 4, "the day's budget"}}, t0 + 48h + 4min, 0, false});
}

TEST_CASE("what no budget lets through never comes, and the rest does; a job above the whole limit is not waited for") {
    auto poor = world();
    poor.purses = {{"the batch's budget", 100_credits, 100_credits, Why::budget, {}},
                   {"the day's budget", 0_credits, 40_credits, Why::budget, [](Instant after) { return after + 1h; }}};
    auto batch = batch_of(5);
    batch.purses = {0};
    CHECK(only(poor, batch) == Plan{{{Why::budget, 3, "the batch's budget"}}, t0 + 4min, 3, false});
    batch.purses = {1};
    CHECK(only(poor, batch) == Plan{{{Why::budget, 5, "the day's budget"}}, std::nullopt, 5, false});
}

TEST_CASE("a job that is too dear lets a cheap one go before it") {
    auto poor = world();
    poor.purses = {{"the balance", 50_credits, 50_credits, Why::credits, {}}};
    auto batch = batch_of(1, 60_credits);
    batch.jobs.push_back({40_credits, 1min});
    batch.purses = {0};
    CHECK(only(poor, batch) == Plan{{{Why::credits, 1, "the balance"}}, t0 + 1min, 1, false});
}

TEST_CASE("a window that is closed is waited for; one that nobody has configured, for ever") {
    auto batch = batch_of(2);
    batch.window = "night";
    batch.stand = [](Instant at) { return at < t0 + 2h ? WindowStand{std::nullopt, t0 + 2h} : WindowStand{std::chrono::local_days{}, t0 + 10h}; };
    CHECK(only(world(), batch) == Plan{{{Why::window, 2, "the window night"}}, t0 + 2h + 4min, 0, false});
    batch.stand = {};
    CHECK(only(world(), batch).never == 2);
}

TEST_CASE("a pause that ends is waited for; a person's yes is taken for given, and said") {
    auto paused = world();
    paused.stops = {{Why::pause, "paused until midnight", t0 + 2h}};
    CHECK(only(paused, batch_of(2)) == Plan{{{Why::pause, 2, "paused until midnight"}}, t0 + 2h + 4min, 0, false});
    auto dear = batch_of(30);
    dear.stops = {{Why::review, "estimated above credits.ask_above", std::nullopt}};
    CHECK(only(world(), dear) == Plan{{{Why::review, 30, "estimated above credits.ask_above"}}, t0 + 10'100ms + 4min, 0, true});
}

TEST_CASE("ten thousand jobs through a small daily budget are planned to the end") {
    auto poor = world();
    poor.purses = {{"the day's budget", 440_credits, 440_credits, Why::budget, [](Instant after) { return after + 24h - (after - t0) % 24h; }}};
    auto batch = batch_of(10'000);
    batch.purses = {0};
    const auto plan = only(poor, batch);
    CHECK(plan.never == 0);
    CHECK(plan.finish == t0 + 24h * 999 + 4min);
}

}  // namespace
}  // namespace motionspool::domain
