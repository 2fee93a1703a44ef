#include <doctest/doctest.h>
#include "support/fake_probe.hpp"
#include "support/fake_watcher.hpp"
#include "support/temp_folder.hpp"
#include "support/world.hpp"

// What people drop, and what becomes of it.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;

std::string batch_names(World& world) {
    std::string names;
    for (const auto& batch : world.store().batches.all()) names += batch.name + " ";
    return names;
}

bool says(const fs::path& file, const std::string& words) { return fs::exists(file) && read_file(file).find(words) != std::string::npos; }

/// Written in place, not renamed in, and nobody says so.
void write_slowly(World& world, const std::string& path, const std::string& content) {
    const auto file = world.spool("incoming") / path;
    fs::create_directories(file.parent_path());
    write_file(file, content);
}

}  // namespace

TEST_CASE("a second drop of the same name becomes a batch of its own, called after the day there; a third gets a number, too") {
    World world;
    world.settings.config.timezone = "America/New_York";  // it is Tuesday, but not there
    world.settings.config.output.name = "{date}/{batch}/{job}.mp4";
    world.start();
    for (int n = 1; n <= 3; n++) {
        world.drop("fox", "version: 1\nrun: " + std::to_string(n) + "\njobs:\n  - {image: fox.png, motion: wave.mp4, prompt: \"" + std::to_string(n) + "\"}\n",
                   fox_and_wave());
        REQUIRE(world.rest(1h));
    }
    CHECK(world.broken_promises() == "");
    CHECK(batch_names(world) == "fox fox-2026-11-23 fox-2026-11-23-2 ");
    for (const auto& job : world.jobs()) CHECK(job.output.value_or("").starts_with(world.output("2026-11-23").string() + "/fox"));
    CHECK(fs::exists(world.spool("finished/fox.3.report.txt")));
    CHECK(world.in_state("done") == 3);
}

TEST_CASE("a name that the author wrote is a key: the second drop with it is rejected and told so") {
    World world;
    world.start();
    world.drop("one", "version: 1\nbatch: spring\njobs:\n  - {image: fox.png, motion: wave.mp4, prompt: a}\n", fox_and_wave());
    REQUIRE(world.rest(1h));
    world.drop("two", "version: 1\nbatch: SPRING\njobs:\n  - {image: fox.png, motion: wave.mp4, prompt: b}\n", fox_and_wave());
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
    CHECK(says(world.spool("rejected/two.report.txt"), "\"spring\" exists already"));
    CHECK(world.provider.tasks.size() == 1);
}

TEST_CASE("the same manifest with the same files is rejected as an accident, under any name; `run: 2` means it") {
    World world;
    world.start();
    world.drop("fox", manifest_of("fox", 1), fox_and_wave());
    REQUIRE(world.rest(1h));
    world.drop("fox-again", manifest_of("fox", 1), fox_and_wave());
    REQUIRE(world.rest(1h));
    CHECK(says(world.spool("rejected/fox-again.report.txt"), "run: 2"));
    CHECK(says(world.spool("rejected/fox-again.report.json"), "\"fox\\\""));
    world.drop("fox-once-more", "version: 1\nrun: 2\njobs:\n  - {image: fox.png, motion: wave.mp4, prompt: meant}\n", fox_and_wave());
    world.drop("other-fox", manifest_of("other-fox", 1), {{"fox.png", "image of another"}, {"wave.mp4", "motion: a wave"}});
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 3);
}

TEST_CASE("of a partial manifest the good jobs are rendered, and the bad ones have failed from the start, with their reason") {
    World world;
    const auto manifest =
        "version: 1\npartial: true\njobs:\n  - {id: good, image: fox.png, motion: wave.mp4, prompt: p}\n  - {id: bad, image: wave.mp4, motion: wave.mp4, "
        "prompt: q}\n"
        "  - {id: gone, image: none.png, motion: wave.mp4, prompt: r}\n  - {id: a b, image: fox.png, motion: wave.mp4}\n";
    world.start();
    world.settings.config.spool.patience = 1min;
    world.drop("mixed", manifest, fox_and_wave());
    world.run_for(30s);
    const auto waits = read_file(world.spool("incoming/mixed.waiting.txt"));
    CHECK(waits.find("none.png is not there yet\n") != std::string::npos);
    CHECK(waits.find("If nothing changes for 1 min, it is taken without the jobs that need them (partial: true).\n") != std::string::npos);
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
    CHECK(world.job("mixed/good").state == domain::JobState::done);
    const std::pair<const char*, const char*> bad[] = {{"mixed/bad", "line 5"}, {"mixed/gone", "line 6"}, {"mixed/a-b", "line 7"}};
    for (const auto& [name, line] : bad) {
        CHECK(world.job(name).state == domain::JobState::failed);
        CHECK(world.job(name).error->code == "invalid");
        CHECK(world.job(name).error->message.starts_with(line + std::string{" of the manifest: "}));
    }
    CHECK(world.provider.tasks.size() == 1);
}

