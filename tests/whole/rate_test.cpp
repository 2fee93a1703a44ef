#include <doctest/doctest.h>
#include <algorithm>
#include <limits>
#include <random>
#include <thread>
#include "whole/work.hpp"

namespace motionspool::whole {
namespace {

constexpr auto window = 2s;
const RigSettings twenty_per_two_seconds{.simulator = {{"--rate", "20 per 2s"}},
                                         .limits = "submissions: 20 per 2s, polls: 1000 per 1s, running: 1000, downloads: 16"};

std::size_t throttled(const Rig& rig) {
    const auto all = rig.journal().creations();
    return static_cast<std::size_t>(std::ranges::count_if(all, [](const Creation& one) { return one.code == 429; }));
}

/// From the first arrival of a createTask to the last.
std::chrono::milliseconds span_of(const Rig& rig) {
    std::int64_t first = std::numeric_limits<std::int64_t>::max(), last = 0;
    for (const auto& one : rig.journal().creations()) {
        first = std::min(first, one.at);
        last = std::max(last, one.at);
    }
    return std::chrono::milliseconds{last - first};
}

TEST_CASE("under backlog a rate of 20 per 2 s is never exceeded, and it says how much of it was used") {
    Rig rig{twenty_per_two_seconds};
    rig.start();
    const auto list = orders("paced", 200);
    rig.drop("paced", manifest_of("paced", list));
    rig.wait_until_settled(200, 40s + patience);
    const auto tally = compare_histories(rig, list);
    CHECK(tally.done == 200);
    CHECK(rig.journal().creations().size() == 200);
    CHECK(throttled(rig) == 0);
    CHECK(rig.journal().most_in_window(window) <= 20);
    constexpr std::chrono::milliseconds ideal = 9 * window;  // ten windows' worth, of which the last begins after nine
    const auto span = span_of(rig);
    CHECK(span >= ideal);
    MESSAGE("200 submissions at 20 per 2 s in " << span.count() << " ms (ideal " << ideal.count() << " ms, "
                                                << 100.0 * static_cast<double>(span.count() - ideal.count()) / static_cast<double>(ideal.count())
                                                << " % above), " << throttled(rig) << " answers 429, at most " << rig.journal().most_in_window(window)
                                                << " in any 2 s");
}

/// Waits until so many createTasks have arrived, and looks often.
void await_arrivals(const Rig& rig, std::size_t count) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (rig.journal().creations().size() < count && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(1ms);
}

TEST_CASE("a rate of 20 per 2 s is not exceeded by ten SIGKILLs, three of them in the middle of a burst") {
    Rig rig{twenty_per_two_seconds};
    std::mt19937 random{std::random_device{}()};
    std::uniform_int_distribution<int> moment{100, 1'500};
    const auto list = orders("paced", 100);
    rig.start();
    rig.drop("paced", manifest_of("paced", list));
    for (int n = 0; n < 10; n++) {
        const bool aimed = n % 4 == 0;
        if (aimed)
            await_arrivals(rig, rig.journal().creations().size() + 5);
        else
            std::this_thread::sleep_for(std::chrono::milliseconds{moment(random)});
        rig.daemon().kill();
        rig.launch();
    }
    rig.wait_until_settled(100, 120s + patience);
    const auto tally = compare_histories(rig, list);
    CHECK(tally.done + tally.uncertain == 100);
    CHECK(throttled(rig) == 0);
    CHECK(rig.journal().most_in_window(window) <= 20);
    MESSAGE("100 submissions with 10 kills: at most " << rig.journal().most_in_window(window) << " in any 2 s, " << throttled(rig) << " answers 429, "
                                                      << tally.done << " done, " << tally.uncertain << " uncertain");
}

}  // namespace
}  // namespace motionspool::whole
