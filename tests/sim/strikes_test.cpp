#include <doctest/doctest.h>
#include "support/fake_probe.hpp"
#include "support/temp_folder.hpp"
#include "support/world.hpp"

// A file that kills the daemon does so twice at most.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;

bool says(const fs::path& file, const std::string& words) { return fs::exists(file) && read_file(file).find(words) != std::string::npos; }

/// Lives that end while a drop is looked at, `deaths` of them, one after the other.
void die_reading(World& world, int deaths) {
    for (int n = 0; n < deaths; n++) {
        world.on_probe = [&world] { world.crash(); };
        if (n > 0) world.restart();
        world.run_until(5min, [&] { return false; });
        REQUIRE_FALSE(world.up());
    }
    world.on_probe = [] {};
    world.restart();
}

}  // namespace

TEST_CASE("a drop that was being read when the daemon died twice is set aside with that explanation; the others are rendered") {
    World world;
    world.start();
    world.drop("deadly", 1);
    die_reading(world, 2);
    world.drop("good", 1);
    REQUIRE(world.rest(2h));
    CHECK(world.broken_promises() == "");
    CHECK(says(world.spool("rejected/deadly.report.txt"), "the service ended twice while it was reading \"fox.png\" of this drop"));
    CHECK(says(world.spool("rejected/deadly.report.txt"), "the drop is innocent: drop it again"));
    CHECK(says(world.spool("rejected/deadly.report.json"), "the service ended twice"));
    CHECK(world.job("good/job-1").state == domain::JobState::done);

    fs::rename(world.spool("rejected/deadly"), world.spool("incoming/deadly"));  // it was innocent
    REQUIRE(world.run_until(1h, [&] { return world.store().batches.find("deadly").has_value(); }));
}

TEST_CASE("one death is no verdict: the drop is read again and rendered, and what was once read well starts afresh") {
    World world;
    world.start();
    world.drop("fox", 1);
    die_reading(world, 1);
    REQUIRE(world.rest(2h));
    CHECK(world.job("fox/job-1").state == domain::JobState::done);
    world.drop("bear", "version: 1\njobs:\n  - {id: job-1, image: fox.png, motion: wave.mp4, prompt: bear}\n",
               {{"fox.png", "image of a bear"}, {"wave.mp4", "motion: a wave"}});
    die_reading(world, 1);
    REQUIRE(world.rest(2h));
    CHECK(world.job("bear/job-1").state == domain::JobState::done);
    CHECK(world.broken_promises() == "");
}

TEST_CASE("a daemon that is killed again and again while it reads nothing blames no drop") {
    World world;
    world.settings.config.spool.patience = 12h;
    world.start();
    world.drop("waits", manifest_of("waits", 1), {{"fox.png", "image of a fox"}});
    for (int n = 0; n < 4; n++) {
        world.run_for(2min);
        REQUIRE(fs::exists(world.spool("incoming/waits.waiting.txt")));
        world.crash();
        world.restart();
    }
    write_file(world.spool("incoming/waits/wave.mp4"), "motion: a wave");
    REQUIRE(world.run_until(1h, [&] { return world.store().batches.find("waits").has_value(); }));
    REQUIRE(world.rest(1h));
    CHECK(world.job("waits/job-1").state == domain::JobState::done);
}

TEST_CASE("an orderly end in the midst of reading is no strike") {
    World world;
    world.start();
    world.drop("fox", 1);
    for (int n = 0; n < 3; n++) {
        bool stop = false;
        world.on_probe = [&] { stop = true; };
        world.run_until(1min, [&] { return stop; });
        world.stop();
        world.restart();
    }
    world.on_probe = [] {};
    REQUIRE(world.rest(2h));
    CHECK(world.job("fox/job-1").state == domain::JobState::done);
}

}  // namespace motionspool::test
