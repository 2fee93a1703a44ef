#include <doctest/doctest.h>
#include <algorithm>
#include <array>
#include "app/service.hpp"
#include "support/dying.hpp"
#include "support/manual_clock.hpp"
#include "support/run.hpp"
#include "support/temp_folder.hpp"
#include "system/sha256.hpp"

// Callbacks as evidence: a submission whose answer was lost resolves itself, whatever goes wrong on the way.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;
using namespace motionspool::literals;
using domain::JobState;

constexpr const char* public_url = "https://render.example.com/motionspool";

/// A service that asks for callbacks.
struct CalledBack : World {
    CalledBack() { settings.config.webhook.public_url = public_url; }
    /// Runs on until the provider has nothing more to say.
    void settle() {
        REQUIRE(rest(24h));
        for (int n = 0; n < 20 && (!provider.posts.empty() || !at_rest() || in_state("uncertain") > 0); n++) {
            if (!up()) restart();
            run_for(1min);
        }
        REQUIRE(rest(24h));
    }
    std::size_t events(const std::string& job, const std::string& part) {
        const auto all = log(job);
        return static_cast<std::size_t>(std::ranges::count_if(all, [&](const store::Event& event) { return event.what.find(part) != std::string::npos; }));
    }
    /// What a caller at the webhook would hear.
    bool call(const std::string& secret, const std::string& task) {
        std::optional<bool> said;
        asio::co_spawn(store().executor, service().callbacks().take(secret, task), [&](std::exception_ptr, bool taken) { said = taken; });
        run_for(0ms);
        return said.value();
    }
    /// The secret of the nth URL that was made, as the world makes them.
    static std::string secret(int n) { return system::sha256_hex("secret " + std::to_string(n)); }
};

Fault on_create(const Call& call, Fault fault) { return call.where == Where::create ? fault : Fault::none; }

constexpr std::array faults{Fault::no_connection, Fault::gone,         Fault::lost_request,  Fault::silence, Fault::lost_answer,  Fault::late_answer,
                            Fault::cut_answer,    Fault::short_answer, Fault::http_502_done, Fault::garbage, Fault::crash_before, Fault::crash_after};

}  // namespace

/// At rest: whoever has a task has its video, the others are uncertain.
void check_every_task_delivered(World& world) {
    CHECK(world.broken_promises() == "");
    for (const auto& job : world.jobs()) {
        const auto made = world.provider.tasks_of(job.prompt).size();
        CHECK(made <= 1);
        CHECK(job.state == (made == 1 ? JobState::done : JobState::uncertain));
    }
}

TEST_CASE("each submission names a URL of its own, and the database does not know its secret") {
    CalledBack world;
    world.drop("batch", 3);
    REQUIRE(world.rest());
    CHECK(world.broken_promises() == "");
    std::set<std::string> urls;
    for (const auto& task : world.provider.tasks) {
        const auto at = task.param.find(std::string{public_url} + "/callback/");
        REQUIRE(at != std::string::npos);
        const auto token = task.param.substr(at + std::string{public_url}.size() + 10, 64);
        urls.insert(token);
        const auto attempt = world.store().attempts.with_task(task.id);
        CHECK(attempt->callback == system::sha256_hex(token));
        CHECK(attempt->request.find(token) == std::string::npos);
        CHECK(attempt->request.find("/callback/(secret)") != std::string::npos);
    }
    CHECK(urls.size() == 3);
    world.store().commits.commit();
    for (const auto& entry : fs::directory_iterator{fs::path{world.settings.config.state.directory}}) {
        const auto bytes = read_file(entry.path());
        for (const auto& token : urls) CHECK(bytes.find(token) == std::string::npos);
    }
}

TEST_CASE("with callbacks a task is asked about once: when its end was told") {
    CalledBack world;
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 60s}; };
    world.drop("batch", 20);
    REQUIRE(world.rest());
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 20);
    CHECK(world.provider.polls == 20);
    CHECK(world.provider.callbacks_taken == 20);
}

TEST_CASE("callbacks that never come cost time and nothing else") {
    CalledBack world;
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 200s, .calls_back = CallsBack::never}; };
    world.drop("batch", 10);
    REQUIRE(world.rest(20min));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 10);
    CHECK(world.provider.polls <= 50);
}

