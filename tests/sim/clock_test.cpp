#include <doctest/doctest.h>
#include "app/service.hpp"
#include "support/manual_clock.hpp"
#include "support/waits.hpp"
#include "support/world.hpp"

// The wall clock jumps, the machine is started anew, the process is stopped: nothing is sent too early, nothing twice, nothing wedges.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;
using namespace motionspool::literals;
constexpr milliseconds ten_years = 24h * 3652;

std::string error_of(World& world, const std::string& job) {
    const auto error = world.job(job).error;
    return error ? error->code : "";
}

constexpr const char* disputed = "they are more than 26 hours apart, so nobody knows which day's budget counts";

/// Two jobs a day, and the first day ends after an hour; the provider's answers tell the time.
void two_a_day(World& world) {
    world.settings.config.timezone = "Etc/UTC";
    world.settings.config.credits.day_starts = 1h;
    world.settings.config.credits.per_day = 110_credits;
    world.provider.date_ahead = 0ms;
    world.watch_output = false;
}
bool says(World& world, const std::string& job, const std::string& words) {
    const auto told = waiting(world, job);
    return told && told->why == domain::Why::budget && told->numbers.find(words) != std::string::npos;
}
/// What the accounts hold is what their attempts' entries come to.
std::int64_t accounts_that_are_wrong(World& world) {
    return world.store().db->execAndGet(
        "SELECT count(*) FROM accounts a WHERE (a.reserved, a.spent) IS NOT (SELECT coalesce(sum(CASE entry WHEN 'reserve' THEN amount WHEN 'release' THEN "
        "-amount WHEN 'settle' THEN -(SELECT r.amount FROM ledger r WHERE r.attempt = l.attempt AND r.entry = 'reserve') ELSE 0 END), 0), "
        "coalesce(sum(iif(entry "
        "= 'settle' OR entry = 'adjust', amount, 0)), 0) FROM ledger l WHERE l.attempt IN (SELECT attempt FROM bookings b WHERE b.account = a.name))");
}

}  // namespace

TEST_CASE("a jump of the wall clock at any moment changes neither the pace nor the outcome") {
    for (const auto jump : {-ten_years, -milliseconds{1h}, milliseconds{1h}, ten_years}) {
        for (const auto at : {0ms, 30ms, 70ms, 150ms, 5'000ms, 12'000ms, 40'000ms}) {
            CAPTURE(jump.count());
            CAPTURE(at.count());
            World world;
            world.provider.fate = [](const std::string& job, int nth) {
                return nth == 0 && job.ends_with("7") ? Fate{.failure = "Internal error", .cost = 0_credits} : Fate{};
            };
            world.start();
            world.drop("batch", 30);
            world.run_for(at);
            world.clock().jump_wall(jump);
            REQUIRE(world.rest(10min));
            CHECK(world.broken_promises() == "");
            CHECK(world.in_state("done") == 30);
            CHECK(world.provider.throttled == 0);
        }
    }
}

TEST_CASE("a wall clock that jumps to and fro every few seconds changes nothing either") {
    World world;
    world.provider.fate = [](const std::string& job, int nth) {
        return nth < 2 && job.ends_with("3") ? Fate{.failure = "Internal error", .cost = 0_credits} : Fate{.takes = 60s};
    };
    world.start();
    world.drop("batch", 40);
    for (int n = 0; n < 200; n++) {
        world.run_for(3s);
        world.clock().jump_wall(n % 2 == 0 ? ten_years : -ten_years);
    }
    REQUIRE(world.rest(10min));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 40);
    CHECK(world.provider.throttled == 0);
}

TEST_CASE("a job that backs off is tried again in time when the wall clock jumps") {
    for (const auto jump : {-ten_years, ten_years}) {
        CAPTURE(jump.count());
        World world;
        world.settings.config.limits.attempts = 12;
        world.provider.fate = [](const std::string&, int nth) { return nth < 10 ? Fate{.failure = "Internal error", .cost = 0_credits} : Fate{}; };
        world.start();
        world.drop("batch", 1);
        for (std::size_t failed = 1; failed <= 10; failed++) {
            REQUIRE(world.run_until(12min, [&] { return world.provider.tasks.size() == failed && world.in_state("queued") == 1; }));
            if (failed >= 5) world.clock().jump_wall(failed % 2 == 0 ? -jump : jump);
        }
        REQUIRE(world.rest(12min));
        CHECK(world.broken_promises() == "");
        CHECK(world.in_state("done") == 1);
    }
}

