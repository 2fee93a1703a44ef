#include <doctest/doctest.h>
#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <functional>
#include "support/manual_clock.hpp"
#include "support/temp_folder.hpp"
#include "support/waits.hpp"

// Every key of the configuration is another one between two runs, with a queue in between. A task costs 55; the world begins on 24 November at midnight, UTC.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;
using namespace motionspool::literals;
using config::Config;

constexpr std::array<bool, 7> daily{true, true, true, true, true, true, true};

struct Row {
    std::string keys;  ///< as the schema calls them, separated by blanks
    std::function<void(Config&)> before = [](Config&) {};
    std::function<void(World&)> first;                    ///< drops, and runs; nothing: four jobs, one of which is under way when the process ends
    std::function<void(Config&)> after;                   ///< the change
    std::function<void(World&)> then = [](World&) {};     ///< what holds after the start that follows
    std::function<void(World&)> finally = [](World&) {};  ///< what lets it come to its end
    std::size_t tasks = 4;                                ///< so many are paid for in the end
};

void drop(World& world, const std::string& batch, int jobs, const std::string& more) { world.drop(batch, manifest_of(batch, jobs, more), fox_and_wave()); }
std::size_t tasks(const World& world) { return world.provider.tasks.size(); }
std::string words(World& world, const std::string& job) {
    const auto blocked = waiting(world, job);
    return blocked ? std::string{to_string(blocked->why)} + ": " + blocked->numbers + "; " + blocked->remedy : "";
}
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
std::size_t uploads(const World& world) {
    std::size_t all = 0;
    for (const auto& [name, times] : world.provider.uploads) all += static_cast<std::size_t>(times);
    return all;
}
/// Nothing is submitted: the queue waits for the day's budget.
void penniless(Config& config) { config.credits.per_day = 0_credits; }
void let_go(World& world) { world.settings.config.credits.per_day.reset(); }
void four_wait(World& world) {
    world.drop("batch", 4);
    world.run_for(1min);
    CHECK(tasks(world) == 0);
}
std::string model_asked(const ProviderTask& task) { return std::string{boost::json::parse(task.param).at("model").as_string()}; }
std::string model_told(World& world, const std::string& job) {
    return std::string{boost::json::parse(read_file(world.output("batch") / "_info" / (job + ".json"))).at("model").as_string()};
}
bool told(World& world, const std::string& batch, const std::string& part) {
    const auto events = world.store().views.events(world.store().batches.find(batch)->id);
    return std::ranges::any_of(events, [&](const store::Event& event) { return has(event.what, part); });
}
/// Nothing is submitted, and what waits is uploaded.
void no_place(Config& config) { config.limits.running = 0; }
/// Two tasks are paid for from 110 credits; the rest of four waits for a new budget.
void two_of_four(World& world) {
    world.drop("batch", 4);
    world.run_for(20min);
    CHECK(tasks(world) == 2);
}

/// The places, whose change tests/sim/places_test.cpp and the torture look at, and the key.
const std::set<std::string> elsewhere{"spool.directory", "output.directory", "state.directory", "provider.api_key_file"};

