#include <doctest/doctest.h>
#include <boost/asio/co_spawn.hpp>
#include "app/service.hpp"
#include "support/manual_clock.hpp"
#include "support/world.hpp"
#include "system/sha256.hpp"

// Evidence that comes late, when its batch is filed or another submission of the job is under way.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;
using namespace motionspool::literals;

/// The answers to the first so many submissions of the one job are lost.
struct Lossy : World {
    int lose = 1;
    Lossy() {
        provider.fault = [this](const Call& call) {
            const bool lost = call.where == Where::create && static_cast<int>(provider.tasks_of(call.about).size()) < lose;
            return lost ? Fault::lost_answer : Fault::none;
        };
    }
    void submit_one() {
        start();
        drop("batch", 1);
        REQUIRE(run_until(1h, [this] { return in_state("uncertain") == 1; }));
    }
    [[nodiscard]] Result<std::string> adopt(const std::string& task) {
        return act([id = job("batch/job-1").id, task](app::Reconciler& r) { return r.adopt(id, task); });
    }
    [[nodiscard]] Result<std::string> write_off() {
        return act([id = job("batch/job-1").id](app::Reconciler& r) { return r.write_off(id); });
    }
    [[nodiscard]] Result<std::string> resubmit() {
        return act([id = job("batch/job-1").id](app::Reconciler& r) { return r.resubmit(id); });
    }
    void call_back(int nth) {
        const auto number = std::to_string(nth);
        asio::co_spawn(store().executor, service().callbacks().take(system::sha256_hex("secret " + number), "task-" + number), [](std::exception_ptr, bool) {});
    }
};

}  // namespace

TEST_CASE("a task adopted after its batch was filed, which then fails at no cost, ends its job as failed and leaves nothing queued") {
    Lossy world;
    world.provider.fate = [](const std::string&, int nth) { return nth == 0 ? Fate{.takes = 30min, .failure = "Internal hiccup", .cost = Credits{}} : Fate{}; };
    world.submit_one();
    REQUIRE(world.write_off());
    world.run_for(5min);
    REQUIRE(fs::exists(world.spool("finished/batch")));
    REQUIRE(world.adopt("task-1"));
    CHECK(world.in_state("running") == 1);
    world.run_for(6h);
    CHECK(world.in_state("failed") == 1);
    CHECK(world.provider.tasks.size() == 1);
    CHECK(world.job("batch/job-1").spent == Credits{});
    CHECK(world.broken_promises() == "");
}

TEST_CASE("two tasks of one job that were given up and end together, called back within one poll, are both taken up, one after the other") {
    for (const auto gap : {0ms, 10ms, 40ms, 80ms}) {
        CAPTURE(gap.count());
        Lossy world;
        world.settings.config.webhook.public_url = "https://render.example.com";
        world.provider.fate = [](const std::string&, int nth) { return Fate{.takes = nth == 0 ? 310min : 309min, .calls_back = CallsBack::never}; };
        world.submit_one();
        REQUIRE(world.resubmit());
        REQUIRE(world.run_until(4h, [&] { return world.in_state("failed") == 1; }));
        world.run_until(5h, [&] { return world.provider.running() == 0; });
        world.call_back(1);
        world.run_for(gap);
        world.call_back(2);
        world.run_for(10min);
        CHECK(world.up());
        CHECK(world.in_state("done") == 1);
        world.run_for(3h);
        CHECK(world.up());
        CHECK(world.job("batch/job-1").spent == 110_credits);
        CHECK(fs::exists(world.output("batch/job-1.mp4")));
    }
}

TEST_CASE("the first of two lost submissions can be adopted, whether the second is uncertain or written off") {
    for (const bool callbacks : {false, true}) {
        for (const bool written_off : {false, true}) {
            CAPTURE(callbacks);
            CAPTURE(written_off);
            Lossy world;
            if (callbacks) world.settings.config.webhook.public_url = "https://render.example.com";
            world.lose = 2;
            world.provider.fate = [](const std::string&, int) { return Fate{.calls_back = CallsBack::never}; };
            world.submit_one();
            world.run_for(2h);
            REQUIRE(world.resubmit());
            REQUIRE(world.run_until(1h, [&] { return world.provider.tasks.size() == 2 && world.in_state("uncertain") == 1; }));
            if (written_off) REQUIRE(world.write_off());
            CHECK_FALSE(world.adopt("task-3"));
            REQUIRE(world.adopt("task-1"));
            world.run_for(1h);
            CHECK(world.in_state("done") == 1);
            CHECK(world.provider.tasks.size() == 2);
        }
    }
}

TEST_CASE("where one submission's result is unusable, that of another one which was paid for is delivered") {
    Lossy world;
    world.provider.fate = [](const std::string&, int nth) { return nth == 0 ? Fate{.takes = 20min} : Fate{.takes = 10s, .video = "no video at all"}; };
    world.submit_one();
    REQUIRE(world.resubmit());
    REQUIRE(world.run_until(4h, [&] { return world.in_state("failed") == 1; }));
    CHECK(world.job("batch/job-1").error->code == "result-broken");
    REQUIRE(world.adopt("task-1"));
    world.run_for(2h);
    CHECK(world.in_state("done") == 1);
    CHECK(world.provider.tasks.size() == 2);
    CHECK(fs::exists(world.output("batch/job-1.mp4")));
}

}  // namespace motionspool::test