TEST_CASE("a task's deadline is measured by the machine's own clock") {
    World world;
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 90min}; };
    world.start();
    world.drop("batch", 2);
    world.run_for(10min);
    world.clock().jump_wall(ten_years);
    world.run_for(30min);
    CHECK(world.in_state("running") == 2);
    world.clock().jump_wall(-2 * ten_years);
    world.restart();
    REQUIRE(world.rest(2h));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 2);
}

TEST_CASE("an uncertain job gives up its place among the running ones at the deadline, whatever the wall clock says") {
    World world;
    world.settings.config.limits.running = 1;
    world.provider.fault = [](const Call& call) { return call.where == Where::create && call.about == "batch/job-1" ? Fault::lost_request : Fault::none; };
    world.start();
    world.drop("batch", 2);
    world.run_for(1h);
    world.clock().jump_wall(-ten_years);
    world.run_for(50min);
    CHECK(world.provider.tasks.empty());
    REQUIRE(world.rest(15min));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("uncertain") == 1);
    CHECK(world.in_state("done") == 1);
}

TEST_CASE("uploads are sent again in time although the wall clock was set back") {
    World world;
    world.settings.config.provider.upload_ttl = 2h;
    world.provider.upload_life = 3h;
    world.provider.balance = 60_credits;
    world.start();
    world.drop("batch", 2);
    world.run_for(10min);
    world.clock().jump_wall(-ten_years);
    world.run_for(4h);
    world.provider.balance = 1000_credits;
    REQUIRE(world.rest(20min));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 2);
    CHECK(world.provider.tasks.size() == 2);
}

TEST_CASE("an upload that failed is tried again in time although the wall clock was set back meanwhile") {
    World world;
    world.provider.fault = [&](const Call& call) { return call.where == Where::upload && world.provider.now() < 5min ? Fault::http_500 : Fault::none; };
    world.start();
    world.drop("batch", 2);
    world.run_for(1min);
    world.clock().jump_wall(-ten_years);
    REQUIRE(world.rest(20min));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 2);
}

TEST_CASE("the rate window holds through restarts and reboots at any moment") {
    for (const auto pause : {0ms, 40ms, 500ms, 3'000ms, 9'000ms, 10'050ms}) {
        for (const bool reboots : {false, true}) {
            CAPTURE(pause.count());
            CAPTURE(reboots);
            World world;
            world.start();
            world.drop("batch", 45);
            for (int n = 0; n < 6; n++) {
                world.run_for(pause + 1ms * n);
                world.crash();
                if (reboots)
                    world.reboot(0ms);
                else
                    world.restart();
            }
            REQUIRE(world.rest(1h));
            CHECK(world.broken_promises() == "");
            CHECK(world.provider.throttled == 0);
            CHECK(world.in_state("done") + world.in_state("uncertain") == 45);
        }
    }
}

TEST_CASE("after a reboot with the wall clock ten years off, running tasks are followed to their end") {
    for (const auto jump : {-ten_years, ten_years}) {
        CAPTURE(jump.count());
        World world;
        world.provider.fate = [](const std::string&, int) { return Fate{.takes = 30min}; };
        world.start();
        world.drop("batch", 3);
        world.run_for(5min);
        world.clock().jump_wall(jump);
        world.reboot(1min);
        REQUIRE(world.rest(2h));
        CHECK(world.broken_promises() == "");
        CHECK(world.in_state("done") == 3);
    }
}

TEST_CASE("a task that ended long after its deadline revives its job, and the books are put right") {
    World world;
    world.provider.fate = [](const std::string& job, int) {
        if (job == "batch/job-1") return Fate{.takes = 5h, .cost = 70_credits};
        return job == "batch/job-2" ? Fate{.takes = 5h, .failure = "Internal error", .cost = 0_credits} : Fate{};
    };
    world.start();
    world.drop("batch", 3);
    REQUIRE(world.rest(3h));
    CHECK(error_of(world, "batch/job-1") == "stuck");
    world.run_for(3h);
    CHECK(world.broken_promises() == "");
    CHECK(world.job("batch/job-1").state == domain::JobState::done);
    CHECK(error_of(world, "batch/job-2") == "provider-failed");
    CHECK(world.store().attempts.totals().spent == 125_credits);
    CHECK(world.provider.tasks.size() == 3);
}

TEST_CASE("stop waits for the answer to a paid submission, records it, and starts nothing else") {
    World world;
    world.provider.one_way = 60s;
    world.settings.config.limits.submissions = domain::Rate{1, 10s};
    world.start();
    world.drop("batch", 5);
    REQUIRE(world.run_until(1h, [&] { return world.service().unanswered() > 0; }));
    const auto took = world.stop();
    CHECK(took <= 180s);
    CHECK(took > 60s);
    CHECK(world.ended_by() == "");
    world.provider.one_way = 20ms;
    world.restart();
    CHECK(world.in_state("uncertain") == 0);
    CHECK(world.in_state("running") == world.provider.tasks.size());
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 5);
    CHECK(world.provider.tasks.size() == 5);
}

