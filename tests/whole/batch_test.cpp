#include <doctest/doctest.h>
#include <boost/json/parse.hpp>
#include "whole/watcher.hpp"
#include "whole/work.hpp"

namespace motionspool::whole {
namespace {
namespace fs = std::filesystem;

std::size_t uploads_of(const Rig& rig) { return rig.journal().of_kind("upload").size(); }

TEST_CASE("two hundred jobs over four inputs: four uploads, two hundred tasks of their own, two hundred whole files, the drop finished with its reports") {
    Rig rig;
    rig.start();
    Watcher watcher{rig.output(), {sha256_of(media("wave.mp4")), sha256_of(media("jump.mp4"))}};
    const auto list = orders("spring", 200);
    const auto began = std::chrono::steady_clock::now();
    rig.drop("spring", manifest_of("spring", list));
    rig.wait_until_settled(200, 2 * patience);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    const auto tally = compare_histories(rig, list);
    CHECK(tally.done == 200);
    CHECK(tally.tasks == 200);
    CHECK(tally.files == 200);
    CHECK(tally.leftovers == 0);
    CHECK(uploads_of(rig) == 4);
    const auto finished = rig.spool() / "finished";
    wait_until("the drop is in finished/ with its reports",
               [&] { return fs::exists(finished / "spring.report.json") && fs::exists(finished / "spring.report.txt"); });
    CHECK(fs::exists(finished / "spring" / "manifest.yaml"));
    CHECK(fs::is_empty(rig.spool() / "accepted"));
    CHECK(fs::is_empty(rig.spool() / "incoming"));
    const auto report = json::parse(test::read_file(finished / "spring.report.json")).as_object();
    CHECK(report.at("done").as_int64() == 200);
    CHECK(report.at("jobs").as_array().size() == 200);
    CHECK(rig.stop() == Ended{0, 0});
    watcher.stop();
    CHECK(watcher.faults().empty());
    CHECK(watcher.seen() == 200);
    MESSAGE("200 jobs in " << took.count() << " ms: " << uploads_of(rig) << " uploads, " << tally.tasks << " tasks, " << tally.done << " done, " << tally.files
                           << " files; each was whole when "
                           << "its name appeared (" << watcher.seen() << " looked at)");
}

TEST_CASE("a bad manifest beside a good one is rejected with reports that name the place, and the good one finishes") {
    Rig rig;
    rig.start();
    rig.drop("bad", "version: 1\njobs:\n  - id: fox-wave\n    image: fox.png\n    motion: wav.mp4\n    promt: A felt fox waves.\n");
    const auto list = orders("good", 4);
    rig.drop("good", manifest_of("good", list));
    rig.wait_until_settled(4);
    CHECK(compare_histories(rig, list).done == 4);
    const auto rejected = rig.spool() / "rejected";
    wait_until("the bad one is in rejected/ with its reports",
               [&] { return fs::exists(rejected / "bad.report.json") && fs::exists(rejected / "bad" / "manifest.yaml"); });
    const auto text = test::read_file(rejected / "bad.report.txt");
    const auto report = json::parse(test::read_file(rejected / "bad.report.json")).as_object();
    CHECK(text.find("bad/manifest.yaml:6:5: error: ") != std::string::npos);
    CHECK(text.find("did you mean \"prompt\"") != std::string::npos);
    CHECK(text.find("bad/manifest.yaml:5:13: error: \"wav.mp4\" is not there") != std::string::npos);
    CHECK_FALSE(report.at("accepted").as_bool());
    const auto& complaints = report.at("complaints").as_array();
    REQUIRE(complaints.size() == 2);
    const auto& last = complaints.back().as_object();
    CHECK(last.at("line").as_int64() == 6);
    CHECK(last.at("column").as_int64() == 5);
    CHECK(rig.journal().tasks().size() == 4);
    MESSAGE(text);
}

}  // namespace
}  // namespace motionspool::whole
