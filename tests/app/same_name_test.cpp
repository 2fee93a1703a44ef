#include <doctest/doctest.h>
#include "support/temp_folder.hpp"
#include "support/world.hpp"

// Two drops of one name are two batches, however their ways through the folders cross, and wherever the process ends on them.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;

const char* first = "version: 1\njobs:\n  - {image: fox.png, motion: wave.mp4, prompt: first}\n";
const char* second = "version: 1\njobs:\n  - {image: fox.png, motion: wave.mp4, prompt: second}\n";

/// The second drop comes at a commit of the first one's way (which has about 15), and the process dies `later` commits after that.
void cross(std::size_t drop_at, std::size_t later, bool after) {
    World world;
    std::size_t dropped_at = 0;
    world.provider.one_way = 0ms;
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 0ms}; };
    world.dies_at_commit = [&](std::size_t number, bool late) {
        if (dropped_at == 0 && late && number >= drop_at && world.lives == 1 && !fs::exists(world.spool("incoming/fox"))) {
            dropped_at = number;
            world.drop("fox", second, {{"fox.png", "image of another fox"}, {"wave.mp4", "motion: another"}});
        }
        return world.lives == 1 && dropped_at > 0 && number == dropped_at + later && late == after;
    };
    world.start();
    world.drop("fox", first, fox_and_wave());
    REQUIRE(world.rest(2h));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("failed") == 0);
    CHECK(world.jobs().size() == 2);
    for (const auto& job : world.jobs()) {
        const auto image = world.spool(world.store().batches.find(job.batch)->place) / world.store().batches.find(job.batch)->entry / "fox.png";
        CHECK((read_file(image) == "image of a fox") == (job.prompt == "first"));
    }
}

}  // namespace

TEST_CASE("two drops of one name are told apart, wherever the second meets the first and the process dies") {
    for (std::size_t drop_at = 1; drop_at <= 10; drop_at++) {
        for (std::size_t later = 1; later <= 8; later++) {
            for (const bool after : {false, true}) {
                CAPTURE(drop_at);
                CAPTURE(later);
                CAPTURE(after);
                cross(drop_at, later, after);
            }
        }
    }
}

}  // namespace motionspool::test