TEST_CASE("stop at any moment ends well at once when nothing paid is under way, and nothing is lost") {
    for (milliseconds at = 0ms; at < 12s; at = at + at / 3 + 7ms) {
        CAPTURE(at.count());
        World world;
        world.start();
        world.drop("batch", 3);
        world.run_for(at);
        CHECK(world.stop() <= 100ms);
        CHECK(world.ended_by() == "");
        REQUIRE(world.rest(1h));
        CHECK(world.broken_promises() == "");
        CHECK(world.in_state("done") == 3);
    }
}

TEST_CASE("one wrong Date shuts dated budgets until the next right one, no longer, and no end is told that is none") {
    for (const auto wrong : {-ten_years, -milliseconds{27h}, milliseconds{27h}, milliseconds{24h * 400}, ten_years}) {
        CAPTURE(wrong.count());
        World world;
        two_a_day(world);
        world.start();
        world.drop("batch", 4);
        world.run_for(10min);
        CHECK(world.provider.tasks.size() == 2);
        world.provider.date_ahead = wrong;
        REQUIRE(world.run_until(10min, [&] { return says(world, "batch/job-4", disputed); }));
        CHECK_FALSE(waiting(world, "batch/job-4")->until);
        world.provider.date_ahead = 0ms;
        REQUIRE(world.run_until(2min, [&] { return !says(world, "batch/job-4", disputed); }));
        CHECK(world.provider.tasks.size() == 2);
        CHECK(*waiting(world, "batch/job-4")->until - world.clock().boot() < 1h);
        world.run_for(50min);
        CHECK(world.in_state("done") == 4);
        CHECK(world.broken_promises() == "");
        CHECK(accounts_that_are_wrong(world) == 0);
    }
}

TEST_CASE("a wall clock that is wrong for a while shuts dated budgets meanwhile; the next day's is open") {
    for (const auto wrong : {-ten_years, -milliseconds{27h}, milliseconds{27h}, ten_years}) {
        for (const bool restarts : {false, true}) {
            CAPTURE(wrong.count());
            CAPTURE(restarts);
            World world;
            two_a_day(world);
            world.start();
            world.drop("batch", 4);
            world.run_for(50min);
            world.clock().jump_wall(wrong);
            if (restarts) {  // what was heard in this boot is not forgotten, although nobody answers now
                world.provider.fault = [](const Call& call) { return call.where == Where::credit ? Fault::http_500 : Fault::none; };
                world.crash();
                world.restart();
            }
            world.run_for(15min);
            CHECK(world.provider.tasks.size() == 2);
            CHECK(says(world, "batch/job-4", disputed));
            world.clock().jump_wall(-wrong);
            world.run_for(2min);
            CHECK(world.provider.tasks.size() == 4);
        }
    }
}

