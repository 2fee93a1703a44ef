#include <doctest/doctest.h>
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include "app/service.hpp"
#include "support/dying.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_folder.hpp"

// `append`: more jobs for a batch that is there.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;
using domain::JobState;

/// One job of a manifest, its prompt "foxes/ID" unless another is given.
std::string entry(const std::string& id, const std::string& prompt = {}) {
    return "  - {id: " + id + ", image: fox.png, motion: wave.mp4, prompt: " + (prompt.empty() ? "foxes/" + id : prompt) + "}\n";
}
std::string appending(const std::string& jobs, const std::string& more = {}, const std::string& batch = "foxes") {
    return "version: 1\nappend: " + batch + "\n" + more + "jobs:\n" + jobs;
}

void order(World& world, domain::Act what, const std::string& target) {
    auto& actions = world.service().actions();
    asio::co_spawn(world.store().executor, actions.act({what, target, std::nullopt, false}),
                   [](std::exception_ptr error, app::Answered) { REQUIRE_FALSE(error); });
    world.clock().run_ready();
}

std::string report(World& world, const std::string& name) { return read_file(world.spool("rejected/" + name + ".report.txt")); }
bool has(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }
bool is(World& world, const std::string& job, JobState state) { return world.job(job).state == state; }

/// The first job fails by moderation, whatever it costs; with other prompts all is well.
void fail_the_first(World& world, Credits cost = {}) {
    world.provider.fate = [cost](const std::string& prompt, int) {
        return prompt == "foxes/job-1" ? Fate{.failure = "content moderation: blocked", .cost = cost} : Fate{};
    };
}

}  // namespace

TEST_CASE_FIXTURE(World, "more jobs for a batch are rendered into its folder, from the files they came with, and its drops are filed together") {
    start();
    drop("foxes", 1);
    REQUIRE(rest(1h));
    REQUIRE(fs::exists(spool("finished/foxes")));
    drop("more", appending("  - {id: bear, image: bear.png, motion: wave.mp4, prompt: foxes/bear}\n"),
         {{"bear.png", "image of a bear"}, {"wave.mp4", "motion: a wave"}});
    REQUIRE(run_until(1min, [&] { return fs::exists(spool("accepted/more")); }));
    run_for(2s);
    CHECK(fs::exists(spool("accepted/foxes")));  // it is open again
    CHECK_FALSE(fs::exists(spool("finished/foxes.report.txt")));
    CHECK(has(read_file(spool("accepted/more.status.txt")), " of 2 done"));
    REQUIRE(rest(1h));
    CHECK(broken_promises() == "");
    CHECK(fs::exists(output("foxes/bear.mp4")));
    CHECK(provider.tasks.size() == 2);
    for (const auto* name : {"finished/foxes", "finished/more"}) CHECK(fs::exists(spool(name)));
    CHECK(has(read_file(spool("finished/foxes.report.txt")), "2 of 2 done"));
    CHECK_FALSE(fs::exists(spool("finished/more.report.txt")));
    CHECK_FALSE(fs::exists(spool("accepted/more.status.txt")));
    CHECK(store().batches.all().size() == 1);
}

TEST_CASE_FIXTURE(World, "a failed id is replaced: one row, paid for again, and the report counts what the first one cost") {
    fail_the_first(*this, Credits::whole(20));
    start();
    drop("foxes", 2);
    REQUIRE(rest(1h));
    REQUIRE(is(*this, "foxes/job-1", JobState::failed));
    const auto earlier = job("foxes/job-1").id;
    drop("fixed", appending(entry("JOB-1", "foxes/a better one")), fox_and_wave());
    REQUIRE(rest(1h));
    CHECK(broken_promises() == "");
    CHECK(jobs().size() == 2);
    CHECK(is(*this, "foxes/JOB-1", JobState::done));
    CHECK(provider.tasks.size() == 3);
    CHECK(has(log("foxes/JOB-1").front().what, "takes the place of the job of this id that failed (moderation: "));
    CHECK(store().views.events(earlier).back().what == "replaced by an appended job of the same id");
    CHECK(store().jobs.get(earlier)->state == JobState::cancelled);
    const auto text = read_file(spool("finished/foxes.report.txt"));
    CAPTURE(text);
    CHECK(has(text, "2 of 2 done; 130 credits spent, 20 of them on jobs that were replaced"));
    CHECK(store().views.batches(store().batches).front().spent == Credits::whole(130));
}

