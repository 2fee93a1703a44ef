#include <doctest/doctest.h>
#include <boost/asio/co_spawn.hpp>
#include "app/service.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_folder.hpp"
#include "support/world.hpp"
#include "system/sha256.hpp"

// What the operator does about submissions whose answer was lost.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;
using namespace motionspool::literals;
using domain::AttemptState;
using domain::JobState;

/// The answer to the first submission of each job named in `lost` never arrives; nobody calls back.
struct Lossy : World {
    std::set<std::string> lost{"batch/job-1"};
    Lossy() {
        provider.fault = [this](const Call& call) {
            const bool first = call.where == Where::create && lost.contains(call.about) && provider.tasks_of(call.about).empty();
            return first ? Fault::lost_answer : Fault::none;
        };
    }
    Result<std::string> adopt(const std::string& job_name, const std::string& task) {
        const auto id = job(job_name).id;
        return act([id, task](app::Reconciler& reconciler) { return reconciler.adopt(id, task); });
    }
    Result<std::string> write_off(const std::string& job_name) {
        const auto id = job(job_name).id;
        return act([id](app::Reconciler& reconciler) { return reconciler.write_off(id); });
    }
    Result<std::string> resubmit(const std::string& job_name) {
        const auto id = job(job_name).id;
        return act([id](app::Reconciler& reconciler) { return reconciler.resubmit(id); });
    }
    std::string task_of(const std::string& prompt, std::size_t n = 0) { return provider.tasks_of(prompt).at(n)->id; }
    bool delivered(const std::string& job_name, const std::string& task) { return read_file(*job(job_name).output) == provider.video(*provider.task(task)); }
};

/// The same with callbacks configured; they come when the test says so.
struct LossyCalledBack : Lossy {
    LossyCalledBack() { settings.config.webhook.public_url = "https://render.example.com"; }
    bool call_first(const std::string& task) {
        std::optional<bool> said;
        asio::co_spawn(store().executor, service().callbacks().take(system::sha256_hex("secret 1"), task),
                       [&](std::exception_ptr, bool taken) { said = taken; });
        run_for(0ms);
        return said.value();
    }
};

bool says(const Result<std::string>& result, const std::string& part) { return !result && result.problem().text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a job that adopts its task is delivered, and the books agree") {
    Lossy world;
    world.drop("batch", 2);
    REQUIRE(world.rest());
    REQUIRE(world.job("batch/job-1").state == JobState::uncertain);
    const auto said = world.adopt("batch/job-1", world.task_of("batch/job-1"));
    REQUIRE(said.has_value());
    CHECK(said->find("batch/job-1 has task ") == 0);
    REQUIRE(world.rest());
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 2);
    CHECK(world.provider.tasks.size() == 2);
    CHECK(says(world.adopt("batch/job-1", world.task_of("batch/job-1")), "is done"));
}

TEST_CASE("another job's task is not adopted, whether it is known whose it is or not") {
    Lossy world;
    world.lost = {"batch/job-1", "batch/job-2"};
    world.drop("batch", 3);
    REQUIRE(world.rest());
    REQUIRE(world.in_state("uncertain") == 2);
    CHECK(says(world.adopt("batch/job-1", world.task_of("batch/job-3")), "belongs to batch/job-3"));
    CHECK(says(world.adopt("batch/job-1", world.task_of("batch/job-2")), "another prompt"));
    CHECK(says(world.adopt("batch/job-1", "task-of-nobody"), "knows no task"));
    CHECK(says(world.adopt("batch/job-1", "no task id"), "no task id"));
    CHECK(says(world.adopt("batch/job-3", world.task_of("batch/job-1")), "is done"));
    CHECK(world.in_state("uncertain") == 2);
    CHECK(world.broken_promises() == "");
}

TEST_CASE("a task that was made at another time is not adopted") {
    Lossy world;
    world.lost = {"batch/job-1", "later/job-1"};
    world.drop("batch", 1);
    REQUIRE(world.rest());
    world.run_for(20min);
    world.drop("later", manifest_of("batch", 1, "run: 2\n"), fox_and_wave());  // the same order, later
    REQUIRE(world.rest());
    REQUIRE(world.provider.tasks.size() == 2);
    const auto second = world.task_of("batch/job-1", 1);
    CHECK(says(world.adopt("batch/job-1", second), "belongs to later/job-1"));
    world.store().db->exec("UPDATE attempts SET task = NULL WHERE task = '" + second + "'");
    const auto late = world.adopt("batch/job-1", second);
    REQUIRE_FALSE(late.has_value());
    CHECK(late.problem().text.find(" after this one was sent") != std::string::npos);
    CHECK(world.adopt("batch/job-1", world.task_of("batch/job-1")).has_value());
}

