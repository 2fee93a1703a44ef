#include <doctest/doctest.h>
#include "support/manual_clock.hpp"
#include "support/temp_folder.hpp"
#include "support/world.hpp"

// What people without a shell read beside an accepted drop.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;

std::string status(World& world, const std::string& name) {
    const auto file = world.spool("accepted/" + name + ".status.txt");
    return fs::exists(file) ? read_file(file) : std::string{};
}

bool has(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

std::size_t times(const std::vector<store::Event>& events, const std::string& words) {
    std::size_t count = 0;
    for (const auto& event : events) count += has(event.what, words) ? 1 : 0;
    return count;
}

std::vector<store::Event> events_of(World& world, const std::string& name) { return world.store().views.events(world.store().batches.find(name)->id); }

}  // namespace

TEST_CASE("a status says where the videos will be, what was spent, what it waits for and when it will be over; at most once a minute") {
    World world;
    world.settings.config.limits.running = 1;
    world.settings.config.status.output_as = "\\\\render01\\motion";
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 5min}; };
    world.start();
    world.drop("fox", 10);
    world.run_for(30s);
    const auto first = status(world, "fox");
    CAPTURE(first);
    CHECK(has(first, "fox: 0 of 10 done, 10 to go\n"));
    CHECK(has(first, "videos: \\\\render01\\motion\\fox\n"));
    CHECK(has(first, "expected end: not known yet\n"));
    world.run_for(25s);
    CHECK(status(world, "fox") == first);
    world.run_for(30min);
    const auto later = status(world, "fox");
    CAPTURE(later);
    CHECK(has(later, " done, "));
    CHECK(has(later, "1 running\n"));
    CHECK(has(later, "waits for running: "));
    CHECK(has(later, "expected end: about Tue 2026-11-24 0"));
    CHECK(has(later, "credits: "));
    CHECK_FALSE(has(later, "credits: 0 spent"));
    REQUIRE(world.rest(3h));
    CHECK(world.broken_promises() == "");
    CHECK_FALSE(fs::exists(world.spool("accepted/fox.status.txt")));
}

TEST_CASE("while only a person can make it go on, no end is promised") {
    World world;
    world.settings.config.credits.ask_above = Credits::whole(1);
    world.start();
    world.drop("dear", 4);
    world.run_for(2min);
    const auto text = status(world, "dear");
    CAPTURE(text);
    CHECK(has(text, "waits for review"));
    CHECK(has(text, "expected end: not known yet\n"));
}

TEST_CASE("a manifest that is edited after acceptance changes nothing, and that is said once in the log and in the status as long as it is so") {
    World world;
    world.settings.config.limits.running = 1;
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 20min}; };
    world.start();
    world.drop("fox", 3);
    world.run_for(2min);
    CHECK_FALSE(has(status(world, "fox"), "attention"));
    const auto manifest = world.spool("accepted/fox/manifest.yaml");
    const auto accepted = read_file(manifest);
    write_file(manifest, accepted + "# a thought\n");
    world.run_for(5min);
    CHECK(has(status(world, "fox"), "attention: the manifest in accepted/fox was changed after it was accepted"));
    CHECK(times(events_of(world, "fox"), "was changed after it was accepted") == 1);
    world.crash();
    world.restart();
    world.run_for(3min);
    CHECK(times(events_of(world, "fox"), "was changed after it was accepted") == 1);
    write_file(manifest, accepted);
    world.run_for(3min);
    CHECK_FALSE(has(status(world, "fox"), "attention"));
    write_file(manifest, accepted + "# another thought\n");
    REQUIRE(world.rest(3h));
    CHECK(world.in_state("done") == 3);
    CHECK(has(read_file(world.spool("finished/fox.report.txt")),
              "Noticed\n  fox: warning: the manifest was changed after it was accepted. The change had no effect"));
}

TEST_CASE("a drop that is deleted from accepted/ is missed, and comes to rights when it is put back") {
    World world;
    world.settings.config.limits.running = 1;
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 20min}; };
    world.start();
    world.drop("fox", 3);
    world.run_for(2min);
    fs::rename(world.spool("accepted/fox"), world.spool("fox"));
    world.run_for(3min);
    CHECK(has(status(world, "fox"), "attention: accepted/fox is no longer there: it was moved, renamed or deleted"));
    CHECK(times(events_of(world, "fox"), "is no longer there") == 1);
    fs::rename(world.spool("fox"), world.spool("accepted/fox"));
    world.run_for(3min);
    CHECK_FALSE(has(status(world, "fox"), "attention"));
    REQUIRE(world.rest(3h));
    CHECK(world.in_state("done") == 3);
}

TEST_CASE("what was doubtful when a drop was accepted stands in its status, its batch's log and the last report, that of an appended drop in both") {
    World world;
    world.settings.config.credits.ask_above = Credits::whole(1);
    world.start();
    world.drop("fox", "version: 1\njobs:\n  - {id: a, image: FOX.png, motion: wave.mp4, prompt: a}\n", fox_and_wave());
    world.run_for(30s);
    world.drop("more", "version: 1\nappend: fox\njobs:\n  - {id: b, image: fox.png, motion: Wave.mp4, prompt: b}\n", fox_and_wave());
    world.run_for(2min);
    const std::string first = "fox/manifest.yaml:3:20: warning: \"FOX.png\" ", second = "more/manifest.yaml:4:37: warning: \"Wave.mp4\" ";
    CHECK(has(status(world, "fox"), "attention: " + first));
    CHECK(has(status(world, "fox"), "attention: " + second));
    CHECK_FALSE(has(status(world, "more"), "attention: " + first));
    CHECK(has(status(world, "more"), "attention: " + second));
    for (const auto& batch : world.store().batches.in_state("open")) world.store().operations.release(batch.id, "released", world.clock().now());
    REQUIRE(world.run_until(3h, [&] { return fs::exists(world.spool("finished/fox.report.txt")); }));
    const auto report = read_file(world.spool("finished/fox.report.txt"));
    CHECK(has(report, "Noticed\n  " + first));
    CHECK(has(report, "  " + second));
}

}  // namespace motionspool::test