TEST_CASE_FIXTURE(World, "an id that is done or under way is an error at the id; a batch that is not there one at `append`, with the one that is meant") {
    settings.config.limits.running = 1;
    provider.fate = [](const std::string& prompt, int) { return prompt == "foxes/job-2" ? Fate{.takes = 30min} : Fate{}; };
    start();
    drop("foxes", 3);
    REQUIRE(run_until(1h, [&] { return is(*this, "foxes/job-1", JobState::done) && is(*this, "foxes/job-2", JobState::running); }));
    drop("again", appending(entry("job-9") + entry("job-1", "another") + "  - image: fox.png\n    motion: wave.mp4\n    id: Job-3\n"), fox_and_wave());
    drop("nowhere", appending(entry("a"), {}, "foxs"), fox_and_wave());
    REQUIRE(run_until(2min, [&] { return fs::exists(spool("rejected/nowhere.report.txt")) && fs::exists(spool("rejected/again.report.txt")); }));
    const auto text = report(*this, "again");
    CAPTURE(text);
    CHECK(has(text, "was not accepted: 2 errors."));
    CHECK(has(text, "again/manifest.yaml:5:10: error: the job \"job-1\" of that batch is done; choose another id, or leave the job out\n"));
    CHECK(has(text, "again/manifest.yaml:8:9: error: the job \"Job-3\" of that batch has not ended; choose another id, or cancel that one first\n"));
    CHECK(has(report(*this, "nowhere"), "nowhere/manifest.yaml:2:9: error: there is no batch \"foxs\" to append to; did you mean \"foxes\"?\n"));
    CHECK(jobs().size() == 3);
    REQUIRE(rest(2h));
    CHECK(broken_promises() == "");
    CHECK(provider.tasks.size() == 3);
}

TEST_CASE_FIXTURE(World, "`partial` does not help against an id that is taken, and the same drop twice is an accident here, too") {
    start();
    drop("foxes", 1);
    REQUIRE(rest(1h));
    drop("some", appending(entry("new") + entry("job-1"), "partial: true\n"), fox_and_wave());
    drop("more", appending(entry("next")), fox_and_wave());
    drop("twice", appending(entry("next")), fox_and_wave());
    REQUIRE(rest(1h));
    CHECK(broken_promises() == "");
    CHECK(has(report(*this, "some"), "some/manifest.yaml:6:10: error: the job \"job-1\" of that batch is done"));
    CHECK(has(report(*this, "twice"), "what this would render was appended to batch \"foxes\" already"));
    CHECK(provider.tasks.size() == 2);
}

TEST_CASE_FIXTURE(World, "of a partial appended drop the bad jobs have failed from the start, and NAME.again.yaml has them as they were written") {
    start();
    drop("foxes", 1);
    REQUIRE(rest(1h));
    drop("mixed", appending(entry("good") + "  - {id: bad, image: wave.mp4, motion: wave.mp4, seconds: 4}\n", "partial: true\n"), fox_and_wave());
    REQUIRE(rest(1h));
    CHECK(broken_promises() == "");
    CHECK(is(*this, "foxes/good", JobState::done));
    CHECK(job("foxes/bad").error->code == "invalid");
    const auto again = read_file(spool("finished/foxes.again.yaml"));
    CAPTURE(again);
    CHECK(has(again, "seconds: 4"));
}

