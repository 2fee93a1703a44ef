#include "app/actions.hpp"
#include <doctest/doctest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include "app/service.hpp"
#include "support/manual_clock.hpp"
#include "support/world.hpp"

namespace motionspool::test {
namespace {
using namespace std::chrono_literals;
using namespace motionspool::literals;
using app::Answer;
using app::Refusal;
using What = domain::Act;

/// Has the service do it, and gives it the time it takes.
app::Answered order(World& world, What what, const std::string& target, bool dry_run = false, std::optional<std::string> cause = std::nullopt) {
    std::optional<app::Answered> answered;
    auto& actions = world.service().actions();
    asio::co_spawn(world.store().executor, actions.act({what, target, std::move(cause), dry_run}), [&](std::exception_ptr error, app::Answered a) {
        REQUIRE_FALSE(error);
        answered = std::move(a);
    });
    world.clock().run_ready();
    REQUIRE(answered);
    return *answered;
}

Answer done(World& world, What what, const std::string& target, bool dry_run = false, std::optional<std::string> cause = std::nullopt) {
    return std::get<Answer>(order(world, what, target, dry_run, std::move(cause)));
}

bool is(World& world, const std::string& job, domain::JobState state) { return world.job(job).state == state; }

struct Running : World {
    Running() {
        settings.config.limits.running = 1;
        start();
    }
};

TEST_CASE_FIXTURE(World, "an act on what is not there, or names nothing, is refused and says what was expected") {
    start();
    drop("foxes", 2);
    run_for(1s);
    const auto kind = [&](const std::string& target) { return std::get<Refusal>(order(*this, What::hold, target)).kind; };
    CHECK(kind("wolves") == Refusal::Kind::not_found);
    CHECK(kind("foxes/job-9") == Refusal::Kind::not_found);
    CHECK(kind("foxes/cat-*") == Refusal::Kind::not_found);
    CHECK(kind("foxes/") == Refusal::Kind::usage);
    CHECK(std::get<Refusal>(order(*this, What::hold, "wolves")).text.find("there is no batch \"wolves\"") == 0);
}

TEST_CASE_FIXTURE(Running, "cancel ends what is not paid for, and what is paid for is delivered") {
    drop("foxes", 3);
    REQUIRE(run_until(1h, [&] { return is(*this, "foxes/job-1", domain::JobState::running); }));
    const auto dry = done(*this, What::cancel, "foxes", true);
    CHECK(dry.jobs == 2);
    CHECK(dry.credits == 110_credits);
    CHECK(dry.text.find("would cancel 2 jobs") == 0);
    CHECK(dry.left_alone.size() == 1);
    CHECK(in_state("queued") == 2);
    const auto answer = done(*this, What::cancel, "FOXES");
    CHECK(answer.jobs == 2);
    CHECK(in_state("cancelled") == 2);
    CHECK(rest());
    CHECK(in_state("done") == 1);
    CHECK(provider.tasks.size() == 1);
    CHECK(done(*this, What::cancel, "foxes").jobs == 0);
    CHECK(fs::exists(spool("finished/foxes.report.txt")));
}

TEST_CASE_FIXTURE(Running, "a job given up while its task runs is cancelled at once, its cost is booked, and nothing is delivered") {
    drop("foxes", 2);
    REQUIRE(run_until(1h, [&] { return is(*this, "foxes/job-1", domain::JobState::running); }));
    const auto answer = done(*this, What::discard, "foxes/job-1");
    CHECK(answer.jobs == 1);
    CHECK(is(*this, "foxes/job-1", domain::JobState::cancelled));
    CHECK(job("foxes/job-1").reserved > Credits{});
    CHECK(rest());
    CHECK(run_until(1h, [&] { return job("foxes/job-1").reserved == Credits{}; }));
    CHECK(job("foxes/job-1").spent == Credits::whole(55));
    CHECK_FALSE(job("foxes/job-1").output);
    CHECK_FALSE(fs::exists(output("foxes/job-1.mp4")));
    CHECK(is(*this, "foxes/job-1", domain::JobState::cancelled));
    CHECK(is(*this, "foxes/job-2", domain::JobState::done));
    CHECK(provider.tasks.size() == 2);
}

TEST_CASE_FIXTURE(Running, "what a discarded task costs is booked although the daemon died meanwhile") {
    drop("foxes", 1);
    REQUIRE(run_until(1h, [&] { return is(*this, "foxes/job-1", domain::JobState::running); }));
    CHECK(done(*this, What::discard, "foxes/job-1").jobs == 1);
    run_for(20ms);
    crash();
    restart();
    CHECK(run_until(1h, [&] { return job("foxes/job-1").spent == Credits::whole(55); }));
    CHECK(is(*this, "foxes/job-1", domain::JobState::cancelled));
    CHECK(provider.tasks.size() == 1);
}

TEST_CASE_FIXTURE(World, "a job given up between the paid request and its answer stays cancelled, whatever the answer is") {
    for (const auto fault : {Fault::none, Fault::lost_answer, Fault::code_402, Fault::code_500}) {
        CAPTURE(to_string(fault));
        World world;
        world.provider.one_way = 2s;
        world.provider.fault = [&](const Call& call) { return call.where == Where::create ? fault : Fault::none; };
        world.start();
        world.drop("foxes", 1);
        REQUIRE(world.run_until(1h, [&] { return is(world, "foxes/job-1", domain::JobState::submitting); }));
        CHECK(done(world, What::cancel, "foxes/job-1").jobs == 0);
        CHECK(done(world, What::discard, "foxes/job-1").jobs == 1);
        world.run_for(1h);
        CHECK(world.up());
        CHECK(is(world, "foxes/job-1", domain::JobState::cancelled));
        CHECK(world.provider.tasks.size() <= 1);
        CHECK_FALSE(world.job("foxes/job-1").output);
        if (fault == Fault::none) CHECK(world.job("foxes/job-1").spent == Credits::whole(55));
        if (fault == Fault::lost_answer) CHECK(world.job("foxes/job-1").reserved > Credits{});
    }
}

TEST_CASE_FIXTURE(World, "a video that is being fetched when its job is given up gets no name") {
    provider.fault = [&](const Call& call) { return call.where == Where::result ? Fault::http_500 : Fault::none; };
    start();
    drop("foxes", 1);
    REQUIRE(run_until(1h, [&] { return is(*this, "foxes/job-1", domain::JobState::downloading); }));
    CHECK(done(*this, What::discard, "foxes").jobs == 1);
    provider.fault = [](const Call&) { return Fault::none; };
    run_for(1h);
    CHECK(is(*this, "foxes/job-1", domain::JobState::cancelled));
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator{output()})
        files += entry.path().filename().string().starts_with(".motionspool") || entry.is_directory() ? 0 : 1;
    CHECK(files == 0);
    CHECK(job("foxes/job-1").spent == Credits::whole(55));
}

TEST_CASE("a job given up after its video got its name has none, nor a sidecar, also if the process ends at that moment") {
    for (const bool dies : {false, true}) {
        CAPTURE(dies);
        World world;
        const auto film = world.output("foxes/job-1.mp4");
        bool placing = false, given_up = false;
        const std::function<void(int)> once_it_is_there = [&](int turns) {
            if (fs::exists(film))
                given_up = world.store().operations.discard(world.job("foxes/job-1").id, domain::JobState::downloading, world.clock().now());
            else if (turns > 0)
                asio::post(world.store().executor, [&once_it_is_there, turns] { once_it_is_there(turns - 1); });
        };
        world.dies_at_commit = [&](std::size_t, bool after) {
            if (given_up && after) return dies && world.lives == 1;
            if (!placing && after && !world.jobs().empty() && is(world, "foxes/job-1", domain::JobState::downloading)) {
                placing = world.store().deliveries.find(world.job("foxes/job-1").id, domain::Stage::single).has_value();
                if (placing) once_it_is_there(50);
            }
            return false;
        };
        world.start();
        world.drop("foxes", 1);
        world.run_for(1h);
        REQUIRE(given_up);
        CHECK(world.up() == !dies);
        if (dies) world.restart();
        world.run_for(1min);
        CHECK(is(world, "foxes/job-1", domain::JobState::cancelled));
        CHECK_FALSE(fs::exists(film));
        CHECK_FALSE(fs::exists(world.output("foxes/_info/job-1.json")));
        CHECK(world.job("foxes/job-1").spent == Credits::whole(55));
    }
}

TEST_CASE_FIXTURE(World, "a retry of what failed costs one new task, and its batch comes back from finished/") {
    provider.fate = [](const std::string&, int nth) { return nth == 0 ? Fate{.failure = "Some internal error", .cost = Credits::whole(20)} : Fate{}; };
    start();
    drop("foxes", 1);
    CHECK(rest());
    REQUIRE(is(*this, "foxes/job-1", domain::JobState::failed));
    CHECK(fs::exists(spool("finished/foxes")));
    CHECK(fs::exists(spool("finished/foxes.again.yaml")));
    CHECK(provider.tasks.size() == 1);
    const auto dry = done(*this, What::retry, "foxes", true);
    CHECK(dry.jobs == 1);
    CHECK(dry.credits == 55_credits);
    CHECK(dry.notes == std::vector<std::string>{"20 credits are booked for 1 job of them already; what is rendered anew is paid once more"});
    CHECK(is(*this, "foxes/job-1", domain::JobState::failed));
    CHECK(done(*this, What::retry, "foxes").jobs == 1);
    run_for(3s);
    CHECK(fs::exists(spool("accepted/foxes/manifest.yaml")));
    for (const auto* note : {"foxes", "foxes.report.txt", "foxes.report.json", "foxes.report.html", "foxes.again.yaml"})
        CHECK_FALSE(fs::exists(spool("finished") / note));
    CHECK(rest());
    CHECK(is(*this, "foxes/job-1", domain::JobState::done));
    CHECK(provider.tasks.size() == 2);
    CHECK(job("foxes/job-1").spent == Credits::whole(75));
    CHECK(fs::exists(spool("finished/foxes/manifest.yaml")));
    CHECK(fs::exists(spool("finished/foxes.report.txt")));
    CHECK_FALSE(fs::exists(spool("finished/foxes.again.yaml")));
}

TEST_CASE_FIXTURE(World, "a retry survives a crash at every commit, and is paid once") {
    int finished = 0;
    for (std::size_t at = 0; at < 6; at++) {
        for (const bool after : {false, true}) {
            CAPTURE(at);
            CAPTURE(after);
            World world;
            world.provider.fate = [](const std::string&, int nth) {
                return nth == 0 ? Fate{.failure = "Some internal error", .cost = Credits::whole(20)} : Fate{};
            };
            world.start();
            world.drop("foxes", 1);
            REQUIRE(world.rest());
            const auto first = world.commits + at;
            bool died = false;
            world.dies_at_commit = [&](std::size_t number, bool then) {
                if (died || number != first || then != after) return false;
                died = true;
                return true;
            };
            (void)order(world, What::retry, "foxes");
            CHECK(world.rest());
            CHECK(died);
            if (is(world, "foxes/job-1", domain::JobState::failed)) {  // it died before the retry was on disk
                CHECK(world.provider.tasks.size() == 1);
                CHECK(done(world, What::retry, "foxes").jobs == 1);
                CHECK(world.rest());
            }
            CHECK(world.provider.tasks.size() <= 2);
            if (is(world, "foxes/job-1", domain::JobState::uncertain)) {  // it died between the intent to pay and the answer
                CHECK(fs::exists(world.spool("accepted/foxes/manifest.yaml")));
                CHECK_FALSE(fs::exists(world.spool("finished/foxes")));
                continue;
            }
            finished++;
            CHECK(is(world, "foxes/job-1", domain::JobState::done));
            CHECK(world.provider.tasks.size() == 2);
            CHECK(fs::exists(world.spool("finished/foxes/manifest.yaml")));
            CHECK_FALSE(fs::exists(world.spool("accepted/foxes")));
        }
    }
    CHECK(finished >= 8);
}

TEST_CASE_FIXTURE(World, "a retry leaves moderation alone, unless it is named") {
    provider.fate = [](const std::string&, int nth) { return nth == 0 ? Fate{.failure = "content moderation: blocked"} : Fate{}; };
    start();
    drop("foxes", 1);
    CHECK(rest());
    REQUIRE(job("foxes/job-1").error);
    REQUIRE(job("foxes/job-1").error->code == "moderation");
    const auto skipped = done(*this, What::retry, "foxes");
    CHECK(skipped.jobs == 0);
    CHECK(skipped.left_alone.begin()->first.find("--cause moderation") != std::string::npos);
    CHECK(fs::exists(spool("finished/foxes")));
    CHECK(done(*this, What::retry, "foxes", false, "image-fetch").jobs == 0);
    CHECK(done(*this, What::retry, "foxes", false, "moderation").jobs == 1);
    CHECK(rest());
    CHECK(is(*this, "foxes/job-1", domain::JobState::done));
}

TEST_CASE_FIXTURE(World, "a retry of what was rendered and came broken fetches it again, and pays nothing") {
    bool broken = true;
    provider.result_instead = [&](const http::Url&, const http::Request&) -> std::optional<http::Response> {
        if (!broken) return std::nullopt;
        return http::Response{200, {{"Content-Length", "9"}, {"Content-Type", "video/mp4"}}, "no video."};
    };
    start();
    drop("foxes", 1);
    CHECK(rest());
    REQUIRE(is(*this, "foxes/job-1", domain::JobState::failed));
    broken = false;
    const auto answer = done(*this, What::retry, "foxes/job-1");
    CHECK(answer.jobs == 1);
    CHECK(answer.credits == Credits{});
    CHECK(answer.notes.size() == 1);
    CHECK(rest());
    CHECK(is(*this, "foxes/job-1", domain::JobState::done));
    CHECK(provider.tasks.size() == 1);
    CHECK(job("foxes/job-1").spent == Credits::whole(55));
}

TEST_CASE_FIXTURE(World, "a retry of a job that is stuck asks about its task again, and pays nothing") {
    provider.fate = [](const std::string&, int) { return Fate{.takes = 150min}; };
    start();
    drop("foxes", 1);
    REQUIRE(run_until(3h, [&] { return is(*this, "foxes/job-1", domain::JobState::failed); }));
    CHECK(job("foxes/job-1").error->code == "stuck");
    run_for(2min);
    CHECK(done(*this, What::retry, "foxes/job-1").notes.size() == 1);
    CHECK(is(*this, "foxes/job-1", domain::JobState::running));
    run_for(10min);
    CHECK(is(*this, "foxes/job-1", domain::JobState::failed));  // not yet: stuck once more
    run_until(1h, [&] { return provider.now() >= 151min; });
    if (is(*this, "foxes/job-1", domain::JobState::failed)) CHECK(done(*this, What::retry, "foxes/job-1").jobs == 1);
    CHECK(rest());
    CHECK(is(*this, "foxes/job-1", domain::JobState::done));
    CHECK(provider.tasks.size() == 1);
}

TEST_CASE_FIXTURE(World, "set changes a live batch, all of it or nothing, and refuses what makes no sense") {
    settings.config.shares = {{"ads", {}}, {"lab", {.max_priority = 0}}};
    start();
    settings.config.limits.running = 0;
    drop("foxes", 2);
    REQUIRE(run_until(1min, [&] { return in_state("queued") == 2; }));
    auto& actions = service().actions();
    const auto refused = [&](const std::vector<std::string>& settings_) { return std::get<Refusal>(actions.set("foxes", settings_, false)).text; };
    CHECK(refused({}).find("expected KEY=VALUE") != std::string::npos);
    CHECK(refused({"colour=red"}).find("\"colour=red\" sets nothing") == 0);
    CHECK(refused({"priority=101"}).find("a whole number from -100 to 100") != std::string::npos);
    CHECK(refused({"priority=5", "window=noon"}).find("a window of the configuration: none, night") != std::string::npos);
    CHECK(refused({"budget=-1"}).find("credits, or none") != std::string::npos);
    CHECK(refused({"share=a b"}).find("contains a space") != std::string::npos);
    CHECK(refused({"share=asd"}).find("a share of the configuration: none, ads, lab; did you mean \"ads\"?") != std::string::npos);
    CHECK(refused({"share=lab", "priority=5"}).find("the share lab has at most 0 (shares.lab.max_priority); set priority=0 as well") != std::string::npos);
    CHECK(refused({"priority=5", "priority=6"}) == "`priority` is set twice; set it once");
    const auto batch = [&] { return *store().batches.find("foxes"); };
    CHECK(batch().priority == 0);
    CHECK(std::get<Answer>(actions.set("foxes", {"priority=5"}, true)).text == "would set priority=5 of foxes");
    CHECK(batch().priority == 0);
    CHECK(std::get<Answer>(actions.set("FOXES", {"priority=5", "window=night", "budget=812.5", "share=ads"}, false)).text.find("set priority=5") == 0);
    CHECK(batch().priority == 5);
    CHECK(batch().window == "night");
    CHECK(batch().budget == Credits::from_milli(812'500));
    CHECK(batch().share == "ads");
    CHECK(std::get<Answer>(actions.set("foxes", {"window=none", "budget=none", "share=none"}, false)).jobs == 0);
    CHECK(batch().window.empty());
    CHECK(batch().share.empty());
    CHECK_FALSE(batch().budget);
    CHECK(std::get<Refusal>(actions.set("wolves", {"priority=5"}, false)).kind == Refusal::Kind::not_found);
}

TEST_CASE_FIXTURE(World, "an act that changes nothing says so, and what a held batch's jobs really wait for") {
    settings.config.limits.running = 0;
    start();
    drop("foxes", 3);
    REQUIRE(run_until(1min, [&] { return in_state("queued") == 3; }));
    CHECK(done(*this, What::release, "foxes").text == "nothing was released: no job of foxes is held");
    CHECK(done(*this, What::hold, "foxes").jobs == 3);
    const auto twice = done(*this, What::hold, "foxes");
    CHECK(twice.jobs == 0);
    CHECK(twice.left_alone == std::map<std::string, std::size_t>{{"is held already", 3}});
    const auto one = done(*this, What::release, "foxes/job-1");
    CHECK(one.jobs == 0);
    CHECK(one.text == "nothing was released: the batch is held; `motionspool release foxes` lets its jobs go");
    CHECK(one.notes.empty());
    CHECK(done(*this, What::release, "foxes").text.find("released 3 jobs") == 0);
    CHECK(done(*this, What::release, "foxes").jobs == 0);
    CHECK(done(*this, What::hold, "foxes/job-2").jobs == 1);
    CHECK(done(*this, What::release, "foxes").jobs == 1);
}

TEST_CASE_FIXTURE(World, "an act counts what jobs would be reserved for, once their like has cost more") {
    settings.config.limits.running = 0;
    start();
    drop("foxes", 2);
    REQUIRE(run_until(1min, [&] { return in_state("queued") == 2; }));
    {
        store::Change change{*store().db, store().commits};
        store().funds.learned(settings.config.provider.model, domain::Mode::p720, {{{5s, Credits::from_milli(82'500)}}, {}});
        change.keep();
    }
    CHECK(done(*this, What::hold, "foxes", true).credits == 165_credits);
    settings.config.credits.minimum.p720 = 100_credits;
    CHECK(done(*this, What::hold, "foxes", true).credits == 200_credits);
}

TEST_CASE_FIXTURE(World, "a pause ends in the future, and resume says whether there was one") {
    start();
    auto& actions = service().actions();
    CHECK(std::get<Refusal>(actions.pause(clock().now(), "")).text.find("is over") != std::string::npos);
    CHECK(std::get<Refusal>(actions.pause(std::nullopt, "two\nlines")).text.find("expected one line of text") != std::string::npos);
    CHECK(std::get<Refusal>(actions.pause(std::nullopt, "\x1b[31m")).kind == Refusal::Kind::usage);
    CHECK(std::get<Answer>(actions.resume()).text == "nothing was paused");
    CHECK(std::get<Answer>(actions.pause(std::nullopt, "lunch")).text.find("until `motionspool resume`") != std::string::npos);
    CHECK(store().operations.paused(clock().now())->reason == "lunch");
    CHECK(std::get<Answer>(actions.resume()).text == "submissions go on");
}

}  // namespace
}  // namespace motionspool::test