TEST_CASE("one bad job rejects a whole manifest, with every error in both reports, and nothing is uploaded") {
    World world;
    const auto manifest =
        "version: 1\njobs:\n  - {id: good, image: fox.png, motion: wave.mp4}\n  - {id: bad, image: wave.mp4, motion: fox.png}\n  - {id: worse, imag: fox.png, "
        "motion: wave.mp4}\n";
    world.start();
    world.drop("bad", manifest, fox_and_wave());
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
    for (const auto* report : {"rejected/bad.report.txt", "rejected/bad.report.json"}) {
        CHECK(says(world.spool(report), "imag"));
        CHECK(says(world.spool(report), "wave.mp4"));
    }
    CHECK(says(world.spool("rejected/bad.report.txt"), "bad/manifest.yaml:5:17: error:"));
    CHECK(world.provider.calls == 1);  // the balance was read at the start
}

TEST_CASE("a job without an image is complained about once, and a missing file at every place that names it, of many at the first ten") {
    World world;
    std::string manifest = "version: 1\njobs:\n  - {id: none, motion: wave.mp4}\n";
    for (int i = 1; i <= 15; i++) manifest += "  - {id: j" + std::to_string(i) + ", image: gone.png, motion: wave.mp4}\n";
    world.start();
    world.settings.config.spool.patience = 1min;
    world.drop("bad", manifest, fox_and_wave());
    REQUIRE(world.rest(1h));
    const auto report = read_file(world.spool("rejected/bad.report.txt"));
    CAPTURE(report);
    CHECK(report.find("was not accepted: 11 errors.") != std::string::npos);
    CHECK(report.find("bad/manifest.yaml:3:5: error: `image` is missing; expected a path or an https URL\n") != std::string::npos);
    for (int line = 4; line <= 12; line++)
        CHECK(report.find("bad/manifest.yaml:" + std::to_string(line) + ":" + (line < 13 ? "21" : "22") + ": error: \"gone.png\" is not there") !=
              std::string::npos);
    CHECK(report.find("expected a file of that name (and at 5 more places)\n") != std::string::npos);
    CHECK(report.find("bad/manifest.yaml:14:") == std::string::npos);
    CHECK(report.find("\"\"") == std::string::npos);
}

TEST_CASE("a twin is known by its bytes, whatever its files are called; the same files in other places are another drop") {
    const std::string manifest =
        "version: 1\njobs:\n  - {id: a, image: Fl\xc3\xbcgel.png, motion: Wave.mp4, prompt: flies}\n  - {id: b, image: owl.png, motion: Wave.mp4, prompt: "
        "hoots}\n";
    const std::string composed = "Fl\xc3\xbcgel.png", decomposed = "Flu\xcc\x88gel.png";
    World world;
    world.start();
    world.drop("windows", manifest, {{composed, "image of a fox"}, {"owl.png", "image of an owl"}, {"Wave.mp4", "motion: a wave"}});
    world.run_for(30s);
    world.drop("mac", manifest, {{decomposed, "image of a fox"}, {"owl.png", "image of an owl"}, {"wave.mp4", "motion: a wave"}});
    world.drop("swapped", manifest, {{composed, "image of an owl"}, {"owl.png", "image of a fox"}, {"Wave.mp4", "motion: a wave"}});
    REQUIRE(world.rest(1h));
    CHECK(fs::exists(world.spool("rejected/mac.report.txt")));
    CHECK(fs::exists(world.spool("finished/swapped")));
    CHECK(world.provider.tasks.size() == 4);
}

TEST_CASE("a batch's taken name is told along with the other errors") {
    World world;
    world.start();
    world.drop("spring", "version: 1\nbatch: spring\njobs:\n  - {id: a, image: fox.png, motion: wave.mp4}\n", fox_and_wave());
    world.run_for(30s);
    world.drop("more", "version: 1\nbatch: Spring\njobs:\n  - {id: a, image: fox.png, motion: nowhere/../../wave.mp4}\n", fox_and_wave());
    REQUIRE(world.rest(1h));
    const auto report = read_file(world.spool("rejected/more.report.txt"));
    CAPTURE(report);
    CHECK(report.find("more/manifest.yaml:2:8: error: batch \"spring\" exists already") != std::string::npos);
    CHECK(report.find("leads out of its folder") != std::string::npos);
}