TEST_CASE("every answer to a submission is lost, and every job is done: one task each, nothing left to a person") {
    for (const auto fault : {Fault::lost_answer, Fault::late_answer, Fault::cut_answer, Fault::http_502_done, Fault::garbage, Fault::short_answer}) {
        CAPTURE(to_string(fault));
        CalledBack world;
        world.provider.fault = [&](const Call& call) { return on_create(call, fault); };
        world.drop("batch", 10);
        world.settle();
        CHECK(world.broken_promises() == "");
        CHECK(world.in_state("done") == 10);
        CHECK(world.provider.tasks.size() == 10);
        CHECK(world.store().hints.open().empty());
    }
}

TEST_CASE("whatever call goes wrong once, callbacks included, every task that was made is delivered") {
    std::vector<Call> calls;
    {
        CalledBack world;
        world.provider.keep_log = true;
        world.drop("batch", 2);
        world.settle();
        calls = world.provider.log;
    }
    CHECK(std::ranges::count(calls, Where::callback, &Call::where) == 2);
    for (const auto fault : faults) {
        for (const auto& step : calls) {
            CAPTURE(to_string(fault));
            CAPTURE(step.number);
            CAPTURE(to_string(step.where));
            CalledBack world;
            world.provider.fault = [&](const Call& call) { return call.number == step.number ? fault : Fault::none; };
            world.drop("batch", 2);
            world.settle();
            check_every_task_delivered(world);
        }
    }
}

TEST_CASE("at whatever commit the process ends, every task that was made is delivered") {
    const auto play = [](CalledBack& world) {
        world.provider.fault = [](const Call& call) { return on_create(call, Fault::lost_answer); };
        world.drop("batch", 2);
        world.settle();
    };
    die_at_every_commit<CalledBack>(play, check_every_task_delivered);
}

TEST_CASE("a callback that comes before createTask's answer changes nothing about it, whether the answer comes or not") {
    for (const auto fault : {Fault::none, Fault::lost_answer, Fault::http_403, Fault::crash_after}) {
        CAPTURE(to_string(fault));
        CalledBack world;
        world.provider.fate = [](const std::string&, int) { return Fate{.calls_back = CallsBack::before_answer}; };
        bool crashed = false;
        world.provider.fault = [&](const Call& call) {
            if (call.where != Where::create || crashed) return Fault::none;
            crashed = fault == Fault::crash_after;
            return fault == Fault::http_403 ? Fault::none : fault;
        };
        const int jobs = fault == Fault::crash_after ? 1 : 4;
        world.drop("batch", jobs);
        world.settle();
        CHECK(world.broken_promises() == "");
        CHECK(world.in_state("done") == static_cast<std::size_t>(jobs));
        CHECK(world.provider.tasks.size() == static_cast<std::size_t>(jobs));
        CHECK(world.store().hints.open().empty());
    }
}

TEST_CASE("a genuine callback that is repeated has no effect") {
    CalledBack world;
    world.provider.fate = [](const std::string&, int) { return Fate{.calls_back = CallsBack::thrice}; };
    world.provider.fault = [](const Call& call) { return call.number % 2 == 0 ? on_create(call, Fault::lost_answer) : Fault::none; };
    world.drop("batch", 4);
    world.settle();
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 4);
    const auto polls = world.provider.polls;
    const auto log = world.log("batch/job-1").size();
    for (int n = 0; n < 1000; n++) {
        const auto task = world.store().attempts.with_callback(system::sha256_hex(CalledBack::secret(1)))->task;
        CHECK(world.call(CalledBack::secret(1), *task));
    }
    world.run_for(5min);
    CHECK(world.provider.polls == polls);
    CHECK(world.log("batch/job-1").size() == log);
    CHECK(world.broken_promises() == "");
}

TEST_CASE("a callback that is repeated while its task still runs counts once, and from then on the task is asked about as without callbacks") {
    CalledBack world;
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 60s, .calls_back = CallsBack::never}; };
    world.start();
    world.drop("batch", 1);
    REQUIRE(world.run_until(1min, [&] { return world.in_state("running") == 1; }));
    for (int n = 0; n < 1000; n++) CHECK(world.call(CalledBack::secret(1), "task-1"));
    world.run_for(1s);
    CHECK(world.provider.polls == 1);
    REQUIRE(world.run_until(70s, [&] { return world.in_state("done") == 1; }));
    CHECK(world.provider.polls < 30);
    CHECK(world.broken_promises() == "");
}