TEST_CASE("while the clocks disagree only what a dated budget counts waits") {
    World world;
    two_a_day(world);
    world.settings.config.credits.per_day.reset();
    world.settings.config.shares["ads"] = config::Share{};
    world.settings.config.shares["ads"].per_month = 1000_credits;
    world.start();
    world.clock().jump_wall(ten_years);
    world.drop("ads", manifest_of("ads", 2, "share: ads\n"), fox_and_wave());
    world.drop("free", manifest_of("free", 2, "budget: 500\n"), fox_and_wave());
    world.run_for(10min);
    CHECK(world.job("free/job-2").state == domain::JobState::done);
    CHECK(says(world, "ads/job-1", disputed));
    CHECK(says(world, "ads/job-1", "2036-11-23T00:"));
    CHECK(says(world, "ads/job-1", "2026-11-24T00:"));
    world.clock().jump_wall(-ten_years);
    REQUIRE(world.rest(10min));
    CHECK(world.in_state("done") == 4);
    world.run_for(9min);
    CHECK(world.store().accounts.ahead("2026-12-31", store::turn_account("", world.clock().now() + 48h)).empty());  // what was booked ahead is today's
    CHECK(world.store().accounts.from("day/", "day/2026-11-23").spent == 220_credits);
    CHECK(world.store().accounts.from("day/", "day/2026-11-24").spent == 0_credits);
    CHECK(accounts_that_are_wrong(world) == 0);
}

TEST_CASE("what was booked far ahead, by a wall clock that nothing was held against, counts for the day on which both agree, and the next day is open") {
    for (const auto ahead : {milliseconds{24h * 3}, milliseconds{24h * 400}, ten_years}) {
        for (const bool ended : {false, true}) {
            CAPTURE(ahead.count());
            CAPTURE(ended);
            World world;
            two_a_day(world);
            world.provider.date_ahead.reset();
            world.provider.fate = [&](const std::string&, int) { return Fate{.takes = ended ? 10s : 30min, .cost = 50_credits}; };
            world.start();
            world.clock().jump_wall(ahead);
            world.drop("batch", 4);
            world.run_for(5min);
            CHECK(world.provider.tasks.size() == 2);
            world.clock().jump_wall(-ahead);
            world.run_for(5min);
            CHECK(world.provider.tasks.size() == 2);
            world.provider.date_ahead = 0ms;
            world.run_for(10min);
            CHECK(world.provider.tasks.size() == 2);
            CHECK(says(world, "batch/job-4", "the day's budget"));
            CHECK(*waiting(world, "batch/job-4")->until - world.clock().boot() < 1h);
            world.run_for(35min);
            CHECK(world.store().accounts.of("day/2026-11-23") == store::Booked{{}, 100_credits});
            world.run_for(7min);
            CHECK(world.provider.tasks.size() == 4);
            CHECK(accounts_that_are_wrong(world) == 0);
        }
    }
}

TEST_CASE("hosts of the provider that disagree by 25 hours are believed, by 27 they are not") {
    World world;
    two_a_day(world);
    world.start();
    world.provider.date_ahead = 25h;
    world.drop("batch", 9);
    for (int n = 0; n < 8; n++) {  // to and fro: no day's budget is opened twice
        world.run_for(9min);
        CHECK(world.provider.tasks.size() <= (world.provider.now() < 1h ? 2 : 4));
        CHECK_FALSE(says(world, "batch/job-9", disputed));
        world.provider.date_ahead = n % 2 == 0 ? milliseconds{0ms} : milliseconds{25h};
    }
    CHECK(world.provider.tasks.size() >= 2);
    world.provider.date_ahead = 27h;
    world.run_for(9min);
    CHECK(says(world, "batch/job-9", disputed));
    CHECK(accounts_that_are_wrong(world) == 0);
}

TEST_CASE("without a Date, and with one that is none, days go by the wall clock") {
    for (const std::string instead : {"", "yesterday", "2026-11-24T00:00:00Z", "Tue, 99 Nov 2026 00:00:00 GMT", "-1"}) {
        CAPTURE(instead);
        World world;
        two_a_day(world);
        world.provider.date_ahead.reset();
        world.provider.date_instead = instead;
        world.start();
        world.drop("batch", 4);
        world.run_for(50min);
        CHECK(world.provider.tasks.size() == 2);
        CHECK(waiting(world, "batch/job-4")->until == world.clock().boot() + 10min);
        world.run_for(15min);
        CHECK(world.provider.tasks.size() == 4);
    }
}