TEST_CASE("a twin whose author named the batch is told in one message all that meaning it takes") {
    World world;
    world.start();
    const auto manifest = "batch: spring\n" + manifest_of("spring", 1);
    world.drop("spring", manifest, fox_and_wave());
    REQUIRE(world.rest(1h));
    world.drop("again", manifest, fox_and_wave());
    REQUIRE(world.rest(1h));
    const auto report = read_file(world.spool("rejected/again.report.txt"));
    CAPTURE(report);
    CHECK(report.find("was not accepted: 1 error.") != std::string::npos);
    CHECK(report.find(
              "again/manifest.yaml:1:8: error: what this would render was accepted as batch \"spring\" already (the same images, motions, prompts, modes "
              "and orientations, however the manifest is written), which is not changed by this; if it is meant to be rendered again, write `run: 2` into "
              "it, and another name for `batch`\n") != std::string::npos);
}

TEST_CASE("a manifest alone takes its media from the media roots, and is filed like a folder") {
    World world;
    world.start();
    fs::create_directories(world.media() / "cast");
    write_file(world.media() / "cast/fox.png", "image of a fox");
    write_file(world.media() / "wave.mp4", "motion: a wave");
    world.drop_lone("alone.yaml", "version: 1\njobs:\n  - {image: cast/fox.png, motion: " + (world.media() / "wave.mp4").string() + ", prompt: p}\n");
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 1);
    CHECK(fs::exists(world.spool("finished/alone.yaml")));
    CHECK(fs::exists(world.output("alone/fox-wave.mp4")));
}

TEST_CASE("what is added to a folder that waits is noticed by its event, however long the next full scan is off") {
    World world;
    world.settings.config.spool.rescan = 24h;
    world.settings.config.spool.patience = 12h;
    world.start();
    world.drop("early", manifest_of("early", 1), {{"fox.png", "image of a fox"}});
    world.run_for(1min);
    CHECK(says(world.spool("incoming/early.waiting.txt"), "wave.mp4 is not there yet"));
    write_file(world.spool("incoming/early/wave.mp4"), "motion: a wave");
    CHECK(world.watcher().happened_inside("early"));
    REQUIRE(world.run_until(5min, [&] { return world.in_state("done") == 1; }));
    CHECK_FALSE(world.watcher().happened_inside("early"));
    CHECK(world.broken_promises() == "");
}

TEST_CASE("a folder copied in slowly is taken once it has settled and everything is there, and a note says what is missing meanwhile") {
    World world;
    world.start();
    write_slowly(world, "slow/manifest.yaml", manifest_of("slow", 1));
    write_slowly(world, "slow/fox.png", "image of a fox");
    world.run_for(2min);
    CHECK(says(world.spool("incoming/slow.waiting.txt"), "wave.mp4 is not there yet"));
    write_slowly(world, "slow/wave.mp4", "cut: the beginning of a wave");
    world.run_for(2min);
    CHECK(says(world.spool("incoming/slow.waiting.txt"), "wave.mp4 is not complete yet"));
    CHECK(world.store().batches.all().empty());
    write_slowly(world, "slow/wave.mp4", "motion: a wave");
    REQUIRE(world.run_until(2min, [&] { return world.store().batches.all().size() == 1; }));
    CHECK_FALSE(fs::exists(world.spool("incoming/slow.waiting.txt")));
    REQUIRE(world.run_until(1h, [&] { return world.at_rest(); }));
    CHECK(world.in_state("done") == 1);
}

TEST_CASE("a file that is empty or begins with zeros, a placeholder of its copy, is waited for; what is no media at all is an error at once") {
    struct Row {
        std::string name, placeholder, words;
    };
    const Row table[] = {{"empty", "", "\"wave.mp4\" is empty; expected a complete file"},
                         {"zeros", std::string(5000, '\0'), "\"wave.mp4\" begins with zeros: its copy never ended; copy it again"}};
    for (const auto& row : table) {
        INFO(row.name);
        World world;
        world.start();
        for (const auto* name : {"comes", "never"})
            world.drop(name, manifest_of(name, 1), {{"fox.png", std::string{"image of a fox for "} + name}, {"wave.mp4", row.placeholder}});
        world.drop("other", manifest_of("other", 1), {{"fox.png", "image of a fox"}, {"wave.mp4", "hello"}});
        world.run_for(1min);
        CHECK(says(world.spool("incoming/comes.waiting.txt"), "wave.mp4 is not complete yet"));
        CHECK(says(world.spool("rejected/other.report.txt"), "is of no known format"));
        write_slowly(world, "comes/wave.mp4", "motion: a wave");
        REQUIRE(world.rest(1h));
        CHECK(world.in_state("done") == 1);
        CHECK(says(world.spool("rejected/never.report.txt"), row.words));
        CHECK(world.broken_promises() == "");
    }
}

