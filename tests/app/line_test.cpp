#include "app/line.hpp"
#include <doctest/doctest.h>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include "app/accounting_clock.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_folder.hpp"

namespace motionspool::app {
namespace {
using namespace std::chrono_literals;
using namespace motionspool::literals;
using test::ManualClock;
using test::TempFolder;

/// Batches of waiting jobs, all uploaded, 44 credits each.
struct Fixture {
    TempFolder folder;
    boost::asio::io_context io;
    ManualClock clock{io};
    std::optional<store::Store> store;
    config::Config config;
    domain::World world{.lane = domain::open_lane(domain::Rate{20, 10s})};
    Entering entering;
    int slices = 0;  ///< of the last decision

    Fixture() {
        config.timezone = "Etc/UTC";
        auto db = store::open_for_writing(folder / "motionspool.db");
        store.emplace(io.get_executor(), std::move(db).value(), [] { return 0ns; });
    }
    ~Fixture() {
        store.reset();
        io.poll();
    }
    void batch(int id, int jobs, const std::string& more = "priority = 0") {
        const auto n = std::to_string(id), first = std::to_string(id * 1'000'000);
        store->commits.commit();
        store->db->exec(
            "INSERT INTO batches (id, name, name_key, state, entry, place, kind, manifest, fingerprint, run, priority, note, labels, created) VALUES (" + n +
            ", 'b" + n + "', 'b" + n + "', 'open', 'e', 'accepted', 'folder', x'', '', 1, 0, '', '', 0); UPDATE batches SET " + more + " WHERE id = " + n +
            "; INSERT INTO inputs (id, batch, source, root, format, bytes, sha256) VALUES (" + first + " , " + n + ", 'i', '', 'PNG', 1, 'image" + n + "'), (" +
            first + " + 1, " + n + ", 'm', '', 'MP4', 1, 'motion" + n + "'); INSERT INTO uploads VALUES ('image" + n +
            "', 'https://u', 9000000000000000), ('motion" + n +
            "', 'https://u', 9000000000000000);"
            "INSERT INTO jobs (id, batch, name, name_key, image, motion, prompt, mode, orientation, length_ms, state, stage, priority, created, "
            "updated) WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < " +
            std::to_string(jobs) + ") SELECT " + first + " + i, " + n + ", 'j' || i, 'j' || i, " + first + ", " + first +
            " + 1, '', '720p', 'video', 4000, 'queued', 'single', 0, 0, 0 FROM s");
    }
    Line::Now now() { return {clock.now(), {clock.now(), clock.boot()}}; }
    /// As the gate does: until it is finished.
    Line::Next decide(Line& line) {
        auto decision = line.next(world, now(), entering);
        for (slices = 1; std::holds_alternative<Line::Unfinished>(decision); slices++) decision = line.next(world, now(), entering);
        return decision;
    }
    /// "b3/17": the batch and which of its jobs goes next; "" if none does.
    std::string next(Line& line) {
        const auto decision = decide(line);
        const auto* id = std::get_if<JobId>(&decision);
        if (id == nullptr) return "";
        entering.insert_or_assign(*id, line.enter(*id, now()));
        return "b" + std::to_string(id->value() / 1'000'000) + "/" + std::to_string(id->value() % 1'000'000);
    }
    std::vector<std::string> next(Line& line, int count) {
        std::vector<std::string> all;
        for (int i = 0; i < count; i++) all.push_back(next(line));
        return all;
    }
};

using Names = std::vector<std::string>;

TEST_CASE_FIXTURE(Fixture, "batches take turns, each with its oldest job") {
    batch(1, 3);
    batch(2, 3);
    Line line{config, *store};
    CHECK(next(line, 7) == Names{"b1/1", "b2/1", "b1/2", "b2/2", "b1/3", "b2/3", ""});
}

TEST_CASE_FIXTURE(Fixture, "batches of one share go by age, shares by weight, priority over all") {
    config.shares["fox"].weight = 2;
    batch(1, 2, "share = 'fox'");
    batch(2, 2, "share = 'fox'");
    batch(3, 4);
    batch(4, 1, "priority = 1");
    Line line{config, *store};
    CHECK(next(line, 10) == Names{"b4/1", "b1/1", "b3/1", "b1/2", "b2/1", "b3/2", "b2/2", "b3/3", "b3/4", ""});
}

TEST_CASE_FIXTURE(Fixture, "what a batch's own reason holds back is skipped, and those on their way count in its purse") {
    batch(1, 5, "held = 1");
    batch(2, 5, "review = 1");
    batch(3, 5, "budget = 100000");
    batch(4, 2);
    Line line{config, *store};
    CHECK(next(line, 5) == Names{"b3/1", "b4/1", "b3/2", "b4/2", ""});
    Line::Ahead ahead;
    REQUIRE(line.look_ahead(ahead, now(), entering));
    CHECK(ahead.jobs == 2);  // those of b4
    CHECK(ahead.inputs.empty());
    const auto one = line.look_at(JobId{3'000'003}, now(), entering);
    REQUIRE(one);
    CHECK(domain::blocked(one->candidate, world, clock.boot())->numbers ==
          "the batch's budget of 100 credits has 12 left (0 spent, 88 reserved); the job is estimated at 44");
}

TEST_CASE_FIXTURE(Fixture, "a job is booked to its batch, day, turn, share and window") {
    config.windows = {{"always", {.days = {true, true, true, true, true, true, true}, .from = 0min, .to = 24h, .budget = {}}}};
    batch(7, 1, "share = 'fox', window = 'always'");
    Line line{config, *store};
    REQUIRE(next(line) == "b7/1");
    const auto& entered = entering.begin()->second;
    CHECK(entered.price == 44_credits);
    CHECK(entered.accounts ==
          std::vector<std::string>{"batch/7", "day/2026-11-24", store::turn_account("fox", clock.now()), "share/fox/2026-11-24", "window/always/2026-11-24"});
    CHECK(entered.image == "image7");
    CHECK(entered.motion == "motion7");
}

TEST_CASE_FIXTURE(Fixture, "a job is priced by its length, by the configuration of the moment and by what its model was charged, whenever it is looked at") {
    batch(1, 4, "budget = 100000");
    store->db->exec("UPDATE jobs SET length_ms = 9000 WHERE id = 1000001; UPDATE jobs SET mode = '1080p', length_ms = 3000 WHERE id = 1000002");
    Line line{config, *store};
    const auto price = [&](int job) { return line.look_at(JobId{1'000'000 + job}, now(), {})->candidate.price; };
    const auto goes = [&](const std::string& who) {
        line.look_again();
        entering.clear();
        return next(line) == who;
    };
    CHECK(price(1) == 99_credits);
    CHECK(price(2) == 54_credits);
    CHECK(goes("b1/1"));
    CHECK(entering.begin()->second.price == 99_credits);
    config.credits.per_second.p720 = 22_credits;
    CHECK(goes("b1/2"));  // the first one is too dear now
    CHECK(entering.begin()->second.price == 54_credits);
    config.credits.minimum.p1080 = 101_credits;
    CHECK(goes("b1/3"));
    CHECK(entering.begin()->second.price == 88_credits);
    store::Change learned{*store->db, store->commits};
    store->funds.learned(config.provider.model, domain::Mode::p720, {{{4s, 99_credits}}, {}});
    learned.keep();
    CHECK(goes("b1/3"));
    CHECK(entering.begin()->second.price == 99_credits);
    config.credits.per_second.p720 = 26_credits;  // dearer than what was seen
    CHECK(goes(""));
    config.provider.model = "another/model";
    config.credits = {};
    CHECK(goes("b1/1"));
    CHECK(price(3) == 44_credits);
}

TEST_CASE_FIXTURE(Fixture, "a hundred thousand jobs of a broken group, backing off, held or too dear keep nobody waiting") {
    batch(1, 2'000);
    store->db->exec("UPDATE jobs SET not_before = " + std::to_string((clock.now() + 1min).time_since_epoch().count()));
    batch(2, 60'000);
    store->db->exec("UPDATE jobs SET held = 1 WHERE batch = 2");
    batch(3, 40'000, "budget = 43999");
    batch(4, 10'000);
    store->db->exec(
        "INSERT INTO attempts (job, stage, state, request, estimate, armed, boot, armed_boot, closed, image, motion, cause) WITH RECURSIVE s(i) AS (SELECT 1 "
        "UNION ALL SELECT i + 1 FROM s WHERE i < 5) SELECT 4000001, 'single', 'failed', '', 1, 0, 'b', 0, " +
        std::to_string(clock.now().time_since_epoch().count()) + ", 'image4', 'motion4', 'moderation' FROM s");
    batch(5, 1);
    Line line{config, *store};
    CHECK(next(line, 2) == Names{"b5/1", ""});
    const auto again = std::get<domain::LookAgain>(decide(line));
    CHECK(again.at == clock.boot() + 1min);
    clock.run_for(15min);
    CHECK(next(line, 2) == Names{"b1/1", "b4/1"});
}

TEST_CASE_FIXTURE(Fixture, "who goes next is found as fast in a long queue as in a short one") {
    config.credits.per_day = 1'000'000_credits;
    config.credits.per_month = 1'000'000_credits;
    for (const int batches : {1, 100}) {
        Fixture memory;
        memory.config = config;
        for (int n = 1; n <= batches; n++) memory.batch(n, 10'000 / batches, "budget = 100000000");
        Line line{memory.config, *memory.store};
        REQUIRE(memory.next(line) == "b1/1");
        memory.entering.clear();
        const auto began = std::chrono::steady_clock::now();
        constexpr int decisions = 500;
        for (int n = 0; n < decisions; n++) {
            REQUIRE(memory.next(line) != "");
            memory.entering.clear();
            line.booked();  // as after each ARMED
        }
        const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began);
        MESSAGE("10000 jobs in " << batches << " batches: " << took.count() / decisions << " us a decision");
    }
}

TEST_CASE_FIXTURE(Fixture, "of a crowd of batches only some are looked at in one slice, and what waits behind thousands that may not go is found") {
    constexpr int crowd = 2'000;
    store->commits.commit();
    store->db->exec("BEGIN");
    for (int n = 1; n <= crowd; n++) batch(n, 1, n == crowd - 1 ? "priority = 0" : "budget = 1000");
    store->db->exec("COMMIT");
    Line line{config, *store};
    CHECK(next(line, 2) == Names{"b1999/1", ""});
    Line another{config, *store};
    entering.clear();
    CHECK(next(another) == "b1999/1");
    CHECK(slices > crowd / 200);  // read by 200, then looked at by 800

    SUBCASE("what happened already is not looked at again for every word that comes") {
        another.booked();
        CHECK(next(another) == "");
        CHECK(slices == 1);
    }
    SUBCASE("a purse that was filled is noticed, though word of something comes all the time") {
        store->db->exec("UPDATE batches SET budget = 44000 WHERE id = 3");
        std::string found;
        for (int i = 0; i < 100 && found.empty(); i++) {
            another.look_again();
            clock.run_for(50ms);
            found = next(another);
        }
        CHECK(found == "b3/1");
    }
    SUBCASE("uploads are gathered in slices, too") {
        Line third{config, *store};
        Line::Ahead ahead;
        int calls = 1;
        for (; !third.look_ahead(ahead, now(), entering); calls++) {}
        CHECK(calls > crowd / 200);
        CHECK(ahead.jobs == 1);
    }
}

TEST_CASE_FIXTURE(Fixture, "batches of one share move back together, and keep their order among themselves") {
    batch(1, 2, "share = 'fox'");
    batch(2, 1);
    batch(3, 1, "share = 'fox', budget = 1000");
    batch(4, 1, "share = 'fox'");
    batch(5, 1);
    Line line{config, *store};
    CHECK(next(line, 6) == Names{"b1/1", "b2/1", "b5/1", "b1/2", "b4/1", ""});
}

TEST_CASE_FIXTURE(Fixture, "a day that ends a moment after it was looked at is the next one at once, and nobody looks again for ever") {
    config.credits.per_day = 50_credits;
    batch(1, 1);
    store->db->exec("INSERT INTO accounts VALUES ('day/2026-11-25', 44000, 0)");
    Line line{config, *store};
    clock.run_for(24h - 300ms);
    CHECK(next(line) == "");
    clock.run_for(300ms);
    const auto decision = decide(line);
    REQUIRE(std::holds_alternative<domain::LookAgain>(decision));
    const auto again = std::get<domain::LookAgain>(decision).at;
    CHECK((!again || *again > clock.boot()));
}

TEST_CASE_FIXTURE(Fixture, "what is booked more than 26 hours ahead is taken back to today, by the zone and the hour that days begin at, and nothing else is") {
    for (const std::string zone : {"Etc/UTC", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago"}) {
        for (const auto starts : {0h, 12h, 23h}) {
            for (const std::string now :
                 {"2026-10-24T22:30:00Z", "2026-10-25T00:30:00Z", "2026-10-25T11:30:00Z", "2026-03-29T00:59:00Z", "2026-03-28T23:01:00Z"}) {
                CAPTURE(zone);
                CAPTURE(starts.count());
                CAPTURE(now);
                config.timezone = zone;
                config.credits.day_starts = starts;
                Books books{config, *store};
                const auto at = parse_rfc3339(now).value();
                const auto today = books.day(at), last = books.day(at + 26h);
                store->commits.commit();
                store->db->exec("DELETE FROM accounts");
                for (int days = -3; days <= 3; days++) {
                    const auto name = books.day(at + 24h * days);
                    store->db->exec("INSERT INTO accounts VALUES ('day/" + name + "', 1000, 0), ('share/fox/" + name + "', 0, 1000) ON CONFLICT DO NOTHING");
                }
                store->db->exec(
                    "INSERT INTO accounts VALUES ('day/2036-01-01', 5000, 0), ('share/fox/2036-01-01', 5000, 0), ('window/night/2036-01-01', 7000, 0)");
                const auto rows = store->accounts.from("day/", "day/").reserved;
                const auto behind = store->accounts.from("day/", "day/" + last + "x").reserved;
                CHECK(books.take_back(at) == behind);
                CHECK(store->accounts.of("day/" + today).reserved == 1_credits + behind);
                CHECK(store->accounts.from("day/", "day/" + last + "x").reserved == 0_credits);
                CHECK(store->accounts.from("day/", "day/").reserved == rows);
                CHECK(store->accounts.of("share/fox/" + today).reserved == 5_credits);
                CHECK(books.take_back(at) == 0_credits);  // once
            }
        }
    }
}

TEST_CASE("accounting time is the provider's last Date and the boot time since; before that the wall clock") {
    boost::asio::io_context io;
    ManualClock clock{io};
    AccountingClock accounting{clock};
    CHECK(accounting.moment().at == clock.now());
    accounting.heard({{"Server", "x"}, {"Date", "Wed, 25 Nov 2026 22:05:01 GMT"}});
    CHECK(to_rfc3339(accounting.moment().at) == "2026-11-25T22:05:01Z");
    clock.run_for(1min);
    clock.jump_wall(-24h * 3650);
    CHECK(to_rfc3339(accounting.moment().at) == "2026-11-25T22:06:01Z");
    for (const auto* bad : {"", "yesterday", "Wed, 25 Nov 2026 25:05:01 GMT", "Wed, 31 Feb 2026 22:05:01 GMT", "Wed, 25 Nov 2026 22:05:01 CET"})
        accounting.heard({{"Date", bad}});
    CHECK(to_rfc3339(accounting.moment().at) == "2026-11-25T22:06:01Z");
}

}  // namespace
}  // namespace motionspool::app
