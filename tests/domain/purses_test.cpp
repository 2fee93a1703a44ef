#include <doctest/doctest.h>
#include <algorithm>
#include <functional>
#include <vector>
#include "domain/balance.hpp"
#include "domain/remedy.hpp"
#include "domain/schedule.hpp"

// Reasons that lie in money and in words of people: review, hold, window, breaker, budgets, the balance, `pause`, quarantine.
namespace motionspool::domain {
namespace {
using namespace std::chrono_literals;
using namespace motionspool::literals;

constexpr BootTime t0{1h};
const World open_world{.lane = open_lane(Rate{20, 10s})};

Candidate job(const Terms& terms, Credits price = 44_credits) { return {JobId{1}, std::nullopt, price, false, std::nullopt, &terms}; }
std::optional<Blocked> against(const Terms& terms, Credits price = 44_credits, const World& world = open_world) {
    return blocked(job(terms, price), world, t0);
}
Held held(BootTime until, bool trial = false) { return {"image", {"moderation", 5, 15min}, until, trial}; }

TEST_CASE("a job waits for the batch's budget, and says what is left of it") {
    const Terms terms{.window = {}, .purses = {{"the batch's budget", 200_credits, 30_credits, 150_credits, {}, std::nullopt, "X"}}};
    CHECK(against(terms) == Blocked{Why::budget, std::nullopt,
                                    "the batch's budget of 200 credits has 20 left (30 spent, 150 reserved); the job is estimated at 44",
                                    "it goes on by itself only if what runs costs less than was reserved for it; X raises it"});
    CHECK_FALSE(against(terms, 20_credits));
    CHECK(against(terms, Credits::from_milli(20'001)));
}

TEST_CASE("a budget says what makes room in it: time, cheaper tasks, or only a person") {
    const auto remedy = [](Purse purse) { return against({.window = {}, .purses = {std::move(purse)}})->remedy; };
    CHECK(remedy({"the day", 100_credits, 90_credits, {}, {}, t0 + 3h, "credits.per_day"}) ==
          "it goes on by itself when the budget is a new one; credits.per_day raises it");
    CHECK(remedy({"the batch", 100_credits, 90_credits, {}, {}, std::nullopt, "X"}) == "nothing of it comes back; X raises it");
    CHECK(remedy({"the day", 43_credits, {}, {}, {}, t0 + 3h, "credits.per_day"}) == "no job of this price ever fits; raise it: credits.per_day");
}

TEST_CASE("who has been let in counts in every purse, and nothing is left of one that is overdrawn") {
    const Terms terms{.window = {}, .purses = {{"the day", 100_credits, 30_credits, 0_credits, 44_credits, t0 + 3h}}};
    CHECK(against(terms)->numbers == "the day of 100 credits has 26 left (30 spent, 44 reserved); the job is estimated at 44");
    CHECK(against(terms)->until == t0 + 3h);
    const Terms over{.window = {}, .purses = {{"the day", 100_credits, 300_credits, 0_credits, {}, t0 + 3h}}};
    CHECK(against(over)->numbers.find("has 0 left") != std::string::npos);
}

TEST_CASE("of several purses that are short the one that stays so longest is told") {
    const Purse day{"the day", 100_credits, 90_credits, {}, {}, t0 + 3h}, month{"the month", 100_credits, 90_credits, {}, {}, t0 + 72h},
        batch{"the batch", 100_credits, 90_credits, {}, {}, std::nullopt}, full{"the share", 100_credits, {}, {}, {}, t0 + 1h};
    CHECK(against({.window = {}, .purses = {day, month, full}})->until == t0 + 72h);
    CHECK(against({.window = {}, .purses = {month, day, full}})->numbers.starts_with("the month"));
    CHECK(against({.window = {}, .purses = {day, batch, month}})->numbers.starts_with("the batch"));
    CHECK(room({.window = {}, .purses = {day, full}}) == 10_credits);
    CHECK_FALSE(room({}));
}

TEST_CASE("holds, reviews and closed windows are told with what ends them") {
    CHECK(against({.review = true, .window = {}, .purses = {}})->why == Why::review);
    CHECK(against({.review = true, .window = {}, .purses = {}, .estimate = 264_credits, .ask_above = 200_credits})->numbers ==
          "the batch is estimated at 264 credits, above credits.ask_above (200)");
    CHECK(against({.review = true, .window = {}, .purses = {}, .estimate = 1_credits, .ask_above = 200_credits})->numbers ==
          "the batch was estimated above credits.ask_above when it was accepted or more was appended; what is left of it is estimated at 1 credit "
          "(the limit is 200 now)");
    CHECK(against({.held = true, .window = {}, .purses = {}}) == Blocked{Why::hold, std::nullopt, "the batch is held"});
    const Terms terms{.window = Shut{"night", "Tue 2026-11-24 22:00", t0 + 2h}, .purses = {}};
    CHECK(against(terms) == Blocked{Why::window, t0 + 2h, "the window night opens Tue 2026-11-24 22:00"});
    CHECK_FALSE(blocked(job(terms), open_world, t0 + 2h));
    const Terms fine;
    auto one = job(fine);
    one.held = true;
    CHECK(blocked(one, open_world, t0) == Blocked{Why::hold, std::nullopt, "the job is held", "`motionspool release BATCH/JOB` lets it go"});
}

TEST_CASE("what only a person can give is told from what comes by itself: a budget that is not renewed or too small, a window that there is not") {
    const auto by_budget = [](Purse purse) { return needs_a_person(*against({.window = {}, .purses = {std::move(purse)}})); };
    CHECK_FALSE(by_budget({"the day", 100_credits, 90_credits, {}, {}, t0 + 3h}));
    CHECK(by_budget({"the batch", 100_credits, 90_credits, {}, {}, std::nullopt}));
    CHECK(by_budget({"the day", 43_credits, {}, {}, {}, t0 + 3h}));
    const auto shut = [](std::optional<BootTime> opens) { return *against({.window = Shut{"night", "never", opens}, .purses = {}}); };
    CHECK_FALSE(needs_a_person(shut(t0 + 2h)));
    CHECK(needs_a_person(shut(std::nullopt)));
    CHECK(shut(std::nullopt).remedy == "it never goes on by itself; `motionspool set BATCH window=none`, or a window that there is, lets it go");
    for (const auto why : {Why::review, Why::hold, Why::approval, Why::quarantine, Why::pause}) CHECK(needs_a_person({why, std::nullopt, ""}));
    CHECK_FALSE(needs_a_person({Why::pause, t0 + 1h, ""}));
    for (const auto why : {Why::output, Why::provider, Why::disk, Why::breaker, Why::backoff, Why::credits, Why::running, Why::rate})
        CHECK_FALSE(needs_a_person({why, std::nullopt, ""}));
}

TEST_CASE("a broken group waits for the instant of its trial, and while the trial runs") {
    const Terms fine;
    auto one = job(fine);
    one.breaker = held(t0 + 5min);
    one.breaker->name = "fox.png";
    one.breaker->probe_after = 15min;
    CHECK(blocked(one, open_world, t0) ==
          Blocked{Why::breaker, t0 + 5min,
                  "the last 5 tries with the image fox.png failed (moderation); one job tries 15 min after the last failure (limits.breaker.probe_after)"});
    CHECK_FALSE(blocked(one, open_world, t0 + 5min));
    one.breaker = held(t0 - 5min, true);
    CHECK(blocked(one, open_world, t0)->numbers == "the last 5 tries with the image failed (moderation); one job is trying now");
}

TEST_CASE("the balance holds back what it does not cover, those on their way included, down to what must be kept") {
    World world = open_world;
    world.funds = {100_credits, 0_credits, 0_credits};
    const Terms fine;
    CHECK_FALSE(against(fine, 100_credits, world));
    CHECK(against(fine, Credits::from_milli(100'001), world)->why == Why::credits);
    world.funds.entering = 60_credits;
    CHECK(against(fine, 44_credits, world) ==
          Blocked{Why::credits, std::nullopt, "the account has 40 credits left for new jobs; the next one is estimated at 44; top it up"});
    world.funds = {100_credits, 50_credits, 0_credits};
    CHECK_FALSE(against(fine, 50_credits, world));
    CHECK(against(fine, 51_credits, world)->numbers.find("50 of which are kept (credits.keep_balance)") != std::string::npos);
}

TEST_CASE("a balance that is not known holds back only what must be kept") {
    World world = open_world;
    const Terms fine;
    CHECK_FALSE(against(fine, 1000_credits, world));
    world.funds.keep = 1_credits;
    CHECK(against(fine, 1_credits, world)->numbers == "the account's balance cannot be read, and credits.keep_balance is 1");
}

TEST_CASE("`pause` ends by itself at its instant, quarantine never does") {
    World world = open_world;
    world.pause = Stopped{"paused until noon", t0 + 1h};
    const Terms fine;
    CHECK(against(fine, 1_credits, world) == Blocked{Why::pause, t0 + 1h, "paused until noon"});
    CHECK_FALSE(blocked(job(fine), world, t0 + 1h));
    world.quarantine = "an old database";
    CHECK(blocked(job(fine), world, t0 + 1000h) == Blocked{Why::quarantine, std::nullopt, "an old database"});
}

TEST_CASE("while a folder is away nothing is submitted, and its path and the way out are told") {
    World world = open_world;
    world.away = Away{"the output folder", "/srv/motionspool"};
    const Terms fine;
    const auto reason = against(fine, 1_credits, world);
    REQUIRE(reason);
    CHECK(*reason == Blocked{Why::output, std::nullopt, "the output folder /srv/motionspool is away; is it not mounted?"});
    CHECK(remedy(*reason, "b", "j").find("run --take-over") != std::string::npos);
}

TEST_CASE("of everything that stands against a job the first in the order of the interface is told") {
    RateLog full{Rate{1, 10s}};
    full.armed(AttemptId{1}, t0);
    World world{.quarantine = "old",
                .away = Away{"the output folder", "/srv"},
                .low_disk = LowDisk{"/", 0, 1},
                .lane = open_lane(Rate{1, 10s}),
                .running = 1,
                .limit = 1,
                .rate = &full};
    world.lane.pause = LanePause{LanePause::Why::provider, "down", t0 + 1s, true};
    world.pause = Stopped{"lunch", std::nullopt};
    world.funds.available = 0_credits;
    Terms terms{.review = true, .held = true, .window = Shut{"night", "later", t0 + 1h}, .purses = {{"the batch", 0_credits, {}, {}, {}, {}}}};
    Candidate one{JobId{1}, t0 + 1s, 44_credits, false, held(t0 + 1min), &terms};
    std::vector<Why> told;
    const std::vector<std::function<void()>> mend{[&] { terms.review = false; },   [&] { terms.held = false; },   [&] { world.quarantine.reset(); },
                                                  [&] { world.pause.reset(); },    [&] { world.away.reset(); },   [&] { world.lane.pause.reset(); },
                                                  [&] { world.low_disk.reset(); }, [&] { terms.window.reset(); }, [&] { one.breaker.reset(); },
                                                  [&] { one.not_before.reset(); }, [&] { terms.purses.clear(); }, [&] { world.funds.available = 44_credits; },
                                                  [&] { world.limit.reset(); },    [&] { world.rate = nullptr; }};
    for (const auto& step : mend) {
        const auto reason = blocked(one, world, t0);
        REQUIRE(reason);
        told.push_back(reason->why);
        step();
    }
    CHECK_FALSE(blocked(one, world, t0));
    CHECK(std::ranges::is_sorted(told));
    CHECK(std::ranges::adjacent_find(told) == told.end());
    CHECK(told.front() == Why::review);
    CHECK(told.back() == Why::rate);
}

TEST_CASE("a reason of a job's own is skipped over; one of the lane ends the search, so that cheap jobs do not starve dear ones") {
    World world = open_world;
    world.funds.available = 50_credits;
    const Terms fine, spent{.window = {}, .purses = {{"the batch", 10_credits, 10_credits, {}, {}, t0 + 1h}}};
    Candidate poor{JobId{1}, std::nullopt, 1_credits, false, std::nullopt, &spent}, dear{JobId{2}, std::nullopt, 60_credits, false, std::nullopt, &fine},
        cheap{JobId{3}, std::nullopt, 10_credits, false, std::nullopt, &fine};
    const std::vector<Candidate> in_order{poor, dear, cheap}, without{poor, cheap}, only{poor};
    CHECK(std::get<LookAgain>(decide(world, in_order, t0)).lane == Why::credits);
    CHECK(std::get<JobId>(decide(world, without, t0)) == JobId{3});
    CHECK(std::get<LookAgain>(decide(world, only, t0)).at == t0 + 1h);
    CHECK_FALSE(std::get<LookAgain>(decide(world, only, t0)).lane);
}

TEST_CASE("higher priority goes before everything; then the share with the least used by weight; then age") {
    std::vector<Turn> turns{{0, 300_credits, 3, 4}, {0, 90_credits, 1, 3}, {5, 10'000_credits, 1, 6},
                            {0, 90_credits, 1, 2},  {-1, 0_credits, 1, 1}, {0, 240_credits, 3, 5}};
    std::ranges::sort(turns, goes_before);
    std::vector<std::int64_t> ages;
    for (const auto& turn : turns) ages.push_back(turn.age);
    CHECK(ages == std::vector<std::int64_t>{6, 5, 2, 3, 4, 1});  // 80, 90, 90, 100 a unit of weight
}

TEST_CASE("the balance is asked for after 5 s, growing to 60 s; what is missing from it is another's") {
    CHECK(next_reading(0) == 5s);
    CHECK(next_reading(1) == 5s);
    CHECK(next_reading(2) == 10s);
    CHECK(next_reading(5) == 60s);
    CHECK(next_reading(500) == 60s);
    CHECK_FALSE(drift(100_credits, 60_credits, 40_credits));
    CHECK_FALSE(drift(100_credits, 160_credits, 40_credits));
    CHECK(drift(100_credits, 50_credits, 40_credits) == 10_credits);
}

TEST_CASE("what raised an estimate is told with the budget it does not fit into") {
    const Terms terms{.window = {}, .purses = {{"the batch's budget", 200_credits, 30_credits, 150_credits, {}, std::nullopt}}};
    auto dear = job(terms, 55_credits);
    dear.configured = 44_credits;
    CHECK(blocked(dear, open_world, t0)
              ->numbers.ends_with(
                  "estimated at 55; credits.per_second and credits.minimum make it 44, but videos have cost more, which counts until three in a row "
                  "cost less"));
}

}  // namespace
}  // namespace motionspool::domain
