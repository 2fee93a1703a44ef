#include "domain/schedule.hpp"
#include <doctest/doctest.h>
#include <vector>

namespace motionspool::domain {
namespace {
using namespace std::chrono_literals;

constexpr BootTime t0{1h};
constexpr JobId first{1}, second{2}, third{3};
const Lane open_one = open_lane(Rate{20, 10s});

Lane paused(LanePause::Why why, BootTime until = t0 + 1min, bool probe = true) {
    auto lane = open_one;
    lane.pause = LanePause{why, "because", until, probe};
    return lane;
}
std::optional<Why> why(const World& world, const Candidate& job = {first, std::nullopt}) {
    const auto wait = blocked(job, world, t0);
    return wait ? std::optional{wait->why} : std::nullopt;
}
std::optional<JobId> chosen(const std::variant<JobId, LookAgain>& decision) {
    return std::holds_alternative<JobId>(decision) ? std::optional{std::get<JobId>(decision)} : std::nullopt;
}

TEST_CASE("a job that nothing stands against is not blocked") {
    CHECK_FALSE(blocked({first, std::nullopt}, {.lane = open_one}, t0));
    CHECK_FALSE(blocked({first, t0}, {.lane = open_one}, t0));
    CHECK_FALSE(blocked({first, std::nullopt}, {.lane = open_one, .running = 99, .limit = 100}, t0));
}

TEST_CASE("a job backs off until its instant") {
    const auto wait = blocked({first, t0 + 7s}, {.lane = open_one}, t0);
    CHECK(wait == Blocked{Why::backoff, t0 + 7s, "its last try failed and cost nothing"});
    CHECK_FALSE(blocked({first, t0 + 7s}, {.lane = open_one}, t0 + 7s));
}

TEST_CASE("a pause is told with its words and its end") {
    CHECK(blocked({first, std::nullopt}, {.lane = paused(LanePause::Why::credits)}, t0) == Blocked{Why::credits, t0 + 1min, "because"});
    CHECK(blocked({first, std::nullopt}, {.lane = paused(LanePause::Why::provider)}, t0) == Blocked{Why::provider, t0 + 1min, "because"});
    CHECK(blocked({first, std::nullopt}, {.lane = paused(LanePause::Why::rate, t0 + 1s, false)}, t0) == Blocked{Why::rate, t0 + 1s, "because"});
}

TEST_CASE("a pause that waits for a probe holds beyond its instant, any other ends by itself") {
    CHECK(why({.lane = paused(LanePause::Why::provider, t0 - 1s, true)}) == Why::provider);
    CHECK(why({.lane = paused(LanePause::Why::credits, t0 - 1s, true)}) == Why::credits);
    CHECK_FALSE(why({.lane = paused(LanePause::Why::rate, t0, false)}));
    CHECK(why({.lane = paused(LanePause::Why::rate, t0 + 1ms, false)}) == Why::rate);
}

TEST_CASE("a low disk is told with its numbers") {
    const World world{.low_disk = LowDisk{"/srv/out", 1'950'000'000, 5'000'000'000}, .lane = open_one};
    CHECK(blocked({first, std::nullopt}, world, t0) == Blocked{Why::disk, std::nullopt, "/srv/out has 1.9 GB free, less than the 5.0 GB of output.keep_free"});
}

std::string told(const World& world) { return blocked({first, std::nullopt}, world, t0)->numbers; }

TEST_CASE("places held by lost answers are told as what they are, with how long they are held and the command that frees them") {
    World world{.lane = open_one, .running = 0, .limit = 2, .lost = 2, .lost_until = t0 + 90min};
    const auto wait = blocked({first, std::nullopt}, world, t0);
    REQUIRE(wait);
    CHECK(wait->why == Why::running);
    CHECK(wait->until == t0 + 90min);
    CHECK(wait->numbers ==
          "no task is running and 2 may be, as no clear answers came to their submissions; they take 2 of 2 places, the first of those for 1 h 30 min at most");
    CHECK(wait->remedy.starts_with("`motionspool uncertain list` shows those whose answers were lost; `uncertain write-off` or `resubmit` frees a place"));
    CHECK_FALSE(needs_a_person(*wait));
    CHECK(lane_blocked(world, t0) == wait);
    world.limit = 3;
    CHECK_FALSE(blocked({first, std::nullopt}, world, t0));
    world.entering = 1;
    CHECK(told(world) ==
          "1 task is running and 2 more may be, as no clear answers came to their submissions; they take 3 of 3 places, the first of those for 1 h 30 min at "
          "most");
    world = {.lane = open_one, .running = 5, .limit = 6, .lost = 1, .lost_until = t0 + 7min};
    CHECK(told(world) ==
          "5 tasks are running and 1 more may be, as no clear answer came to its submission; they take 6 of 6 places, that one for 7 min at most");
    world = {.lane = open_one, .running = 0, .limit = 1, .lost = 1, .lost_until = t0 - 1s};
    CHECK(told(world) == "no task is running and 1 may be, as no clear answer came to its submission; they take 1 of 1 place, that one for 0 ms at most");
    world.limit.reset();
    CHECK_FALSE(blocked({first, std::nullopt}, world, t0));
}

TEST_CASE("no more submissions are unanswered at once than answers could be kept outside the database") {
    auto lane = open_one;
    lane.answer_time = 180s;  // by the rate alone 720 of them
    const RateLog rate{Rate{20, 10s}};
    const World world{.lane = lane, .unanswered = 509, .places = 510, .rate = &rate};
    CHECK_FALSE(blocked({first, std::nullopt}, world, t0));
    auto full = world;
    full.entering = 1;
    CHECK(blocked({first, std::nullopt}, full, t0) ==
          Blocked{Why::rate, std::nullopt,
                  "510 submissions are under way, and no more answers could be kept in the money side-file; the next one follows theirs"});
    full.places.reset();
    CHECK_FALSE(blocked({first, std::nullopt}, full, t0));
    for (const bool let_in : {false, true}) {  // also of those let in before: the file may have fewer places by now
        const World none{.lane = lane, .unanswered = 2, .places = 2, .let_in = let_in, .rate = &rate};
        CHECK(blocked({first, std::nullopt}, none, t0));
    }
}

TEST_CASE("who has been let in counts as running") {
    CHECK_FALSE(why({.lane = open_one, .running = 98, .limit = 100, .entering = 1}));
    const auto wait = blocked({first, std::nullopt}, {.lane = open_one, .running = 98, .limit = 100, .entering = 2}, t0);
    CHECK(wait == Blocked{Why::running, std::nullopt, "100 of 100 tasks are running"});
    CHECK(why({.lane = open_one, .running = 0, .limit = 0}) == Why::running);
    CHECK_FALSE(why({.lane = open_one, .running = 100'000}));
}

TEST_CASE("a narrowed lane lets one in at a time, whether it is connecting or unanswered") {
    World world{.lane = open_one};
    world.lane.one_at_a_time = true;
    CHECK_FALSE(why(world));
    world.entering = 1;
    CHECK(why(world) == Why::provider);
    world.entering = 0;
    world.unanswered = 1;
    CHECK(why(world) == Why::provider);
    world.lane.one_at_a_time = false;
    CHECK_FALSE(why(world));
}

TEST_CASE("a full rate window is told with its numbers and the instant a place gets free") {
    RateLog log{Rate{2, 10s}};
    log.armed(AttemptId{1}, t0 - 2s, t0 - 1s);
    log.armed(AttemptId{2}, t0 - 1s, t0);
    World world{.lane = open_lane(Rate{2, 10s}), .rate = &log};
    CHECK(blocked({first, std::nullopt}, world, t0) == Blocked{Why::rate, t0 + 9'100ms, "2 of 2 places of the rate window are taken"});
    CHECK_FALSE(blocked({first, std::nullopt}, world, t0 + 9'100ms));
    world.entering = 1;  // takes the first place that gets free
    CHECK(blocked({first, std::nullopt}, world, t0 + 9'100ms) == Blocked{Why::rate, t0 + 10'100ms, "2 of 2 places of the rate window are taken"});
    world.entering = 2;  // who comes third cannot be told when
    CHECK(blocked({first, std::nullopt}, world, t0 + 9'100ms) == Blocked{Why::rate, std::nullopt, "3 of 2 places of the rate window are taken"});
}

TEST_CASE("a narrower lane uses fewer places of the window") {
    RateLog log{Rate{20, 10s}};
    log.armed(AttemptId{1}, t0 - 1s, t0);
    World world{.lane = open_one, .rate = &log};
    CHECK_FALSE(why(world));
    world.lane.width = 1;
    CHECK(why(world) == Why::rate);
}

TEST_CASE("of several reasons the first in the order of the interface is told") {
    RateLog full{Rate{1, 10s}};
    full.armed(AttemptId{1}, t0);
    World world{.low_disk = LowDisk{"/", 0, 1}, .lane = paused(LanePause::Why::provider), .running = 1, .limit = 1, .unanswered = 1, .rate = &full};
    world.lane.one_at_a_time = true;
    const Candidate late{first, t0 + 1s};
    CHECK(why(world, late) == Why::provider);
    world.lane.pause = LanePause{LanePause::Why::credits, "poor", t0 + 1s, true};
    CHECK(why(world, late) == Why::provider);  // narrowed
    world.lane.one_at_a_time = false;
    CHECK(why(world, late) == Why::disk);
    world.low_disk.reset();
    CHECK(why(world, late) == Why::backoff);
    CHECK(why(world) == Why::credits);
    world.lane.pause = LanePause{LanePause::Why::rate, "slow", t0 + 1s, false};
    CHECK(why(world, late) == Why::backoff);
    CHECK(why(world) == Why::running);
    world.limit.reset();
    const Candidate ready{first, std::nullopt};
    REQUIRE(why(world) == Why::rate);
    CHECK(blocked(ready, world, t0)->numbers == "slow");
    world.lane.pause.reset();
    world.lane.width = 1;
    REQUIRE(why(world) == Why::rate);
    CHECK(blocked(ready, world, t0)->numbers == "1 of 1 places of the rate window are taken");
    CHECK(why(world, late) == Why::backoff);
}

TEST_CASE("the first in order that is not blocked goes next") {
    const std::vector<Candidate> jobs{{first, t0 + 9s}, {second, std::nullopt}, {third, std::nullopt}};
    CHECK(chosen(decide({.lane = open_one}, jobs, t0)) == second);
    CHECK(chosen(decide({.lane = open_one}, jobs, t0 + 9s)) == first);
}

TEST_CASE("a reason of the lane ends the search and says when to look again") {
    const std::vector<Candidate> jobs{{first, t0 + 1s}, {second, std::nullopt}};
    const auto decision = decide({.lane = paused(LanePause::Why::credits, t0 + 1min)}, jobs, t0);
    REQUIRE_FALSE(chosen(decision));
    CHECK(std::get<LookAgain>(decision).at == t0 + 1min);
    const auto full = decide({.lane = open_one, .running = 1, .limit = 1}, jobs, t0);
    REQUIRE_FALSE(chosen(full));
    CHECK_FALSE(std::get<LookAgain>(full).at);
}

TEST_CASE("when all back off, it is looked again at the first that ends") {
    const std::vector<Candidate> jobs{{first, t0 + 9s}, {second, t0 + 3s}, {third, t0 + 5s}};
    const auto decision = decide({.lane = open_one}, jobs, t0);
    REQUIRE_FALSE(chosen(decision));
    CHECK(std::get<LookAgain>(decision).at == t0 + 3s);
}

TEST_CASE("without a job there is nothing to look at again, even in a pause") {
    const auto decision = decide({.lane = paused(LanePause::Why::provider)}, {}, t0);
    REQUIRE_FALSE(chosen(decision));
    CHECK_FALSE(std::get<LookAgain>(decision).at);
}

TEST_CASE("the reasons have the names and the order of the interface") {
    const std::vector<std::string_view> names{"review", "hold",    "approval", "quarantine", "pause",   "output",  "provider", "disk",
                                              "window", "breaker", "backoff",  "budget",     "credits", "running", "rate"};
    for (std::size_t i = 0; i < names.size(); i++) CHECK(to_string(static_cast<Why>(i)) == names[i]);
    CHECK(static_cast<std::size_t>(Why::rate) + 1 == names.size());
}

}  // namespace
}  // namespace motionspool::domain
