#include "domain/lane.hpp"
#include <doctest/doctest.h>

namespace motionspool::domain {
namespace {
using namespace std::chrono_literals;
using namespace motionspool::literals;
using enum LanePause::Why;

constexpr BootTime t0{1h};
const std::optional<Rate> twenty = Rate{20, 10s};
Lane next(Lane lane, Submission outcome, BootTime now = t0) { return after(std::move(lane), outcome, now, twenty); }
Lane refuse(Refusal why, Lane lane = open_lane(twenty)) { return next(std::move(lane), Refused{why, "402: no"}); }

TEST_CASE("a lane opens at the full width of its rate window") {
    CHECK(open_lane(twenty) == Lane{.width = 20});
    CHECK(open_lane(std::nullopt) == Lane{.width = 0});
}

TEST_CASE("an accepted task leaves an open lane as it is") { CHECK(next(open_lane(twenty), Accepted{"t"}) == open_lane(twenty)); }

TEST_CASE("throttling halves the width, pauses for a window, and asks for no probe") {
    const auto lane = next(open_lane(twenty), SlowDown{std::nullopt, "429"});
    REQUIRE(lane.pause);
    CHECK(lane.width == 10);
    CHECK(lane.pause->why == rate);
    CHECK(lane.pause->until == t0 + 10'100ms);
    CHECK_FALSE(lane.pause->probe);
    CHECK(lane.pause->text == "the provider asks to slow down (429)");
    CHECK_FALSE(lane.one_at_a_time);
}

TEST_CASE("a Retry-After lengthens the pause and never shortens it") {
    CHECK(next(open_lane(twenty), SlowDown{30s, ""}).pause->until == t0 + 30s);
    CHECK(next(open_lane(twenty), SlowDown{1s, ""}).pause->until == t0 + 10'100ms);
    CHECK(next(open_lane(twenty), SlowDown{0s, ""}).pause->until == t0 + 10'100ms);
    CHECK(after(open_lane(std::nullopt), SlowDown{}, t0, std::nullopt).pause->until >= t0 + 10s);
}

TEST_CASE("the width goes down to one, no further, and grows by one when a window's worth was accepted, up to the limit") {
    Lane lane = open_lane(twenty);
    BootTime now = t0;
    for (const int width : {10, 5, 2, 1, 1}) {
        lane = next(lane, SlowDown{}, now);
        CHECK(lane.width == width);
        now = lane.pause->until;
    }
    for (const int width : {2, 2, 3, 3, 3, 4}) {
        lane = next(lane, Accepted{"t"});
        CHECK(lane.width == width);
    }
    for (int i = 0; i < 200; i++) lane = next(lane, Accepted{"t"});
    CHECK(lane.width == 20);
}

TEST_CASE("an acceptance while the lane is throttled does not end the pause") {
    const auto slow = next(open_lane(twenty), SlowDown{});
    CHECK(next(slow, Accepted{"t"}).pause == slow.pause);
    CHECK(refuse(Refusal::no_character, slow).pause == slow.pause);
}

TEST_CASE("one lost answer narrows the lane to one at a time, the third in a row pauses it") {
    const Uncertain lost{"reset"};
    auto lane = next(open_lane(twenty), lost);
    CHECK(lane == Lane{.uncertain_in_row = 1, .one_at_a_time = true, .width = 20});
    lane = next(lane, lost);
    CHECK_FALSE(lane.pause);
    lane = next(lane, lost);
    REQUIRE(lane.pause);
    CHECK(*lane.pause == LanePause{provider, "3 submissions in a row had no clear answer (reset)", t0 + 5s, true});
    CHECK(lane.one_at_a_time);
}

TEST_CASE("after three lost answers every further one pauses again, for longer") {
    Lane lane = open_lane(twenty);
    for (int i = 0; i < 3; i++) lane = next(lane, Uncertain{"reset"});
    for (const auto length : {10s, 20s, 40s, 80s, 160s, 300s, 300s}) {
        lane = after_probe(lane, {.answered = true, .balance = 1000_credits}, 44_credits, t0);
        REQUIRE_FALSE(lane.pause);
        CHECK(lane.one_at_a_time);
        lane = next(lane, Uncertain{"reset"});
        REQUIRE(lane.pause);
        CHECK(lane.pause->until == t0 + length);
    }
}

TEST_CASE("a clean answer forgives what was before: an acceptance, or a refusal that is the job's own fault") {
    const Lane troubled{.trouble_in_row = 4, .uncertain_in_row = 2, .one_at_a_time = true, .width = 20};
    CHECK(next(troubled, Accepted{"t"}) == open_lane(twenty));
    for (const auto why : {Refusal::bad_parameter, Refusal::field_required, Refusal::no_upper_body, Refusal::no_character, Refusal::image_fetch})
        CHECK(refuse(why, troubled) == open_lane(twenty));
    Lane paused = troubled;
    paused.pause = LanePause{provider, "lost", t0 + 1min, true};
    CHECK(next(paused, Accepted{"t"}) == open_lane(twenty));
}

TEST_CASE("a refusal that is the lane's fault pauses it with its reason until a probe") {
    struct Row {
        Refusal why;
        LanePause::Why reason;
        std::chrono::milliseconds length;
        const char* says;
    };
    for (const auto& row : {Row{Refusal::credits, credits, 5s, "top it up"}, Row{Refusal::key_limit, credits, 5s, "raise it at the provider"},
                            Row{Refusal::key, provider, 60s, "put the right one into place"}, Row{Refusal::forbidden, provider, 60s, "allow-list"},
                            Row{Refusal::maintenance, provider, 30s, "maintenance"}, Row{Refusal::disabled, provider, 15min, "disabled"},
                            Row{Refusal::edge, provider, 60s, "provider.api_url"}}) {
        const auto lane = refuse(row.why);
        INFO(row.says);
        REQUIRE(lane.pause);
        CHECK(lane.pause->why == row.reason);
        CHECK(lane.pause->until == t0 + row.length);
        CHECK(lane.pause->probe);
        CHECK(lane.pause->text.find(row.says) != std::string::npos);
        CHECK(lane.pause->text.find("402: no") != std::string::npos);
        CHECK(lane.one_at_a_time);
        CHECK(lane.trouble_in_row == 1);
    }
}

TEST_CASE("what was not sent pauses the lane, longer each time") {
    Lane lane = open_lane(twenty);
    BootTime now = t0;
    for (const auto length : {5s, 10s, 20s}) {
        lane = next(lane, NotSent{"connection refused"}, now);
        CHECK(lane.pause->until == now + length);
        now = lane.pause->until;
        CHECK(lane.pause->why == provider);
        CHECK(lane.pause->text == "the provider cannot be reached: connection refused");
    }
}

TEST_CASE("many answers of one burst are one trouble, and one throttling") {
    auto lane = refuse(Refusal::credits);
    const auto once = lane;
    for (int i = 1; i < 20; i++) lane = next(lane, Refused{Refusal::credits, "402: no"}, t0 + 100ms * i);
    CHECK(lane.trouble_in_row == 1);
    CHECK(lane.pause->until >= once.pause->until);
    CHECK(lane.pause->until <= t0 + 1900ms + 5s);
    auto slow = next(open_lane(twenty), SlowDown{});
    for (int i = 1; i < 20; i++) slow = next(slow, SlowDown{}, t0 + 100ms * i);
    CHECK(slow.width == 10);
    CHECK(slow.pause->until == t0 + 1900ms + 10'100ms);
}

TEST_CASE("throttling shortens no longer pause, and replaces none that waits for a probe") {
    const auto asked = next(open_lane(twenty), SlowDown{30s, ""});
    CHECK(next(asked, SlowDown{}, t0 + 1s).pause->until == t0 + 30s);
    CHECK(next(asked, SlowDown{}, t0 + 25s).pause->until == t0 + 35'100ms);
    CHECK(next(asked, SlowDown{}, t0 + 1min).pause->until == t0 + 70'100ms);
    CHECK(next(refuse(Refusal::credits), SlowDown{}).pause->until == t0 + 10'100ms);
    const auto poor = refuse(Refusal::disabled);
    const auto slowed = next(poor, SlowDown{}, t0 + 1s);
    REQUIRE(slowed.pause);
    CHECK(slowed.pause->until >= t0 + 15min);
    CHECK(slowed.pause->probe);
}

TEST_CASE("a pause doubles from 5 s to 5 min") {
    CHECK(pause_length(1) == 5s);
    CHECK(pause_length(2) == 10s);
    CHECK(pause_length(6) == 160s);
    CHECK(pause_length(7) == 5min);
    CHECK(pause_length(1'000'000) == 5min);
}

TEST_CASE("a good probe opens the lane for one submission at a time") {
    const auto lane = after_probe(refuse(Refusal::forbidden), {.answered = true, .balance = 0_credits}, 44_credits, t0 + 60s);
    CHECK_FALSE(lane.pause);
    CHECK(lane.one_at_a_time);
}

TEST_CASE("a probe that is not answered pauses again, says so, and grows to 5 min") {
    auto lane = refuse(Refusal::key);
    for (const auto length : {10s, 20s, 40s, 80s, 160s, 300s, 300s}) {
        lane = after_probe(lane, {.trouble = "401: no access"}, 44_credits, t0);
        REQUIRE(lane.pause);
        CHECK(lane.pause->until == t0 + length);
        CHECK(lane.pause->text == "the provider does not answer well yet: 401: no access");
        CHECK(lane.pause->probe);
    }
}

TEST_CASE("an account without credits opens once the balance pays for the next job, and is asked every minute at the latest") {
    auto lane = refuse(Refusal::credits);
    for (const auto length : {10s, 20s, 40s, 60s, 60s}) {
        lane = after_probe(lane, {.answered = true, .balance = Credits::from_milli(43'999)}, 44_credits, t0);
        REQUIRE(lane.pause);
        CHECK(lane.pause->until == t0 + length);
        CHECK(lane.pause->text == "the account holds 43.999 credits and the next job needs 44; top it up");
    }
    CHECK_FALSE(after_probe(lane, {.answered = true, .balance = 44_credits}, 44_credits, t0).pause);
    CHECK_FALSE(after_probe(lane, {.answered = true, .balance = std::nullopt}, 44_credits, t0).pause);
}

TEST_CASE("a probe without a pause changes nothing") { CHECK(after_probe(open_lane(twenty), {.trouble = "x"}, 1_credits, t0) == open_lane(twenty)); }

TEST_CASE("the reasons have the names of the interface") {
    CHECK(to_string(provider) == "provider");
    CHECK(to_string(credits) == "credits");
    CHECK(to_string(rate) == "rate");
}

TEST_CASE("a handful of submissions may be unanswered at once; more only where answers are slow for the rate") {
    const Rate rate{20, 10s};
    auto lane = open_lane(rate);
    CHECK(abreast(lane, rate) == 4);
    lane = timed(lane, 40ms);
    CHECK(abreast(lane, rate) == 4);
    lane = timed(lane, 3s);
    CHECK(abreast(lane, rate) == 12);
    lane = timed(lane, 90s);
    CHECK(abreast(lane, rate) == 360);
    for (int n = 0; n < 100; n++) lane = timed(lane, 40ms);
    CHECK(abreast(lane, rate) == 4);
    CHECK(abreast(timed(open_lane(Rate{1, 1ms}), 5ms), Rate{1, 1ms}) == 10);
    CHECK(abreast(lane, Rate{20, 0ms}) >= 4);
}

TEST_CASE("without a rate the handful is all") {
    CHECK(abreast(open_lane(std::nullopt), std::nullopt) == 4);
    CHECK(abreast(timed(open_lane(std::nullopt), 90s), std::nullopt) == 4);
}

TEST_CASE("a lane that is taken up is as narrow as it was left") {
    auto lane = next(next(open_lane(twenty), SlowDown{}), Uncertain{"reset"});
    lane.pause.reset();
    CHECK(narrowing_of(lane, twenty) == Narrowing{true, 10, 0, 1});
    CHECK(take_up(narrowing_of(lane, twenty), std::nullopt, false, t0, twenty) == lane);
    CHECK(narrowing_of(open_lane(twenty), twenty) == Narrowing{});
    CHECK(take_up({}, std::nullopt, false, t0, twenty) == open_lane(twenty));
    CHECK(take_up({}, std::nullopt, false, t0, std::nullopt) == open_lane(std::nullopt));
    CHECK(take_up({.width = 10}, std::nullopt, false, t0, Rate{5, 10s}).width == 5);  // the limits were set anew
    CHECK(take_up({.width = std::nullopt}, std::nullopt, false, t0, Rate{40, 10s}).width == 40);
}

TEST_CASE("a process that died between a submission and its answer leaves one lost answer, and the third life in a row begins with a pause") {
    auto lane = take_up({}, std::nullopt, true, t0, twenty);
    CHECK(lane == Lane{.uncertain_in_row = 1, .one_at_a_time = true, .width = 20});
    lane = take_up(narrowing_of(lane, twenty), std::nullopt, true, t0, twenty);
    CHECK_FALSE(lane.pause);
    for (const auto length : {5s, 10s, 20s}) {
        lane = take_up(narrowing_of(lane, twenty), std::nullopt, true, t0, twenty);
        REQUIRE(lane.pause);
        CHECK(lane.pause->until == t0 + length);
        CHECK(lane.pause->probe);
    }
}

TEST_CASE("of a pause that is taken up the rest is waited for after lost answers and throttling; else a probe comes at once") {
    const LanePause silent{provider, "lost", t0 + 5min, true}, refused{provider, "check the key", t0 + 5min, true}, slow{rate, "429", t0 + 20s, false};
    CHECK(take_up({true, {}, 4, 6}, silent, false, t0, twenty).pause == silent);
    CHECK(take_up({.width = 10}, slow, false, t0, twenty).pause == slow);
    const auto mended = take_up({true, {}, 4, 0}, refused, false, t0, twenty);
    REQUIRE(mended.pause);
    CHECK(mended.pause->until == t0);
    CHECK(mended.pause->probe);
    CHECK(mended.trouble_in_row == 4);
}

TEST_CASE("trouble at home is not said to be the provider's") {
    const auto away = after(open_lane(std::nullopt), NotSent{"connection refused"}, t0, std::nullopt);
    const auto home = after(open_lane(std::nullopt), NotSent{"the side-file cannot be written", true}, t0, std::nullopt);
    CHECK(away.pause->text == "the provider cannot be reached: connection refused");
    CHECK(home.pause->text == "the side-file cannot be written");
    CHECK(home.pause->until == away.pause->until);
    CHECK(home.pause->probe);
}

}  // namespace
}  // namespace motionspool::domain