TEST_CASE("a callback that names another task than the answer did is said once, and costs and changes nothing") {
    for (const auto fault : {Fault::none, Fault::lost_answer}) {
        CAPTURE(to_string(fault));
        CalledBack world;
        world.provider.fate = [](const std::string&, int) { return Fate{.calls_back = CallsBack::other}; };
        world.provider.fault = [&](const Call& call) { return on_create(call, fault); };
        world.drop("batch", 2);
        world.settle();
        CHECK(world.broken_promises() == "");
        CHECK(world.in_state("done") == 2);
        CHECK(world.provider.tasks.size() == 2);
        CHECK(world.events("batch/job-1", "task-of-nobody, which is not followed") == 1);
    }
}

TEST_CASE("createTask's answer that names another task than a callback before it is followed, and both are shown") {
    CalledBack world;
    world.provider.one_way = 5s;
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 10min}; };
    world.start();
    world.drop("batch", 1);
    REQUIRE(world.run_until(1min, [&] { return world.provider.tasks.size() == 1; }));
    CHECK(world.call(CalledBack::secret(1), "task-of-nobody"));
    CHECK(world.call(CalledBack::secret(1), "task-of-nobody"));
    world.settle();
    CHECK(world.broken_promises() == "");
    CHECK(world.job("batch/job-1").state == JobState::done);
    CHECK(world.events("batch/job-1", "a callback names task task-of-nobody") == 1);
    CHECK(world.events("batch/job-1", "task-of-nobody, which is not followed") == 1);
}

TEST_CASE("a refusal is not believed once a callback has named a task") {
    CalledBack world;
    bool told = false;
    world.provider.fault = [&](const Call& call) { return on_create(call, told ? Fault::none : Fault::http_429); };
    world.start();
    world.drop("batch", 1);
    const auto armed = [&] {
        const auto rows = world.jobs();
        return !rows.empty() && rows.front().state == JobState::submitting;
    };
    REQUIRE(world.run_until(1min, armed));
    CHECK(world.call(CalledBack::secret(1), "task-unknown-yet"));
    told = true;
    world.run_for(1min);
    CHECK(world.job("batch/job-1").state == JobState::uncertain);
    CHECK(world.provider.tasks.empty());
}

TEST_CASE("a secret nobody was given, and one older than fourteen days, are no one's") {
    CalledBack world;
    world.provider.fault = [](const Call& call) { return on_create(call, Fault::lost_request); };
    world.drop("batch", 1);
    REQUIRE(world.rest());
    REQUIRE(world.in_state("uncertain") == 1);
    const auto log = world.log("batch/job-1").size();
    CHECK_FALSE(world.call(std::string(64, '0'), "task-1"));
    CHECK_FALSE(world.call("", "task-1"));
    world.stop();
    world.reboot(14 * 24h - 5min);
    CHECK(world.call(CalledBack::secret(1), "task-1"));
    CHECK(world.log("batch/job-1").size() == log + 1);
    world.run_for(10min);
    CHECK_FALSE(world.call(CalledBack::secret(1), "task-2"));
    CHECK(world.log("batch/job-1").size() == log + 1);
}

TEST_CASE("a task the provider does not know, or that was made from something else, is not taken, whoever has the secret") {
    CalledBack world;
    world.provider.fault = [](const Call& call) { return call.about == "batch/job-1" ? on_create(call, Fault::lost_request) : Fault::none; };
    world.drop("batch", 2);
    REQUIRE(world.rest());
    REQUIRE(world.job("batch/job-1").state == JobState::uncertain);
    CHECK(world.call(CalledBack::secret(1), *world.job("batch/job-2").task));  // bound to another job
    world.provider.tasks.push_back(world.provider.tasks.front());
    CHECK(world.call(CalledBack::secret(1), "task-of-nobody"));
    world.run_for(2h);
    CHECK(world.job("batch/job-1").state == JobState::uncertain);
    CHECK(world.events("batch/job-1", "it is another job's") == 1);
    CHECK(world.events("batch/job-1", "does not know task task-of-nobody") == 1);
    for (int n = 0; n < 50; n++) world.call(CalledBack::secret(1), "invented-" + std::to_string(n));
    CHECK(world.store().hints.of(world.store().attempts.last_of(world.job("batch/job-1").id)->id).size() == 8);
}

TEST_CASE("a task that was given up as overdue is delivered when its callback comes after all") {
    CalledBack world;
    world.settings.config.limits.task_deadline = 10min;
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 25min}; };
    world.start();
    world.drop("batch", 1);
    REQUIRE(world.run_until(20min, [&] { return world.in_state("failed") == 1; }));
    world.run_for(20min);
    REQUIRE(world.rest());
    CHECK(world.broken_promises() == "");
    CHECK(world.job("batch/job-1").state == JobState::done);
}

}  // namespace motionspool::test
