#include <doctest/doctest.h>
#include <random>
#include <thread>
#include "whole/watcher.hpp"
#include "whole/work.hpp"

namespace motionspool::whole {
namespace {

/// How long a daemon lives before it is killed: mostly moments, in which it starts, submits and records; every fourth time long enough to poll and deliver.
std::chrono::milliseconds lifetime(std::mt19937& random, int n) {
    const auto between = [&](int least, int most) {
        return std::chrono::milliseconds{std::uniform_int_distribution{least, most}(random) * (slowness > 1 ? 2 : 1)};
    };
    return n % 4 == 3 ? between(2'200, 3'600) : between(0, 600);
}

struct Killed {
    Tally tally;
    std::size_t most_uploads = 0;
    std::chrono::milliseconds took{0};
};

/// Drops a batch and kills the daemon so many times at random moments, then lets it finish.
Killed survive(std::size_t jobs, int kills, const std::string& limits) {
    const auto seed = std::random_device{}();
    std::mt19937 random{seed};
    MESSAGE("seed " << seed);
    const auto began = std::chrono::steady_clock::now();
    Rig rig{{.limits = limits}};
    Watcher watcher{rig.output(), {sha256_of(media("wave.mp4")), sha256_of(media("jump.mp4"))}};
    const auto list = orders("killed", jobs);
    rig.start();
    rig.drop("killed", manifest_of("killed", list));
    for (int n = 0; n < kills; n++) {
        std::this_thread::sleep_for(lifetime(random, n));
        const bool ran = rig.daemon().running();
        CHECK_MESSAGE(ran, "the daemon ended by itself before kill " << n);
        rig.daemon().kill();
        rig.launch();
        if (n == 0) rig.wait_until_accepted("killed");
    }
    rig.wait_until_settled(jobs, 2 * patience);
    Killed result{compare_histories(rig, list), rig.journal().of_kind("upload").size(), {}};
    const auto said = rig.stop();
    CHECK(said == Ended{0, 0});
    watcher.stop();
    CHECK(watcher.faults().empty());
    CHECK(watcher.seen() == result.tally.files);
    result.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    return result;
}

void expect_nothing_lost_or_twice(const Killed& killed, std::size_t jobs, int kills) {
    const auto& tally = killed.tally;
    CHECK(tally.most_for_one <= 1);
    CHECK(tally.tasks <= jobs);
    CHECK(tally.done + tally.uncertain == jobs);
    CHECK(tally.other == 0);
    CHECK(tally.leftovers == 0);
    MESSAGE(kills << " kills over " << jobs << " jobs in " << killed.took.count() << " ms: " << tally.tasks << " tasks, at most " << tally.most_for_one
                  << " for one job, " << tally.done << " done with as many whole files, " << tally.uncertain << " uncertain, " << tally.other << " lost, "
                  << killed.most_uploads << " uploads");
}

TEST_CASE("two hundred jobs and twenty SIGKILLs at random moments: nothing is lost and nothing is paid twice") {
    const auto killed = survive(200, 20, "submissions: 1000 per 1s, polls: 1000 per 1s, running: 70, downloads: 16");
    expect_nothing_lost_or_twice(killed, 200, 20);
}

TEST_CASE("fifty SIGKILLs at random moments: nothing is lost and nothing is paid twice") {
    const int kills = slowness > 1 ? 20 : 50;
    const auto killed = survive(160, kills, "submissions: 1000 per 1s, polls: 1000 per 1s, running: 40, downloads: 4");
    expect_nothing_lost_or_twice(killed, 160, kills);
}

}  // namespace
}  // namespace motionspool::whole