TEST_CASE("while this server cannot look at files nothing is rejected; drops wait, with a note that says why, and are taken when it can again") {
    World world;
    world.start();
    const auto claimed = world.spool(".taking/claimed");
    world.dies_at_commit = [&](std::size_t, bool) { return fs::exists(claimed); };
    world.drop("claimed", manifest_of("claimed", 1), {{"fox.png", "image of a claimed fox"}, {"wave.mp4", "motion: a wave"}});
    world.run_for(1min);
    REQUIRE_FALSE(world.up());
    world.dies_at_commit = {};
    world.on_probe = [&] { world.probe().trouble = "could not be looked at: motionspool-probe did not start (Too many open files)"; };
    world.restart();
    world.drop("fox", manifest_of("fox", 1), fox_and_wave());
    world.drop("partly", "partial: true\n" + manifest_of("partly", 1), {{"fox.png", "image of a third fox"}, {"wave.mp4", "motion: a wave"}});
    world.run_for(30min);
    for (const auto* name : {"fox", "partly"}) {
        CHECK(fs::exists(world.spool("incoming") / name));
        CHECK(says(world.spool("incoming") / (std::string{name} + ".waiting.txt"), "did not start (Too many open files)"));
        CHECK(says(world.spool("incoming") / (std::string{name} + ".waiting.txt"), "It is tried again every 30 s."));
    }
    CHECK(fs::exists(claimed));
    CHECK(fs::is_empty(world.spool("rejected")));
    world.on_probe = [] {};
    world.probe().trouble.clear();
    REQUIRE(world.rest(1h));
    CHECK(world.in_state("done") == 3);
    CHECK(fs::is_empty(world.spool("incoming")));
    CHECK(world.broken_promises() == "");
}

TEST_CASE("when what is missing does not come within spool.patience, the drop is rejected") {
    World world;
    world.start();
    const auto began = world.provider.now();
    world.drop("never", manifest_of("never", 1), {{"fox.png", "image of a fox"}});
    world.run_for(9min);
    CHECK(fs::exists(world.spool("incoming/never.waiting.txt")));
    REQUIRE(world.rest(5min));
    CHECK(world.provider.now() - began >= 10min);
    CHECK(world.broken_promises() == "");
    CHECK(says(world.spool("rejected/never.report.txt"), "wave.mp4"));
}

TEST_CASE("a drop of which nobody told us is found by the rescan") {
    World world;
    world.start();
    write_slowly(world, "quiet/manifest.yaml", manifest_of("quiet", 1));
    write_slowly(world, "quiet/fox.png", "image of a fox");
    write_slowly(world, "quiet/wave.mp4", "motion: a wave");
    REQUIRE(world.run_until(36s, [&] { return world.store().batches.all().size() == 1; }));
}

TEST_CASE("a manifest of 10,000 jobs is accepted whole") {
    World world;
    world.watch_output = false;
    std::string manifest = "version: 1\ndefaults: {prompt: many}\nmatrix:\n  image: [\"i*.png\"]\n  motion: [\"m*.mp4\"]\n";
    Files files;
    for (int n = 0; n < 100; n++) {
        files["i" + std::to_string(100 + n) + ".png"] = "image " + std::to_string(n);
        files["m" + std::to_string(100 + n) + ".mp4"] = "motion " + std::to_string(n);
    }
    world.start();
    world.drop("many", manifest, files);
    REQUIRE(world.run_until(1min, [&] { return fs::exists(world.spool("accepted/many")); }));
    CHECK(world.jobs().size() == 10'000);
    CHECK(world.probe().probed == 200);
    REQUIRE(world.run_until(2min, [&] { return world.provider.tasks.size() >= 100; }));
    CHECK(world.provider.throttled == 0);
}

TEST_CASE("a twin is an accident for a partial manifest, too: nothing is paid a second time") {
    World world;
    const auto manifest = "version: 1\npartial: true\njobs:\n  - {image: fox.png, motion: wave.mp4, prompt: p}\n";
    world.start();
    world.drop("fox", manifest, fox_and_wave());
    REQUIRE(world.rest(1h));
    world.drop("fox-again", manifest, fox_and_wave());
    REQUIRE(world.rest(1h));
    CHECK(says(world.spool("rejected/fox-again.report.txt"), "run: 2"));
    CHECK(world.provider.tasks.size() == 1);
    CHECK(world.broken_promises() == "");
}

}  // namespace motionspool::test
