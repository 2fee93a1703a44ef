#include <doctest/doctest.h>
#include "memory.hpp"

namespace motionspool::store {
namespace {
using namespace test;

TEST_CASE_FIXTURE(Memory, "every reservation that was open when the balance was asked for, or made since, is at stake, but for what is released") {
    const auto before = arm(job("before")), open = arm(job("open")), refused = arm(job("refused"));
    submit(*before, "t1");
    move(*before, AttemptState::submitted, AttemptState::succeeded, JobState::running, JobState::downloading, 50_credits);
    submit(*open, "t2");
    const auto asked = store->funds.last_entry();
    CHECK(store->funds.at_stake(asked) == 88_credits);  // "before" is in the answer already
    const auto since = arm(job("since"), 10_credits);
    CHECK(store->funds.at_stake(asked) == 98_credits);
    move(*open, AttemptState::submitted, AttemptState::succeeded, JobState::running, JobState::downloading, 44_credits);
    CHECK(store->funds.at_stake(asked) == 98_credits);  // it may have been paid after the answer
    move(*refused, AttemptState::armed, AttemptState::refused, JobState::submitting, JobState::queued);
    CHECK(store->funds.at_stake(asked) == 54_credits);
    submit(*since, "t3");
    move(*since, AttemptState::submitted, AttemptState::succeeded, JobState::running, JobState::downloading, 12_credits);
    CHECK(store->funds.at_stake(asked) == 56_credits);  // more than reserved: the dearer counts
    CHECK(store->funds.at_stake(store->funds.last_entry()) == 0_credits);
    CHECK(store->funds.at_stake(0) == 106_credits);
}

TEST_CASE_FIXTURE(Memory, "what is charged after the balance was asked for is at stake, also of what was closed before") {
    const auto slow = arm(job("slow")), cheap = arm(job("cheap"));
    submit(*slow, "t1");
    submit(*cheap, "t2");
    move(*slow, AttemptState::submitted, AttemptState::overdue, JobState::running, JobState::failed);
    move(*cheap, AttemptState::submitted, AttemptState::overdue, JobState::running, JobState::failed);
    const auto asked = store->funds.last_entry();
    CHECK(store->funds.at_stake(asked) == 0_credits);
    const auto told = [&](AttemptId id, Credits cost) {
        REQUIRE(store->attempts.change(id, {.from = AttemptState::overdue, .to = AttemptState::submitted, .event = "it goes on"}, t0));
        AttemptChange change{.from = AttemptState::submitted, .to = AttemptState::succeeded, .event = "it ended after all"};
        change.consumed = cost;
        REQUIRE(store->attempts.change(id, change, t0));
    };
    told(*slow, 55_credits);
    CHECK(store->funds.at_stake(asked) == 11_credits);
    told(*cheap, 40_credits);  // less than was booked: the balance may have known
    CHECK(store->funds.at_stake(asked) == 11_credits);
}

TEST_CASE_FIXTURE(Memory, "what is at stake is counted anew after a change was taken back, whose entries it may have seen") {
    const auto first = arm(job("first"), 10_credits), second = arm(job("second"), 20_credits);
    submit(*first, "t1");
    submit(*second, "t2");
    const auto asked = store->funds.last_entry();
    CHECK(store->funds.at_stake(asked) == 30_credits);
    {
        Change given_up{*store->db, store->commits};
        move(*first, AttemptState::submitted, AttemptState::succeeded, JobState::running, JobState::downloading, 15_credits);
        CHECK(store->funds.at_stake(asked) == 35_credits);
    }
    CHECK(store->funds.at_stake(asked) == 30_credits);
    move(*second, AttemptState::submitted, AttemptState::succeeded, JobState::running, JobState::downloading, 21_credits);
    CHECK(store->funds.at_stake(asked) == 31_credits);
}

TEST_CASE_FIXTURE(Memory, "quiet is when no reservation is open; what is overdue is closed") {
    CHECK(store->funds.quiet());
    const auto lost = arm(job("lost")), slow = arm(job("slow"));
    CHECK_FALSE(store->funds.quiet());
    submit(*slow, "t1");
    move(*slow, AttemptState::submitted, AttemptState::overdue, JobState::running, JobState::failed);
    lose(*lost);
    CHECK_FALSE(store->funds.quiet());
    move(*lost, AttemptState::uncertain, AttemptState::written_off, JobState::uncertain, JobState::failed);
    CHECK(store->funds.quiet());
    CHECK(store->funds.spent_since(0) == 88_credits);
}

TEST_CASE_FIXTURE(Memory, "the answer to the later question stays") {
    CHECK_FALSE(store->funds.balance());
    store->funds.balance({100_credits, t0, 5});
    store->funds.balance({200_credits, t0 + 1s, 4});
    CHECK(store->funds.balance()->credits == 100_credits);
    store->funds.balance({90_credits, t0 + 2s, 5});
    reopen();
    CHECK(store->funds.balance()->credits == 90_credits);
    CHECK(store->funds.balance()->at == t0 + 2s);
    CHECK(store->funds.balance()->entry == 5);
    store->funds.forget_balance();
    CHECK_FALSE(store->funds.balance());
    store->funds.balance({80_credits, t0 + 3s, 2});  // of a database that was put back
    CHECK(store->funds.balance()->credits == 80_credits);
}

TEST_CASE_FIXTURE(Memory, "a video's charge is learned, and its log says what it raises; three cheaper ones in a row lower that") {
    const auto costs = [&](const std::string& name, Credits cost) {
        const auto id = job(name);
        const auto attempt = arm(id);
        submit(*attempt, "t-" + name);
        move(*attempt, AttemptState::submitted, AttemptState::succeeded, JobState::running, JobState::downloading, cost);
        return store->views.events(id).back().what;
    };
    const auto known = [&] { return store->funds.learned("", domain::Mode::p720).known; };
    CHECK(costs("dear", 55_credits) == "cost 55 credits, more than the 44 reserved; later estimates are raised by that");
    CHECK(known() == std::vector<domain::Charge>{{4s, 55_credits}});
    CHECK(store->funds.learned("", domain::Mode::p1080) == domain::Learned{});
    CHECK(costs("less", 50_credits) == "cost 50 credits, more than the 44 reserved");
    CHECK(costs("second", 44_credits) == "succeeded");
    CHECK(known() == std::vector<domain::Charge>{{4s, 55_credits}});
    reopen();
    CHECK(store->funds.learned("", domain::Mode::p720).cheaper.size() == 2);
    CHECK(costs("third", 44_credits) == "succeeded");
    CHECK(known() == std::vector<domain::Charge>{{4s, 50_credits}});  // the dearest of three
    CHECK(store->funds.learned("", domain::Mode::p720).cheaper.empty());
}

TEST_CASE_FIXTURE(Memory, "what a model was charged is that model's; what nobody told, and what a failure cost, is no price") {
    const auto costs = [&](const std::string& name, AttemptState to, std::optional<Credits> cost) {
        const auto id = job(name);
        const auto attempt = store->attempts.arm({.job = id,
                                                  .request = R"({"model":"a/b","input":{}})",
                                                  .estimate = 44_credits,
                                                  .armed = t0,
                                                  .boot = "boot-1",
                                                  .armed_boot = BootTime{100s},
                                                  .day = "2026-11-24"});
        submit(*attempt, "t-" + name);
        move(*attempt, AttemptState::submitted, to, JobState::running, to == AttemptState::failed ? JobState::failed : JobState::downloading, cost);
    };
    const auto known = [&] { return store->funds.learned("a/b", domain::Mode::p720).known; };
    costs("silent", AttemptState::succeeded, {});
    costs("free", AttemptState::failed, 0_credits);
    costs("half", AttemptState::failed, 22_credits);
    CHECK(known().empty());
    costs("dear", AttemptState::failed, 50_credits);
    CHECK(known() == std::vector<domain::Charge>{{4s, 50_credits}});
    costs("dearer", AttemptState::succeeded, 60_credits);
    CHECK(known() == std::vector<domain::Charge>{{4s, 60_credits}});
    CHECK(store->funds.learned("", domain::Mode::p720) == domain::Learned{});
}

TEST_CASE_FIXTURE(Memory, "a price of more than four times the configured one is not learned: a person looks at it before anything more is submitted") {
    const auto dear = job("dear");
    const auto attempt = arm(dear);
    submit(*attempt, "t1");
    store->operations.pause({"", t0 + 1min, t0});
    std::string told;
    store->attempts.stopped = [&](const std::string& text) { told += text; };
    move(*attempt, AttemptState::submitted, AttemptState::succeeded, JobState::running, JobState::downloading, 44'000_credits);
    CHECK(store->funds.learned("", domain::Mode::p720) == domain::Learned{});
    const auto stopped = store->operations.paused(t0 + 1h);
    REQUIRE(stopped);
    CHECK(told ==
          "batch-of-dear/dear cost 44000 credits and was estimated at 44; nothing more is submitted until `motionspool resume`; compare the account's "
          "history at the provider, and set credits.per_second or credits.minimum if that is the price now");
    CHECK_FALSE(stopped->until);
    CHECK(stopped->reason.find("batch-of-dear/dear cost 44000 credits and was estimated at 44;") == 0);
    CHECK(store->views.events(dear).back().what == "cost 44000 credits and was estimated at 44; nothing more is submitted until `motionspool resume`");
    CHECK(store->operations.resume());
    CHECK_FALSE(store->operations.paused(t0));
}

TEST_CASE_FIXTURE(Memory, "what costs as much as was reserved under a higher price stops nothing, whatever the price is now") {
    const auto attempt = arm(job("old"), 240_credits);
    submit(*attempt, "t1");
    store->attempts.prices = [] { return domain::Prices{.per_second = {10_credits, 10_credits}}; };
    move(*attempt, AttemptState::submitted, AttemptState::succeeded, JobState::running, JobState::downloading, 240_credits);
    CHECK_FALSE(store->operations.paused(t0));
    CHECK(store->funds.learned("", domain::Mode::p720).known == std::vector<domain::Charge>{{4s, 240_credits}});
}

}  // namespace
}  // namespace motionspool::store