TEST_CASE_FIXTURE(
    World, "NAME.again.yaml, dropped as it is with the same media, takes the place of what failed, however often, in the batch with its share and budget") {
    int tries = 0;
    provider.fate = [&tries](const std::string& prompt, int) {
        return prompt == "p" && ++tries <= 2 ? Fate{.failure = "content moderation: blocked", .cost = {}} : Fate{};
    };
    settings.config.limits.attempts = 1;
    settings.config.shares["ads"] = {};
    start();
    write_file(media() / "fox.png", "image of a fox");
    write_file(media() / "wave.mp4", "motion: a wave");
    drop_lone("fox.yaml",
              "version: 1\nshare: ads\nbudget: 100\npriority: 3\nnote: hello\nlabels: {a: b}\njobs:\n  - {image: fox.png, motion: wave.mp4, prompt: p}\n");
    for (int n = 1; n <= 2; n++) {
        REQUIRE(rest(1h));
        CHECK(job("fox/fox-wave").state == JobState::failed);
        const auto again = read_file(spool("finished/fox.again.yaml"));
        fs::remove(spool("finished/fox.again.yaml"));
        drop_lone("fox.again.yaml", again);
    }
    REQUIRE(rest(1h));
    CHECK(broken_promises() == "");
    CHECK(is(*this, "fox/fox-wave", JobState::done));
    CHECK(jobs().size() == 1);
    const auto all = store().batches.all();
    REQUIRE(all.size() == 1);
    CHECK(all.front().share == "ads");
    CHECK(all.front().budget == Credits::whole(100));
    CHECK(fs::exists(spool("finished/fox.yaml")));
    CHECK_FALSE(fs::exists(spool("finished/fox.again.yaml")));
    CHECK(std::ranges::count_if(fs::directory_iterator{spool("finished")},
                                [](const auto& file) { return file.path().filename().string().starts_with("fox.again."); }) == 2);
}

TEST_CASE("a crash at every commit of an appended drop: its jobs are there once, and each is paid for once") {
    const auto play = [](World& world) {
        fail_the_first(world);
        world.start();
        world.drop("foxes", 1);
        REQUIRE(world.rest(1h));
        world.drop("fixed", appending(entry("job-1", "foxes/a better one") + entry("third")), fox_and_wave());
        REQUIRE(world.rest(1h));
    };
    const auto check = [](World& world) {
        CHECK(world.broken_promises() == "");
        if (is(world, "foxes/job-1", JobState::uncertain) && fs::exists(world.spool("rejected/fixed"))) return;  // it may have been paid for
        CHECK(world.jobs().size() == 2);
        CHECK(world.in_state("done") + world.in_state("uncertain") == 2);
        CHECK(world.provider.tasks.size() <= 3);
        if (world.in_state("uncertain") > 0) return;
        CHECK(world.provider.tasks.size() == 3);
        for (const auto* name : {"finished/foxes", "finished/fixed", "finished/foxes.report.txt"}) CHECK(fs::exists(world.spool(name)));
    };
    die_at_every_commit(play, check);
}

TEST_CASE_FIXTURE(World,
                  "a job that was given up and is appended again with the same work is taken up, while it runs and once it is rendered, and paid for once") {
    provider.fate = [](const std::string&, int) { return Fate{.takes = 20min}; };
    settings.config.limits.running = 2;
    start();
    drop("foxes", 3);
    REQUIRE(run_until(5min, [&] { return in_state("running") == 2; }));
    order(*this, domain::Act::discard, "foxes/job-1");
    order(*this, domain::Act::discard, "foxes/job-2");
    drop("back", appending(entry("job-1")), fox_and_wave());
    REQUIRE(run_until(1min, [&] { return is(*this, "foxes/job-1", JobState::running); }));
    REQUIRE(run_until(1h, [&] { return is(*this, "foxes/job-1", JobState::done) && job("foxes/job-2").reserved == Credits{}; }));
    CHECK(is(*this, "foxes/job-2", JobState::cancelled));
    drop("back-too", appending(entry("job-2")), fox_and_wave());
    REQUIRE(rest(2h));
    CHECK(broken_promises() == "");
    CHECK(in_state("done") == 3);
    CHECK(provider.tasks.size() == 3);
}