TEST_CASE("what the provider does not say is no proof, and nothing changes") {
    for (const auto fault : {Fault::http_500, Fault::lost_answer, Fault::garbage, Fault::code_401, Fault::code_429}) {
        CAPTURE(to_string(fault));
        Lossy world;
        world.drop("batch", 1);
        REQUIRE(world.rest());
        const auto lossy = world.provider.fault;
        world.provider.fault = [&](const Call& call) { return call.where == Where::record ? fault : Fault::none; };
        CHECK_FALSE(world.adopt("batch/job-1", world.task_of("batch/job-1")).has_value());
        CHECK(world.job("batch/job-1").state == JobState::uncertain);
        world.provider.fault = lossy;
        CHECK(world.adopt("batch/job-1", world.task_of("batch/job-1")).has_value());
        REQUIRE(world.rest());
        CHECK(world.job("batch/job-1").state == JobState::done);
    }
}

TEST_CASE("what is written off counts as spent and ends the job; found after all it is adopted, and the books follow the truth") {
    Lossy world;
    world.provider.fate = [](const std::string&, int) { return Fate{.cost = 50_credits}; };
    world.drop("batch", 1);
    REQUIRE(world.rest());
    const auto estimate = 55_credits;
    CHECK(world.write_off("batch/job-1").has_value());
    REQUIRE(world.rest());
    CHECK(world.job("batch/job-1").state == JobState::failed);
    CHECK(world.job("batch/job-1").error->code == "written-off");
    CHECK(world.store().attempts.totals().spent == estimate);
    CHECK(world.store().attempts.totals().reserved == 0_credits);
    CHECK(says(world.write_off("batch/job-1"), "not uncertain"));
    CHECK(says(world.resubmit("batch/job-1"), "not uncertain"));
    world.restart();
    CHECK(world.adopt("batch/job-1", world.task_of("batch/job-1")).has_value());
    REQUIRE(world.run_until(1h, [&] { return world.in_state("done") == 1; }));
    CHECK(world.delivered("batch/job-1", world.task_of("batch/job-1")));
    CHECK(world.store().attempts.totals().spent == 50_credits);
    CHECK(world.provider.tasks.size() == 1);
}

TEST_CASE("a callback for a submission that was written off revives its job, in a batch that has been filed, too") {
    for (const bool restarts : {false, true}) {
        CAPTURE(restarts);
        LossyCalledBack world;
        world.provider.fate = [](const std::string&, int) { return Fate{.calls_back = CallsBack::never}; };
        world.drop("batch", 2);
        REQUIRE(world.rest());
        REQUIRE(world.write_off("batch/job-1").has_value());
        REQUIRE(world.rest());
        CHECK(world.job("batch/job-1").state == JobState::failed);
        if (restarts) world.restart();
        CHECK(world.call_first(world.task_of("batch/job-1")));
        REQUIRE(world.run_until(1h, [&] { return world.in_state("done") == 2; }));
        world.run_for(2min);
        CHECK(world.broken_promises() == "");
        CHECK(world.store().attempts.totals().spent == 110_credits);
        CHECK_FALSE(fs::exists(world.spool("finished/batch.again.yaml")));
    }
}

TEST_CASE("resubmitting pays anew, knowingly: one more task, the lost one counted as spent") {
    Lossy world;
    world.drop("batch", 2);
    REQUIRE(world.rest());
    const auto estimate = 55_credits;
    const auto said = world.resubmit("batch/job-1");
    REQUIRE(said.has_value());
    CHECK(said->find("paid twice") != std::string::npos);
    REQUIRE(world.run_until(1h, [&] { return world.in_state("done") == 2; }));
    CHECK(world.provider.tasks_of("batch/job-1").size() == 2);
    CHECK(world.delivered("batch/job-1", world.task_of("batch/job-1", 1)));
    CHECK(world.store().attempts.totals_of(world.job("batch/job-1").id).spent == estimate + 55_credits);
}

