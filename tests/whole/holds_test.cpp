#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <boost/json/parse.hpp>
#include "whole/asking.hpp"
#include "whole/work.hpp"

namespace motionspool::whole {
namespace {
namespace fs = std::filesystem;

TEST_CASE("a paused daemon submits nothing and says so, and goes on when it is told to") {
    Rig rig;
    rig.start();
    const auto said = rig.run({"pause", "--reason", "the lawyers ask"});
    CHECK(said.code == 0);
    CHECK(holds(said.out, "nothing is submitted until `motionspool resume`"));
    const auto list = orders("quiet", 4);
    rig.drop("quiet", manifest_of("quiet", list));
    wait_until_queued(rig, 4);
    const auto job = "quiet/" + list[0].id;
    wait_until("why tells of the pause", [&] { return text_at(why(rig, job), "waiting_for") == "pause"; });
    CHECK(holds(rig.run({"why", job}).out, "the lawyers ask"));
    CHECK(rig.stop() == Ended{0, 0});
    CHECK(text_at(why(rig, job), "waiting_for") == "pause");
    CHECK(holds(rig.run({"why", job}).out, "the daemon does not run"));
    rig.start();
    wait_until_queued(rig, 4);
    CHECK(rig.journal().creations().empty());
    CHECK(rig.run({"resume"}).out == "submissions go on\n");
    rig.wait_until_settled(4);
    CHECK(compare_histories(rig, list).done == 4);
    CHECK(rig.run({"resume"}).out == "nothing was paused\n");
}

TEST_CASE("a pause with an end is over by itself") {
    Rig rig;
    rig.start();
    CHECK(rig.run({"pause", "--until", "1s"}).code == 0);
    const auto list = orders("soon", 2);
    rig.drop("soon", manifest_of("soon", list));
    rig.wait_until_settled(2);
    CHECK(compare_histories(rig, list).done == 2);
    CHECK(rig.run({"pause", "--until", "yesterday"}).code == EX_USAGE);
    CHECK(rig.run({"pause", "--until", "2001-01-01T00:00:00Z"}).code == EX_USAGE);
}

TEST_CASE("what is held waits, a job alone or a whole batch, and goes on when it is released") {
    Rig rig;
    rig.start();
    CHECK(rig.run({"pause"}).code == 0);
    const auto list = orders("foxes", 6);
    rig.drop("foxes", manifest_of("foxes", list));
    wait_until_queued(rig, 6);
    const auto one = "foxes/" + list[2].id;
    CHECK(rig.run({"hold", one}).code == 0);
    CHECK(rig.run({"resume"}).code == 0);
    wait_until("the others are done", [&] { return rig.states()["done"] == 5; });
    CHECK(text_at(why(rig, one), "waiting_for") == "hold");
    CHECK(rig.journal().creations().size() == 5);
    const auto all = rig.run({"hold", "FOXES", "--yes"});
    CHECK(all.code == 0);
    CHECK(holds(all.out, "held 1 job, 44 credits"));
    CHECK(text_at(batch_row(rig, "foxes"), "state") == "held");
    const auto still = rig.run({"release", one});
    CHECK(holds(still.out, "the batch itself is held"));
    CHECK(text_at(why(rig, one), "waiting_for") == "hold");
    CHECK(rig.run({"release", "foxes"}).code == 0);
    rig.wait_until_settled(6);
    CHECK(compare_histories(rig, list).done == 6);
}

}  // namespace
}  // namespace motionspool::whole