TEST_CASE("a crash at every commit while a job that was given up is taken up again: it is paid for once") {
    const auto give_up = [](World& world) {
        const auto on_its_way = [&] { return world.in_state("running") + world.in_state("uncertain") == 1; };
        while (!world.up() || !on_its_way()) {
            if (!world.up()) world.restart();
            (void)world.run_until(5min, on_its_way);
        }
        order(world, domain::Act::discard, "foxes/job-1");
        (void)world.run_until(1s, [] { return false; });
        if (!world.up()) world.restart();
    };
    const auto play = [&](World& world) {
        world.provider.fate = [](const std::string&, int) { return Fate{.takes = 90s}; };
        world.start();
        world.drop("foxes", 1);
        give_up(world);
        if (!is(world, "foxes/job-1", JobState::cancelled)) give_up(world);
        world.drop("back", appending(entry("job-1")), fox_and_wave());
        REQUIRE(world.rest(3h));
    };
    std::size_t taken_up = 0;
    const auto check = [&](World& world) {
        CHECK(world.provider.tasks.size() <= 1);
        CHECK(world.jobs().size() == 1);
        if (!world.store().views.uncertain().empty()) return;  // given up unanswered: nobody knows whether it was paid for, and its id stays taken
        CHECK(world.broken_promises() == "");
        taken_up += world.in_state("done");
    };
    die_at_every_commit(play, check);
    CHECK(taken_up >= 20);
}

TEST_CASE_FIXTURE(World, "with other work the id of a job that was given up is paid for anew, and the one that was given up is not delivered") {
    provider.fate = [](const std::string&, int) { return Fate{.takes = 20min}; };
    start();
    drop("foxes", 1);
    REQUIRE(run_until(5min, [&] { return in_state("running") == 1; }));
    order(*this, domain::Act::discard, "foxes/job-1");
    drop("other", appending(entry("job-1", "foxes/other work")), fox_and_wave());
    REQUIRE(rest(2h));
    CHECK(broken_promises() == "");
    CHECK(provider.tasks.size() == 2);
    CHECK(jobs().size() == 1);
    CHECK(store().views.batches(store().batches).front().spent == Credits::whole(110));
}

TEST_CASE_FIXTURE(World, "a job that is stuck and appended again is asked about again, and paid for once") {
    provider.fate = [](const std::string&, int) { return Fate{.takes = 125min}; };
    start();
    drop("foxes", 1);
    REQUIRE(run_until(3h, [&] { return is(*this, "foxes/job-1", JobState::failed); }));
    REQUIRE(job("foxes/job-1").error->code == "stuck");
    run_for(6min);  // its task has ended, and nobody has looked yet
    drop("back", appending(entry("job-1")), fox_and_wave());
    REQUIRE(run_until(1min, [&] { return is(*this, "foxes/job-1", JobState::running); }));
    REQUIRE(rest(5h));
    CHECK(broken_promises() == "");
    CHECK(in_state("done") == 1);
    CHECK(provider.tasks.size() == 1);
}

TEST_CASE_FIXTURE(World, "what is appended keeps to the batch's budget and priority, and takes a batch that grows too dear to review") {
    start();
    drop("foxes", "version: 1\nbudget: 1000\npriority: 7\njobs:\n" + entry("job-1"), fox_and_wave());
    REQUIRE(rest(1h));
    settings.config.credits.ask_above = Credits::whole(100);
    drop("more", appending(entry("a") + entry("b") + entry("c")), fox_and_wave());
    run_for(10min);
    CHECK(in_state("queued") == 3);
    CHECK(store().batches.all().front().review);
    CHECK(has(store().views.events(store().batches.all().front().id).back().what, "waits for `release`"));
    order(*this, domain::Act::release, "foxes");
    REQUIRE(rest(1h));
    CHECK(broken_promises() == "");
    CHECK(in_state("done") == 4);
    CHECK(store().accounts.of(store::batch_account(store().batches.all().front().id)).spent == Credits::whole(220));
}

}  // namespace motionspool::test