TEST_CASE("evidence for the lost submission before the new one is armed cancels the new one") {
    for (const bool restarts : {false, true}) {
        CAPTURE(restarts);
        LossyCalledBack world;
        world.provider.fate = [](const std::string&, int) { return Fate{.calls_back = CallsBack::never}; };
        world.drop("batch", 1);
        REQUIRE(world.rest());
        world.settings.config.limits.running = 0;
        REQUIRE(world.resubmit("batch/job-1").has_value());
        world.run_for(10s);
        CHECK(world.job("batch/job-1").state == JobState::queued);
        if (restarts) world.restart();
        CHECK(world.call_first(world.task_of("batch/job-1")));
        world.settings.config.limits.running = 100;
        REQUIRE(world.rest());
        CHECK(world.broken_promises() == "");
        CHECK(world.job("batch/job-1").state == JobState::done);
        CHECK(world.provider.tasks.size() == 1);
        CHECK(world.store().attempts.totals().spent == 55_credits);
    }
}

TEST_CASE("if both submissions succeed, the first to end is delivered and both costs are shown") {
    for (const bool old_first : {false, true}) {
        for (const bool restarts : {false, true}) {
            CAPTURE(old_first);
            CAPTURE(restarts);
            LossyCalledBack world;
            world.provider.fate = [&](const std::string&, int nth) {
                const bool quick = (nth == 0) == old_first;
                return Fate{
                    .takes = quick ? 5min : 30min, .cost = nth == 0 ? 40_credits : 50_credits, .calls_back = nth == 0 ? CallsBack::never : CallsBack::at_end};
            };
            world.start();
            world.drop("batch", 1);
            REQUIRE(world.run_until(1h, [&] { return world.in_state("uncertain") == 1; }));
            REQUIRE(world.resubmit("batch/job-1").has_value());
            REQUIRE(world.run_until(1h, [&] { return world.in_state("running") == 1; }));
            CHECK(world.call_first("task-1"));
            if (restarts) world.restart();
            world.run_for(2h);
            REQUIRE(world.job("batch/job-1").state == JobState::done);
            CHECK(world.delivered("batch/job-1", old_first ? "task-1" : "task-2"));
            CHECK(world.store().attempts.totals().spent == 90_credits);
            CHECK(world.store().attempts.totals().reserved == 0_credits);
            for (const auto& attempt : world.store().attempts.of(world.job("batch/job-1").id)) CHECK(attempt.state == AttemptState::succeeded);
            CHECK(world.in_state("done") == 1);
        }
    }
}

TEST_CASE("the lost submission brings the result while the answer to the new one is lost, too") {
    LossyCalledBack world;
    world.provider.fault = [](const Call& call) { return call.where == Where::create ? Fault::lost_answer : Fault::none; };
    world.provider.fate = [](const std::string&, int) { return Fate{.calls_back = CallsBack::never}; };
    world.drop("batch", 1);
    REQUIRE(world.rest());
    REQUIRE(world.resubmit("batch/job-1").has_value());
    REQUIRE(world.run_until(10min, [&] { return world.provider.tasks.size() == 2 && world.in_state("uncertain") == 1; }));
    CHECK(world.call_first("task-1"));
    REQUIRE(world.run_until(1h, [&] { return world.in_state("done") == 1; }));
    CHECK(world.delivered("batch/job-1", "task-1"));
    const auto still = world.store().views.uncertain();
    REQUIRE(still.size() == 1);  // the money of the second is still at stake
    CHECK(still.front().state == JobState::done);
    CHECK(says(world.resubmit("batch/job-1"), "wants no new submission"));
    CHECK(world.adopt("batch/job-1", "task-2").has_value());
    world.run_for(1h);
    CHECK(world.job("batch/job-1").state == JobState::done);
    CHECK(world.store().views.uncertain().empty());
    CHECK(world.store().attempts.totals().spent == 110_credits);
}

TEST_CASE("what a person needs to look for a lost submission is listed") {
    LossyCalledBack world;
    world.start();
    world.drop("batch", 2);
    REQUIRE(world.run_until(1min, [&] { return world.in_state("uncertain") == 1; }));
    const auto list = world.store().views.uncertain();
    REQUIRE(list.size() == 1);
    const auto& row = list.front();
    CHECK(row.batch + "/" + row.job == "batch/job-1");
    CHECK(row.prompt == "batch/job-1");
    CHECK(row.image == "fox.png");
    CHECK(row.motion == "wave.mp4");
    CHECK(row.estimate == 55_credits);
    CHECK(row.armed <= world.clock().now());
    CHECK(row.why.find("uncertain: ") == 0);
    CHECK(row.request.find("https://tempfile.redpandaai.co/") != std::string::npos);
    CHECK(row.callback);
}

}  // namespace motionspool::test
