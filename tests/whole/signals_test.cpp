#include <doctest/doctest.h>
#include "whole/work.hpp"

namespace motionspool::whole {
namespace {

/// Brings a daemon to where one createTask has arrived, whose answer comes when the simulator is told so.
std::vector<Order> bring_to_unanswered(Rig& rig) {
    const std::vector<Order> list{order("slow", "slow one [sim:held-answer]")};
    rig.start();
    rig.drop("slow", manifest_of("slow", list));
    wait_until("the createTask has arrived", [&] { return rig.journal().creations().size() == 1; });
    return list;
}

TEST_CASE("SIGTERM ends an idle daemon at once with 0") {
    Rig rig;
    rig.start();
    const auto began = std::chrono::steady_clock::now();
    CHECK(rig.stop() == Ended{0, 0});
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    CHECK(rig.log().find("waiting for the answer") == std::string::npos);
    CHECK(rig.log().find("stopped") != std::string::npos);
    MESSAGE("idle daemon ended " << took.count() << " ms after SIGTERM");
}

TEST_CASE("SIGTERM while a paid request is unanswered waits for the answer and records it") {
    Rig rig;
    const auto list = bring_to_unanswered(rig);
    rig.daemon().send(SIGTERM);
    wait_until("the daemon waits for the answer", [&] { return rig.log().find("waiting for the answer to 1 paid submission") != std::string::npos; });
    rig.release_tasks();
    CHECK(rig.daemon().wait_for(patience) == Ended{0, 0});
    CHECK(rig.states() == std::map<std::string, std::size_t>{{"running", 1}});
    rig.start();
    rig.wait_until_settled(1);
    const auto tally = compare_histories(rig, list);
    CHECK(tally.done == 1);
    CHECK(tally.tasks == 1);
    CHECK(rig.journal().creations().size() == 1);
    MESSAGE("SIGTERM with one createTask unanswered: its answer was recorded, exit 0; after the restart " << tally.done << " done, " << tally.tasks << " task");
}

TEST_CASE("a second SIGTERM ends the daemon at once, and the unanswered submission is uncertain afterwards") {
    Rig rig;
    const auto list = bring_to_unanswered(rig);
    rig.daemon().send(SIGTERM);
    wait_until("the daemon waits for the answer", [&] { return rig.log().find("waiting for the answer to 1 paid submission") != std::string::npos; });
    const auto ended = rig.stop();  // the answer never comes
    CHECK(ended == Ended{1, 0});
    rig.start();
    rig.wait_until_settled(1);
    CHECK(rig.states() == std::map<std::string, std::size_t>{{"uncertain", 1}});
    CHECK(rig.journal().creations().size() == 1);
    MESSAGE("second SIGTERM: the daemon ended at once with " << ended.code << "; after the restart the job is uncertain, " << rig.journal().creations().size()
                                                             << " createTask in all");
}

TEST_CASE("SIGINT is heeded like SIGTERM, in the middle of a batch, and the next daemon finishes it") {
    Rig rig{{.limits = "submissions: 10 per 500ms, polls: 1000 per 1s, running: 1000"}};
    rig.start();
    const auto list = orders("cut", 30);
    rig.drop("cut", manifest_of("cut", list));
    wait_until("the first createTasks have arrived", [&] { return rig.journal().creations().size() >= 5; });
    rig.daemon().send(SIGINT);
    const auto ended = rig.daemon().wait_for(patience);
    REQUIRE(ended.has_value());
    CHECK(*ended == Ended{0, 0});
    CHECK(rig.states()["submitting"] == 0);
    rig.start();
    rig.wait_until_settled(30);
    const auto tally = compare_histories(rig, list);
    CHECK(tally.done == 30);
    CHECK(tally.tasks == 30);
}

}  // namespace
}  // namespace motionspool::whole
