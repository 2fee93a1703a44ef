#include <doctest/doctest.h>
#include "app/service.hpp"
#include "support/fake_watcher.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_folder.hpp"
#include "support/world.hpp"

// How drops arrive: slowly, in crowds, untold.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;

void write_slowly(World& world, const std::string& path, const std::string& content) {
    const auto file = world.spool("incoming") / path;
    fs::create_directories(file.parent_path());
    write_file(file, content);
    world.watcher().ring();
}

}  // namespace

TEST_CASE("a folder copied file by file with stalls of 3 s is taken once, whole, 5 s after the last change, and nothing is said meanwhile") {
    World world;
    world.start();
    const auto manifest = manifest_of("slow", 2);
    write_slowly(world, "slow/fox.png", "image of");
    world.run_for(3s);
    write_slowly(world, "slow/fox.png", "image of a fox");
    world.run_for(3s);
    write_slowly(world, "slow/manifest.yaml", manifest.substr(0, manifest.size() / 2));  // would be a manifest of one job
    world.run_for(3s);
    write_slowly(world, "slow/manifest.yaml", manifest);
    world.run_for(3s);
    write_slowly(world, "slow/wave.mp4", "motion: a wave");
    world.run_for(4s);
    CHECK(world.store().batches.all().empty());
    CHECK_FALSE(fs::exists(world.spool("incoming/slow.waiting.txt")));
    REQUIRE(world.run_until(2s, [&] { return world.store().batches.all().size() == 1; }));
    REQUIRE(world.rest(1h));
    CHECK(world.in_state("done") == 2);
}

TEST_CASE("a manifest alone that is written with pauses is taken when it is whole") {
    World world;
    fs::create_directories(world.media());
    write_file(world.media() / "fox.png", "image of a fox");
    write_file(world.media() / "wave.mp4", "motion: a wave");
    world.start();
    const auto manifest = manifest_of("alone", 3);
    for (std::size_t size = 20; size < manifest.size(); size += 20) {
        write_slowly(world, "alone.yaml", manifest.substr(0, size));
        world.run_for(3s);
    }
    write_slowly(world, "alone.yaml", manifest);
    REQUIRE(world.run_until(10s, [&] { return world.jobs().size() == 3; }));
    CHECK(fs::is_empty(world.spool("rejected")));
}

TEST_CASE("a folder whose manifest has not come yet waits, and says so") {
    World world;
    world.start();
    write_slowly(world, "fox/fox.png", "image of a fox");
    world.run_for(1min);
    const auto waits = read_file(world.spool("incoming/fox.waiting.txt"));
    CHECK(waits.find("the folder has no manifest") != std::string::npos);
    CHECK(waits.find("it stays here, and a report says why") != std::string::npos);
    write_slowly(world, "fox/wave.mp4", "motion: a wave");
    write_slowly(world, "fox/manifest.yaml", manifest_of("fox", 1));
    REQUIRE(world.run_until(1min, [&] { return world.jobs().size() == 1; }));
    CHECK_FALSE(fs::exists(world.spool("incoming/fox.waiting.txt")));
}

TEST_CASE("what is said of a drop that waits goes when the drop does, or gets another name; and only one thing is said at a time") {
    World world;
    world.start();
    write_slowly(world, "New folder/fox.png", "image of a fox");
    write_slowly(world, "photo.png", "image of an owl");
    world.run_for(1min);
    CHECK(fs::exists(world.spool("incoming/New folder.waiting.txt")));
    fs::rename(world.spool("incoming/New folder"), world.spool("incoming/fox"));
    world.run_for(1min);
    CHECK_FALSE(fs::exists(world.spool("incoming/New folder.waiting.txt")));
    CHECK(fs::exists(world.spool("incoming/fox.waiting.txt")));
    world.run_for(11min);
    CHECK_FALSE(fs::exists(world.spool("incoming/fox.waiting.txt")));
    CHECK(fs::exists(world.spool("incoming/fox.report.txt")));
    CHECK(fs::exists(world.spool("incoming/photo.report.txt")));
    fs::remove(world.spool("incoming/photo.png"));
    world.run_for(1min);
    CHECK_FALSE(fs::exists(world.spool("incoming/photo.report.txt")));
    CHECK(fs::exists(world.spool("incoming/fox.report.txt")));
}

TEST_CASE("a crowd of drops of which the watcher told only the first is found by the rescan, whole, and counted") {
    World world;
    world.start();
    world.run_for(1s);
    const std::size_t told = world.service().intake().found_by_rescan();
    for (int n = 0; n < 40; n++) {
        const auto folder = world.spool("incoming/crowd-" + std::to_string(n));
        fs::create_directory(folder);
        for (const auto& [name, content] : fox_and_wave()) write_file(folder / name, content);
        write_file(folder / "manifest.yaml", manifest_of("crowd-" + std::to_string(n), 1));
    }
    REQUIRE(world.run_until(1min, [&] { return world.jobs().size() == 40; }));
    CHECK(world.service().intake().found_by_rescan() == told + 40);
    world.drop("told", 1);
    REQUIRE(world.run_until(1min, [&] { return world.jobs().size() == 41; }));
    CHECK(world.service().intake().found_by_rescan() == told + 40);
}

}  // namespace motionspool::test