std::vector<Row> rows() {
    return {
        {.keys = "instance", .after = [](Config& c) { c.instance = "other"; }},
        {.keys = "spool.media_roots",
         .before = penniless,
         .first =
             [](World& world) {
                 world.provider.fault = [](const Call& call) { return call.where == Where::upload ? Fault::http_500 : Fault::none; };
                 write_file(world.media() / "fox.png", "image of a fox");
                 write_file(world.media() / "wave.mp4", "motion: a wave");
                 world.drop_lone("batch.yaml", manifest_of("batch", 4));
                 world.run_for(1min);
             },
         .after = [](Config& c) { c.spool.media_roots = {c.output.directory}; },
         .then =
             [](World& world) {
                 world.provider.fault = [](const Call&) { return Fault::none; };
                 let_go(world);
                 REQUIRE(world.run_until(2h, [&] { return world.in_state("failed") == 4; }));
                 CHECK(world.job("batch/job-1").error->code == "input-missing");
                 CHECK(has(world.job("batch/job-1").error->message, "is not inside any of the media roots (" + world.settings.config.output.directory + ")"));
             },
         .tasks = 0},
        {.keys = "spool.settle spool.patience spool.rescan spool.watch",
         .after = [](Config& c) { c.spool.settle = 0ms, c.spool.patience = 0ms, c.spool.rescan = 1min, c.spool.watch = config::Watch::poll; }},
        {.keys = "output.name output.draft_name",  // half of the first video is there, under the old name
         .first =
             [](World& world) {
                 world.provider.fault = [](const Call& call) { return call.where == Where::result ? Fault::cut_answer : Fault::none; };
                 world.drop("batch", 4);
                 world.drop("again", manifest_of("again", 1, "run: 2\n"), fox_and_wave());
                 REQUIRE(world.run_until(10min, [&] { return world.in_state("downloading") == 5; }));
                 world.run_for(20s);
                 world.provider.fault = [](const Call&) { return Fault::none; };
             },
         .after = [](Config& c) { c.output.name = "all/{date}/{job}.mp4", c.output.draft_name = "drafts/{job}.mp4"; },
         .finally =
             [](World& world) {
                 REQUIRE(world.rest());
                 CHECK(fs::exists(world.output("all/2026-11-24/job-1.mp4")));
                 CHECK(fs::exists(world.output("all/2026-11-24/job-1.2.mp4")));  // two batches have one
             },
         .tasks = 5},
        {.keys = "output.keep_free",
         .after = [](Config& c) { c.output.keep_free = 1'000'000'000'000'000; },
         .then =
             [](World& world) {
                 world.run_for(1h);
                 CHECK(tasks(world) == 1);
                 CHECK(has(words(world, "batch/job-4"), "disk: " + world.settings.config.output.directory));
             },
         .finally = [](World& world) { world.settings.config.output.keep_free = 0; }},
        {.keys = "provider.api_url", .after = [](Config& c) { c.provider.api_url = "https://other.example"; }},
        {.keys = "provider.upload_url",  // what lies at the other host is sent to this one
         .before = no_place,
         .first = four_wait,
         .after = [](Config& c) { c.provider.upload_url = "https://other.example"; },
         .then =
             [](World& world) {
                 CHECK(uploads(world) == 2);
                 world.settings.config.limits.running = 4;
                 world.run_for(1h);
                 CHECK(uploads(world) == 4);
             }},
        {.keys = "provider.upload_ttl",  // what may be reused for half an hour more is too old now
         .before = no_place,
         .first =
             [](World& world) {
                 four_wait(world);
                 world.run_for(19h + 20min);
             },
         .after = [](Config& c) { c.provider.upload_ttl = 1h; },
         .then =
             [](World& world) {
                 CHECK(uploads(world) == 2);
                 world.settings.config.limits.running = 4;
                 world.run_for(1h);
                 CHECK(uploads(world) == 4);
             }},
        {.keys = "provider.model",  // what waits goes on under the new one, and its batch is told; what was rendered keeps its own
         .after = [](Config& c) { c.provider.model = "kling-3.0/motion-control"; },
         .then =
             [](World& world) {
                 CHECK(told(world, "batch", "provider.model is kling-3.0/motion-control now and was kling-2.6/motion-control"));
                 REQUIRE(world.run_until(2h, [&] { return world.in_state("done") == 4; }));
                 CHECK(model_asked(world.provider.tasks[0]) == "kling-2.6/motion-control");
                 CHECK(model_told(world, "job-1") == "kling-2.6/motion-control");
                 CHECK(model_asked(world.provider.tasks[3]) == "kling-3.0/motion-control");
                 CHECK(model_told(world, "job-4") == "kling-3.0/motion-control");
             }},
        {.keys = "provider.result_hosts",  // its videos cannot be fetched, and nothing is lost
         .after = [](Config& c) { c.provider.result_hosts = {"other.example"}; },
         .then =
             [](World& world) {
                 world.run_for(1h);
                 REQUIRE(world.job("batch/job-1").state == domain::JobState::downloading);
                 CHECK(has(world.job("batch/job-1").download->text, "which is not among provider.result_hosts"));
             },
         .finally = [](World& world) { world.settings.config.provider.result_hosts = Config{}.provider.result_hosts; }},
        {.keys = "limits.submissions",  // older submissions count in a longer window, and a smaller one is not overrun
         .first =
             [](World& world) {
                 world.drop("batch", 9);
                 REQUIRE(world.run_until(10min, [&] { return tasks(world) == 9; }));
                 world.run_for(10min);
                 world.drop("more", 4);
                 world.settings.config.limits.running = 0;
                 world.run_for(10s);
             },
         .after = [](Config& c) { c.limits.submissions = domain::Rate{.count = 3, .window = 1h}, c.limits.running = 100; },
         .then =
             [](World& world) {
                 world.run_for(49min);
                 CHECK(tasks(world) == 9);
                 CHECK(has(words(world, "more/job-1"), "rate: "));
                 world.run_for(30min);
                 CHECK(tasks(world) == 12);
             },
         .tasks = 13},
        {.keys = "limits.polls limits.uploads limits.downloads",
         .after = [](Config& c) { c.limits.polls = domain::Rate{.count = 1, .window = 1min}, c.limits.uploads = 1, c.limits.downloads = 1; }},
        {.keys = "limits.running",  // more run than may; the numbers stay true, and nothing goes until enough have ended
         .before = [](Config& c) { c.limits.running = 4; },
         .first =
             [](World& world) {
                 world.provider.fate = [](const std::string& job, int) { return Fate{.takes = job < "batch/job-3" ? 10min : 30min}; };
                 world.drop("batch", 6);
                 world.run_for(1min);
                 CHECK(tasks(world) == 4);
             },
         .after = [](Config& c) { c.limits.running = 2; },
         .then =
             [](World& world) {
                 world.run_for(15min);
                 CHECK(world.in_state("done") == 2);
                 CHECK(tasks(world) == 4);
                 CHECK(has(words(world, "batch/job-6"), "running: 2 of 2 tasks are running"));
                 world.stop();
                 world.settings.config.limits.running = 1;
                 world.start();
                 world.run_for(1min);
                 CHECK(has(words(world, "batch/job-6"), "running: 2 of 1 task is running"));
                 world.stop();
                 world.settings.config.limits.running = 0;
                 world.start();
                 world.run_for(1h);
                 CHECK(tasks(world) == 4);
                 CHECK(has(words(world, "batch/job-6"), "running: 0 of 0 tasks are running"));
             },
         .finally = [](World& world) { world.settings.config.limits.running = 4; },
         .tasks = 6},
        {.keys = "limits.attempts",  // who has used up what is allowed now fails and says so; `retry` is another word
         .first =
             [](World& world) {
                 world.provider.fate = [](const std::string& job, int nth) {
                     return job == "batch/job-1" && nth < 2 ? Fate{.takes = 2s, .failure = "Internal error", .cost = 0_credits} : Fate{};
                 };
                 world.drop("batch", 2);
                 REQUIRE(world.run_until(10min,
                                         [&] { return world.job("batch/job-1").attempts == 1 && world.job("batch/job-1").state == domain::JobState::queued; }));
             },
         .after = [](Config& c) { c.limits.attempts = 1; },
         .then =
             [](World& world) {
                 REQUIRE(world.job("batch/job-1").state == domain::JobState::failed);
                 CHECK(world.job("batch/job-1").error->code == "provider-failed");
                 CHECK(has(world.job("batch/job-1").error->message, "limits.attempts is 1 now; `motionspool retry`"));
             },
         .tasks = 2},
        {.keys = "limits.task_deadline",  // a task that runs for longer than is waited now is counted as spent, and delivered once it ends after all
         .first =
             [](World& world) {
                 world.provider.fate = [](const std::string&, int) { return Fate{.takes = 3h}; };
                 world.drop("batch", 1);
                 world.run_for(30min);
             },
         .after = [](Config& c) { c.limits.task_deadline = 10min; },
         .then =
             [](World& world) {
                 world.run_for(1h);
                 REQUIRE(world.job("batch/job-1").error);
                 CHECK(world.job("batch/job-1").error->code == "stuck");
                 CHECK(world.store().attempts.totals().spent == 55_credits);
                 REQUIRE(world.run_until(48h, [&] { return world.in_state("done") == 1; }));
             },
         .tasks = 1},
        {.keys = "limits.breaker.failures limits.breaker.probe_after",  // failures of before count by today's rule
         .before = [](Config& c) { c.limits.running = 1, c.limits.attempts = 1; },
         .first =
             [](World& world) {
                 world.provider.fate = [&world](const std::string&, int) {
                     return tasks(world) < 2 ? Fate{.takes = 2s, .failure = "Internal error", .cost = 0_credits} : Fate{.takes = 10min};
                 };
                 world.drop("batch", 5);
                 REQUIRE(world.run_until(1h, [&] { return tasks(world) == 3; }));
                 world.settings.config.limits.running = 0;
                 world.run_for(1s);
             },
         .after = [](Config& c) { c.limits.breaker = {.failures = 2, .probe_after = 2h}, c.limits.running = 4; },
         .then =
             [](World& world) {
                 world.run_for(1min);
                 CHECK(has(words(world, "batch/job-5"), "breaker: the last 2 tries with the"));
             },
         .tasks = 3},
        {.keys = "limits.manifest_bytes limits.manifest_jobs", .after = [](Config& c) { c.limits.manifest_bytes = 1'000, c.limits.manifest_jobs = 1; }},
        {.keys = "credits.per_second.720p credits.per_second.1080p",  // more of it in tests/sim/money_test.cpp
         .before = penniless,
         .first = four_wait,
         .after =
             [](Config& c) {
                 c.credits.per_second = {22_credits, 36_credits}, c.credits.per_day = 109_credits;
             },
         .then =
             [](World& world) {
                 world.run_for(1h);
                 CHECK(tasks(world) == 0);
                 CHECK(has(words(world, "batch/job-1"), "has 109 left (0 spent, 0 reserved); the job is estimated at 110; no job of this price ever fits"));
             },
         .finally = let_go},
        {.keys = "credits.minimum.720p credits.minimum.1080p",
         .before = penniless,
         .first = four_wait,
         .after =
             [](Config& c) {
                 c.credits.minimum = {110_credits, 0_credits}, c.credits.per_day = 109_credits;
             },
         .then =
             [](World& world) {
                 world.run_for(1h);
                 CHECK(tasks(world) == 0);
                 CHECK(has(words(world, "batch/job-1"), "has 109 left (0 spent, 0 reserved); the job is estimated at 110; no job of this price ever fits"));
             },
         .finally = let_go},
        {.keys = "credits.per_day",  // less than was spent already
         .before = [](Config& c) { c.credits.per_day = 110_credits; },
         .first = two_of_four,
         .after = [](Config& c) { c.credits.per_day = 60_credits; },
         .then =
             [](World& world) {
                 world.run_for(1h);
                 CHECK(has(words(world, "batch/job-4"), "budget: the day's budget (credits.per_day) of 60 credits has 0 left (110 spent, 0 reserved)"));
             },
         .finally = let_go},
        {.keys = "credits.per_month",
         .before = [](Config& c) { c.credits.per_month = 110_credits; },
         .first = two_of_four,
         .after = [](Config& c) { c.credits.per_month = 60_credits; },
         .then =
             [](World& world) {
                 world.run_for(48h);
                 CHECK(has(words(world, "batch/job-4"), "budget: the month's budget (credits.per_month) of 60 credits has 0 left (110 spent, 0 reserved)"));
             },
         .finally = [](World& world) { world.settings.config.credits.per_month.reset(); }},
        {.keys = "credits.day_starts",  // what was spent after midnight was the day's before, and is today's by the new hour
         .before = [](Config& c) { c.credits.day_starts = 12h, c.credits.per_day = 110_credits; },
         .first = two_of_four,
         .after = [](Config& c) { c.credits.day_starts = 0h; },
         .then =
             [](World& world) {
                 world.run_for(23h);
                 CHECK(tasks(world) == 2);
                 CHECK(has(words(world, "batch/job-4"), "has 0 left (110 spent, 0 reserved)"));
                 world.run_for(1h);
                 CHECK(tasks(world) == 4);
             }},
        {.keys = "timezone",  // 16:00 is the next day's 01:00 in Tokyo, and so were the tasks of 15:30
         .before = [](Config& c) { c.credits.per_day = 0_credits, c.credits.per_month = 165_credits, c.shares["fox"].per_day = 110_credits; },
         .first =
             [](World& world) {
                 drop(world, "batch", 4, "share: fox\n");
                 world.run_for(15h + 30min);
                 let_go(world);
                 world.run_for(30min);
                 CHECK(tasks(world) == 2);
             },
         .after = [](Config& c) { c.timezone = "Asia/Tokyo"; },
         .then =
             [](World& world) {
                 world.run_for(22h);
                 CHECK(tasks(world) == 2);
                 CHECK(has(words(world, "batch/job-4"), "the day's budget of the share fox of 110 credits has 0 left (110 spent, 0 reserved)"));
                 world.run_for(2h);
                 CHECK(tasks(world) == 3);
                 CHECK(has(words(world, "batch/job-4"), "the month's budget (credits.per_month) of 165 credits has 0 left (165 spent, 0 reserved)"));
             },
         .finally = [](World& world) { world.settings.config.credits.per_month.reset(); }},
        {.keys = "credits.keep_balance",
         .before = [](Config& c) { c.limits.running = 1; },
         .after = [](Config& c) { c.credits.keep_balance = 10'000'000_credits; },
         .then =
             [](World& world) {
                 world.run_for(1h);
                 CHECK(tasks(world) == 1);
                 CHECK(has(words(world, "batch/job-4"), "10000000 of which are kept (credits.keep_balance)"));
             },
         .finally = [](World& world) { world.settings.config.credits.keep_balance = 0_credits; }},
        {.keys = "credits.ask_above",  // it was asked about when it came
         .after = [](Config& c) { c.credits.ask_above = 1_credits; }},
        {.keys = "credits.warn_below", .after = [](Config& c) { c.credits.warn_below = 9'000'000_credits; }},
        {.keys = "shares.*.weight shares.*.max_priority",  // a share's batches go by what it may at most now
         .before = [](Config& c) { penniless(c), c.limits.running = 1, c.shares["fox"] = {}; },
         .first =
             [](World& world) {
                 drop(world, "first", 2, "share: fox\npriority: 50\n");
                 drop(world, "other", 2, "priority: 20\nrun: 2\n");
                 world.run_for(1min);
             },
         .after = [](Config& c) { c.shares["fox"].max_priority = 10, c.shares["fox"].weight = 1000, c.credits.per_day.reset(); },
         .then =
             [](World& world) {
                 REQUIRE(world.run_until(1h, [&] { return tasks(world) == 3; }));
                 CHECK(world.provider.tasks[0].job == "other/job-1");
                 CHECK(world.provider.tasks[1].job == "other/job-2");
             }},
        {.keys = "shares.*.per_day shares.*.per_month",  // less than was spent; without the share there is no limit
         .before = [](Config& c) { c.shares["fox"].per_day = 110_credits, c.shares["fox"].per_month = 1000_credits; },
         .first =
             [](World& world) {
                 drop(world, "batch", 4, "share: fox\n");
                 world.run_for(20min);
                 CHECK(tasks(world) == 2);
             },
         .after = [](Config& c) { c.shares["fox"].per_month = 60_credits; },
         .then =
             [](World& world) {
                 world.run_for(48h);
                 CHECK(has(words(world, "batch/job-4"), "the month's budget of the share fox of 60 credits has 0 left (110 spent, 0 reserved)"));
                 CHECK(tasks(world) == 2);
                 world.stop();
                 world.settings.config.shares.clear();
                 world.start();
             }},
        {.keys = "windows.*.days",  // a Tuesday
         .before = [](Config& c) { c.windows["w"] = {.days = daily, .from = 0h, .to = 24h, .budget = {}}, penniless(c); },
         .first =
             [](World& world) {
                 drop(world, "batch", 4, "window: w\n");
                 world.run_for(1min);
             },
         .after = [](Config& c) { c.windows["w"].days = {true, false, false, false, false, false, false}, c.credits.per_day.reset(); },
         .then =
             [](World& world) {
                 world.run_for(24h);
                 CHECK(tasks(world) == 0);
                 CHECK(has(words(world, "batch/job-1"), "window: the window w opens Mon 2026-11-30 00:00"));
                 world.stop();
                 world.settings.config.windows.clear();  // it vanishes
                 world.start();
                 world.run_for(24h * 8);
                 CHECK(tasks(world) == 0);
                 CHECK(has(words(world, "batch/job-1"),
                           "window: the window w opens never, as the configuration does not have it; it never goes on by itself; "
                           "`motionspool set BATCH window=none`, or a window that there is, lets it go"));
             },
         .finally = [](World& world) { world.store().operations.set_window(world.store().batches.find("batch")->id, ""); }},
        {.keys = "windows.*.from windows.*.to windows.*.budget",  // the night of the 23rd becomes one of the 24th, with what was spent in it
         .before = [](Config& c) { c.windows["w"] = {.days = daily, .from = 22h, .to = 6h, .budget = 110_credits}; },
         .first =
             [](World& world) {
                 drop(world, "batch", 4, "window: w\n");
                 world.run_for(20min);
                 CHECK(tasks(world) == 2);
             },
         .after = [](Config& c) { c.windows["w"].from = 0h, c.windows["w"].to = 7h; },
         .then =
             [](World& world) {
                 world.run_for(6h);
                 CHECK(tasks(world) == 2);
                 CHECK(has(words(world, "batch/job-4"), "the budget of the window w of 110 credits has 0 left (110 spent, 0 reserved)"));
             }},
        {.keys = "manifest_defaults",  // what was accepted keeps what it was accepted with
         .before = [](Config& c) { c.windows["w"] = {.days = daily, .from = 0h, .to = 24h, .budget = {}}, c.limits.running = 1; },
         .after =
             [](Config& c) {
                 c.manifest_defaults.window = "night";
                 c.manifest_defaults.budget = 0_credits;
             }},
        {.keys = "webhook.public_url webhook.listen webhook.hmac_key_file",  // what was to call back is asked about
         .before = [](Config& c) { c.webhook = {.public_url = "https://render.example.com/motionspool", .listen = "127.0.0.1:1", .hmac_key_file = ""}; },
         .first =
             [](World& world) {
                 world.settings.config.limits.running = 1;
                 world.provider.fate = [](const std::string&, int) { return Fate{.takes = 10min, .calls_back = CallsBack::never}; };
                 world.drop("batch", 4);
                 world.run_for(1min);
                 CHECK(tasks(world) == 1);
             },
         .after = [](Config& c) { c.webhook = {}; }},
        {.keys = "status.listen status.hosts status.output_as control.socket hooks.job hooks.batch hooks.attention log.level log.format",
         .after =
             [](Config& c) {
                 c.status = {.listen = "", .hosts = {"a"}, .output_as = "b"};
                 c.control.socket = "/tmp/other.sock";
                 c.hooks = {.job = "a", .batch = "b", .attention = "c"};
                 c.log = {.level = config::LogLevel::error, .format = config::LogFormat::json};
             }},
    };
}

void run(const Row& row) {
    World world;
    world.settings.config.timezone = "Etc/UTC";
    world.watch_output = false;
    row.before(world.settings.config);
    world.start();
    if (row.first) {
        row.first(world);
    } else {
        world.settings.config.limits.running = 1;
        world.provider.fate = [](const std::string&, int) { return Fate{.takes = 10min}; };
        world.drop("batch", 4);
        world.run_for(1min);
        REQUIRE(tasks(world) == 1);
    }
    world.stop();
    row.after(world.settings.config);
    world.start();
    world.run_for(1ms);
    row.then(world);
    row.finally(world);
    REQUIRE(world.rest(24h * 40));
    CHECK(world.broken_promises() == "");
    const auto paid = std::ranges::count_if(world.provider.tasks, [](const ProviderTask& task) { return task.fate.cost > Credits{}; });
    CHECK(static_cast<std::size_t>(paid) + (row.keys == "limits.attempts" ? 1 : 0) == row.tasks);
}

/// The keys of a schema, leaf by leaf; "*" is any name.
void collect(const boost::json::object& node, const std::string& path, std::set<std::string>& keys) {
    const auto* properties = node.if_contains("properties");
    const auto* named = node.if_contains("additionalProperties");
    if (path != "manifest_defaults" && named != nullptr && named->is_object() && named->as_object().contains("properties"))
        collect(named->as_object(), path + ".*", keys);
    else if (path == "manifest_defaults" || properties == nullptr)
        keys.insert(path);
    else
        for (const auto& [key, value] : properties->as_object())
            collect(value.as_object(), path.empty() ? std::string{key} : path + "." + std::string{key}, keys);
}

}  // namespace

TEST_CASE("every key may be another one after a restart, with a queue: nothing is lost, nothing paid for twice, and what waits says so") {
    for (const auto& row : rows()) {
        CAPTURE(row.keys);
        try {
            run(row);
        } catch (...) { FAIL_CHECK("this row ended early"); }  // the others are looked at all the same
    }
}

TEST_CASE("every key of the configuration's schema has a row there") {
    std::set<std::string> of_schema, of_rows = elsewhere;
    const auto schema = boost::json::parse(read_file(fs::path{EXAMPLES} / "../motionspool.schema.json"));
    collect(schema.as_object(), "", of_schema);
    for (const auto& row : rows()) {
        std::istringstream keys{row.keys};
        for (std::string key; keys >> key;) CHECK(of_rows.insert(key).second);
    }
    CHECK(of_schema.size() > 55);
    for (const auto& key : of_schema) {
        CAPTURE(key);
        CHECK(of_rows.contains(key));
    }
    for (const auto& key : of_rows) {
        CAPTURE(key);
        CHECK(of_schema.contains(key));
    }
}

}  // namespace motionspool::test