TEST_CASE("a machine that was stopped for days without its boot clock noticing goes on with the day that it is") {
    World world;
    two_a_day(world);
    world.start();
    world.drop("batch", 5);
    world.run_for(10min);
    CHECK(world.provider.tasks.size() == 2);
    world.clock().jump_wall(72h);
    world.provider.pass(72h);
    world.run_for(10min);
    CHECK(world.provider.tasks.size() == 4);
    CHECK_FALSE(says(world, "batch/job-5", disputed));
}

TEST_CASE("a wall clock that is behind until the network is there opens no day's budget twice") {
    for (const auto behind : {milliseconds{3h}, milliseconds{20h}, milliseconds{72h}, ten_years}) {
        CAPTURE(behind.count());
        World world;
        two_a_day(world);
        world.provider.fault = [&](const Call& call) {
            return call.where == Where::credit && world.provider.now() < 5min ? Fault::no_connection : Fault::none;
        };
        world.start();
        world.clock().jump_wall(-behind);
        world.drop("batch", 4);
        world.run_for(4min);
        CHECK(waits_for(world, "batch/job-1") == "provider");
        world.clock().jump_wall(behind);  // NTP
        world.run_for(40min);
        CHECK(world.provider.tasks.size() == 2);
        CHECK(world.store().accounts.from("day/", "day/2026-11-23").spent == 110_credits);
    }
}

TEST_CASE("nor does one that is set soon after the network has come up, whenever a drop comes") {
    for (const auto up : {20s, 50s, 100s, 200s, 300s}) {
        for (const auto dropped : {1s, 5s, 20s}) {
            CAPTURE(up.count());
            CAPTURE(dropped.count());
            World world;
            two_a_day(world);
            world.provider.fault = [&](const Call&) { return world.provider.now() < up ? Fault::no_connection : Fault::none; };
            world.start();
            world.clock().jump_wall(-72h);
            world.run_for(up + dropped - 10s);
            world.drop("batch", 4);
            world.run_for(70s);
            world.clock().jump_wall(72h);
            world.run_for(30min);
            CHECK(world.provider.tasks.size() == 2);
        }
    }
}

TEST_CASE("another calendar opens no budget twice, whatever this machine's clock says and whether the last one is remembered") {
    enum class Wrong { no, always, at_the_start };
    struct Case {
        Wrong wrong;
        milliseconds by;
        bool remembered;
    };
    const auto hour = milliseconds{1h};
    for (const auto& one : {Case{Wrong::no, 0h, true}, Case{Wrong::no, 0h, false}, Case{Wrong::always, -2 * hour, true}, Case{Wrong::always, -9 * hour, true},
                            Case{Wrong::at_the_start, 50 * 24 * hour, true}}) {
        CAPTURE(one.by.count());
        CAPTURE(one.remembered);
        World world;
        two_a_day(world);
        world.settings.config.credits.day_starts = 12h;
        world.start();
        if (one.wrong == Wrong::always) world.clock().jump_wall(one.by);
        world.drop("batch", 4);
        world.run_for(20min);
        REQUIRE(world.provider.tasks.size() == 2);
        if (one.wrong == Wrong::at_the_start) world.clock().jump_wall(one.by);
        if (!one.remembered) world.store().db->exec("DELETE FROM meta WHERE key LIKE 'was:%'");  // an earlier version did not
        world.run_for(1s);
        world.stop();
        world.settings.config.credits.day_starts = 0h;
        world.restart();
        if (one.wrong == Wrong::at_the_start) world.clock().jump_wall(-one.by);
        world.run_for(1h);
        CHECK(world.provider.tasks.size() == 2);
        CHECK(accounts_that_are_wrong(world) == 0);
    }
}

TEST_CASE("a task that was given up while the wall clock was behind is asked about all the same") {
    for (const auto wrong : {-ten_years, -milliseconds{24h * 5}}) {
        CAPTURE(wrong.count());
        World world;
        world.provider.fate = [](const std::string&, int) { return Fate{.takes = 5h}; };
        world.start();
        world.clock().jump_wall(wrong);
        world.drop("batch", 1);
        world.run_for(2h + 30min);
        REQUIRE(error_of(world, "batch/job-1") == "stuck");
        world.clock().jump_wall(-wrong);
        world.run_for(6h);
        CHECK(world.in_state("done") == 1);
    }
}

}  // namespace motionspool::test
