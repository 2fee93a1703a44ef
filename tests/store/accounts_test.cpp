#include <doctest/doctest.h>
#include <cstdlib>
#include <map>
#include <random>
#include "memory.hpp"

namespace motionspool::store {
namespace {
using namespace test;

struct Fixture : Memory {
    std::optional<AttemptId> arm_for(JobId job, Credits estimate, std::vector<std::string> accounts, const std::string& day = "2026-11-24") {
        NewAttempt risk{.job = job, .request = "{}", .estimate = estimate, .armed = t0, .boot = "boot-1", .armed_boot = BootTime{100s}, .day = day};
        risk.accounts = std::move(accounts);
        return store->attempts.arm(risk);
    }
};

TEST_CASE_FIXTURE(Fixture, "an attempt is reserved in every account it is booked to, and spent or released there") {
    const auto kept = arm_for(job("kept"), 44_credits, {"batch/1", "day/2026-11-24"}), released = arm_for(job("released"), 10_credits, {"day/2026-11-24"});
    CHECK(store->accounts.of("batch/1") == Booked{44_credits, 0_credits});
    CHECK(store->accounts.of("day/2026-11-24") == Booked{54_credits, 0_credits});
    CHECK(store->accounts.of("day/2026-11-25") == Booked{});
    move(*released, AttemptState::armed, AttemptState::refused, JobState::submitting, JobState::queued);
    CHECK(store->accounts.of("day/2026-11-24") == Booked{44_credits, 0_credits});
    submit(*kept, "task-1");
    move(*kept, AttemptState::submitted, AttemptState::succeeded, JobState::running, JobState::downloading, 40_credits);
    CHECK(store->accounts.of("batch/1") == Booked{0_credits, 40_credits});
    CHECK(store->accounts.of("day/2026-11-24") == Booked{0_credits, 40_credits});
}

TEST_CASE_FIXTURE(Fixture, "a truth that comes late adjusts the accounts of the day it was reserved on") {
    const auto late = arm_for(job(), 44_credits, {"day/2026-11-24"});
    submit(*late, "task-1");
    move(*late, AttemptState::submitted, AttemptState::overdue, JobState::running, JobState::failed);
    CHECK(store->accounts.of("day/2026-11-24") == Booked{0_credits, 44_credits});
    move(*late, AttemptState::overdue, AttemptState::submitted, JobState::failed, JobState::running);
    move(*late, AttemptState::submitted, AttemptState::failed, JobState::running, JobState::failed, 0_credits);
    CHECK(store->accounts.of("day/2026-11-24") == Booked{});
}

TEST_CASE_FIXTURE(Fixture, "what was not armed is booked nowhere") {
    const auto id = job();
    step(id, JobState::queued, JobState::cancelled);
    CHECK_FALSE(arm_for(id, 44_credits, {"day/2026-11-24"}));
    CHECK(store->accounts.of("day/2026-11-24") == Booked{});
    CHECK(number("SELECT count(*) FROM accounts") == 0);
}

TEST_CASE_FIXTURE(Fixture, "a day's sum counts days from then on, and no other account") {
    arm_for(job("1"), 1_credits, {day_account("2026-11-23"), share_account("fox", "2026-11-23")});
    arm_for(job("2"), 10_credits, {day_account("2026-11-24"), share_account("fox", "2026-11-24")});
    arm_for(job("3"), 100_credits, {day_account("2026-11-25"), share_account("fo", "2026-11-25")});  // dated ahead: a clock went back
    CHECK(store->accounts.from("day/", "day/2026-11-24").reserved == 110_credits);
    CHECK(store->accounts.from("day/", "day/2026-11").reserved == 111_credits);
    CHECK(store->accounts.from("day/", "day/2026-12").reserved == 0_credits);
    CHECK(store->accounts.from("share/fox/", "share/fox/2026-11-24").reserved == 10_credits);
}

TEST_CASE_FIXTURE(Fixture, "what is booked far ahead is told by its names, of days, shares, windows and turns alike") {
    arm_for(job("1"), 1_credits, {"batch/9", "day/2026-11-26", "share/fox/2026-11-26", "window/night/2026-11-26", "turn/#9/0000498790"});
    arm_for(job("2"), 10_credits,
            {"batch/10", "day/2036-01-02", "share/fox/2036-01-02", "window/night/2036-01-01", "turn/fox/0000577777", "turn/#10/0000577777"});
    std::string names;
    for (const auto& [name, booked] : store->accounts.ahead("2026-11-26", turn_account("any", Instant{498'790h}))) {
        names += name + " ";
        CHECK(booked == Booked{10_credits, {}});
    }
    CHECK(names == "day/2036-01-02 share/fox/2036-01-02 turn/#10/0000577777 turn/fox/0000577777 window/night/2036-01-01 ");
}

TEST_CASE_FIXTURE(Fixture, "what was booked to a name that is moved counts for the other, and so does all that becomes of it") {
    const auto open = *arm_for(job("1"), 44_credits, {"batch/1", "day/2036-01-02"}), late = *arm_for(job("2"), 20_credits, {"batch/1", "day/2036-01-03"}),
               today = *arm_for(job("3"), 5_credits, {"batch/1", "day/2026-11-24"});
    lose(late);
    move(late, AttemptState::uncertain, AttemptState::written_off, JobState::uncertain, JobState::failed);
    store->move_bookings({{"day/2036-01-02", "day/2026-11-24"}, {"day/2036-01-03", "day/2026-11-24"}});
    CHECK(store->accounts.of("day/2026-11-24") == Booked{49_credits, 20_credits});
    CHECK(store->accounts.of("day/2036-01-02") == Booked{});
    CHECK(store->accounts.of("batch/1") == Booked{49_credits, 20_credits});
    CHECK(store->accounts.ahead("2026-11-26", turn_account("", t0)).empty());
    submit(open, "t1");
    move(open, AttemptState::submitted, AttemptState::succeeded, JobState::running, JobState::downloading, 40_credits);
    move(late, AttemptState::written_off, AttemptState::submitted, JobState::failed, JobState::running);
    move(late, AttemptState::submitted, AttemptState::failed, JobState::running, JobState::failed, 0_credits);
    CHECK(store->accounts.of("day/2026-11-24") == Booked{5_credits, 40_credits});
    CHECK(store->accounts.of("day/2036-01-03") == Booked{});
    CHECK(text("SELECT day FROM ledger WHERE attempt = " + std::to_string(today.value())) == "2026-11-24");
    arm_for(job("4"), 7_credits, {"day/2036-01-02"});  // that day comes after all
    CHECK(store->accounts.of("day/2036-01-02") == Booked{7_credits, {}});
    store->move_bookings({});
}

TEST_CASE("turns are told by the hour, and sort as text") {
    CHECK(turn_account("fox", t0) < turn_account("fox", t0 + 1h));
    CHECK(turn_account("fox", Instant{0s}) == "turn/fox/0000000000");
    CHECK(turn_account("#17", Instant{9'999h}) == "turn/#17/0000009999");
    CHECK(turn_account("#17", Instant{9'999h}) < turn_account("#17", Instant{10'000h}));
}

/// What the accounts should be, by the words of the contract: reserved while open; spent what it cost, the estimate if nobody says; nothing if it was refused,
/// not sent or failed for nothing; and what is found out late replaces what was believed.
struct Reference {
    struct One {
        Credits reserved, spent, estimate;
        std::vector<std::string> names;
    };
    std::map<std::int64_t, One> attempts;
    void armed(AttemptId id, Credits estimate, const std::vector<std::string>& names) { attempts[id.value()] = {estimate, {}, estimate, names}; }
    void became(AttemptId id, AttemptState state, std::optional<Credits> cost) {
        auto& one = attempts[id.value()];
        if (state == AttemptState::submitted || state == AttemptState::uncertain) return;
        one.reserved = {};
        const bool free = state == AttemptState::refused || state == AttemptState::not_sent;
        one.spent = free ? Credits{} : cost.value_or(one.estimate);
    }
    [[nodiscard]] std::map<std::string, Booked> accounts() const {
        std::map<std::string, Booked> sums;
        for (const auto& [id, one] : attempts) {
            for (const auto& name : one.names) {
                sums[name].reserved += one.reserved;
                sums[name].spent += one.spent;
            }
        }
        return sums;
    }
};

struct Step {
    AttemptState from, to;
    JobState job_from, job_to;
};
constexpr std::array steps{
    Step{AttemptState::armed, AttemptState::submitted, JobState::submitting, JobState::running},
    Step{AttemptState::armed, AttemptState::refused, JobState::submitting, JobState::queued},
    Step{AttemptState::armed, AttemptState::not_sent, JobState::submitting, JobState::queued},
    Step{AttemptState::armed, AttemptState::uncertain, JobState::submitting, JobState::uncertain},
    Step{AttemptState::submitted, AttemptState::succeeded, JobState::running, JobState::downloading},
    Step{AttemptState::submitted, AttemptState::failed, JobState::running, JobState::queued},
    Step{AttemptState::submitted, AttemptState::overdue, JobState::running, JobState::failed},
    Step{AttemptState::uncertain, AttemptState::submitted, JobState::uncertain, JobState::running},
    Step{AttemptState::uncertain, AttemptState::written_off, JobState::uncertain, JobState::failed},
    Step{AttemptState::overdue, AttemptState::submitted, JobState::failed, JobState::running},
    Step{AttemptState::written_off, AttemptState::submitted, JobState::failed, JobState::running},
};

/// One job's life, at random; every account is compared after it.
void live(Fixture& memory, Reference& reference, std::mt19937_64& dice, int number) {
    static const std::vector<std::string> names{"batch/1", "batch/2", "day/2026-11-24", "day/2026-11-25", "share/fox/2026-11-24", "window/night/2026-11-24"};
    const auto job = memory.job("job-" + std::to_string(number));
    std::optional<AttemptId> attempt;
    auto state = AttemptState::refused;
    for (int turn = 0; turn < 12; turn++) {
        if (state == AttemptState::refused || state == AttemptState::not_sent || state == AttemptState::failed) {
            std::vector<std::string> booked;
            for (const auto& name : names) {
                if (dice() % 2 == 0) booked.push_back(name);
            }
            const auto estimate = Credits::from_milli(static_cast<std::int64_t>(dice() % 100'000));
            attempt = memory.arm_for(job, estimate, booked);
            REQUIRE(attempt);
            reference.armed(*attempt, estimate, booked);
            state = AttemptState::armed;
            continue;
        }
        const auto& step = steps.at(dice() % steps.size());
        if (step.from != state) continue;
        std::optional<Credits> cost;
        const bool may_tell = step.to == AttemptState::succeeded || step.to == AttemptState::failed;
        if (may_tell && dice() % 3 != 0) cost = Credits::from_milli(static_cast<std::int64_t>(dice() % 2 * (dice() % 200'000)));
        const bool done = step.to == AttemptState::submitted
                              ? memory.store->attempts.change(*attempt,
                                                              {.from = step.from,
                                                               .to = step.to,
                                                               .event = "submitted",
                                                               .task = "task-" + std::to_string(number) + "-" + std::to_string(attempt->value()),
                                                               .answered = {},
                                                               .consumed = {},
                                                               .result_url = {},
                                                               .job = JobStep{.from = step.job_from, .to = step.job_to, .error = {}, .not_before = {}},
                                                               .cause = {}},
                                                              t0)
                              : memory.move(*attempt, step.from, step.to, step.job_from, step.job_to, cost);
        REQUIRE(done);
        reference.became(*attempt, step.to, cost);
        state = step.to;
        if (state == AttemptState::succeeded) return;
    }
}

TEST_CASE("whatever becomes of attempts, the accounts are what the contract says (MOTIONSPOOL_SEQUENCES sets how many)") {
    const char* wanted = std::getenv("MOTIONSPOOL_SEQUENCES");
    const int sequences = wanted != nullptr ? std::atoi(wanted) : 600;
    std::mt19937_64 dice{20261124};
    for (int number = 0; number < sequences;) {
        Fixture memory;
        Reference reference;
        for (int end = std::min(sequences, number + 200); number < end; number++) {
            live(memory, reference, dice, number);
            INFO("sequence ", number);
            for (const auto& one : reference.accounts()) REQUIRE_MESSAGE(memory->accounts.of(one.first) == one.second, one.first);
        }
        memory.reopen();
        for (const auto& [name, booked] : reference.accounts()) REQUIRE(memory->accounts.of(name) == booked);
    }
}

}  // namespace
}  // namespace motionspool::store
