#include <doctest/doctest.h>
#include <sys/stat.h>
#include <set>
#include "whole/work.hpp"

// Whichever way incoming/ is watched, the same drops have the same fate.
namespace motionspool::whole {
namespace {
namespace fs = std::filesystem;

void copy_file_by_file(const Rig& rig, const std::string& name, const std::string& manifest) {
    const auto folder = rig.spool() / "incoming" / name;
    fs::create_directory(folder);
    test::write_file(folder / "manifest.yaml", manifest);
    for (const auto* file : {"fox.png", "bear.jpg", "wave.mp4", "jump.mp4"}) {
        const auto content = test::read_file(media(file));
        test::write_file(folder / file, content.substr(0, content.size() / 2));
        test::write_file(folder / file, content);
    }
}

std::set<std::string> names_in(const fs::path& folder) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator{folder}) names.insert(entry.path().filename().string());
    return names;
}

/// Every name in the spool, and every job's state.
std::set<std::string> all_there_is(const Rig& rig) {
    std::set<std::string> all;
    for (const auto* folder : {"incoming", "accepted", "rejected", "finished", ".taking"}) {
        for (const auto& name : names_in(rig.spool() / folder)) all.insert(std::string{folder} + "/" + name);
    }
    for (const auto& job : rig.jobs())
        all.insert(text_at(job.as_object(), "batch") + "/" + text_at(job.as_object(), "job") + " " + text_at(job.as_object(), "state"));
    return all;
}

std::set<std::string> after_a_busy_day(const std::string& watch, int crowd) {
    Rig rig{{.spool = "watch: " + watch}};
    rig.start();
    CHECK(rig.stop() == Ended{0, 0});
    copy_file_by_file(rig, "early", manifest_of("early", orders("early", 2)));  // before anybody watches
    rig.start();
    rig.drop("whole", manifest_of("whole", orders("whole", 2)));
    copy_file_by_file(rig, "slow", manifest_of("slow", orders("slow", 2)));
    rig.drop("bad", "version: 1\njobs: none\n");
    test::write_file(rig.spool() / "incoming" / "lone.yaml", "version: 1\njobs:\n  - {image: nowhere.png, motion: wave.mp4}\n");
    test::write_file(rig.spool() / "incoming" / "holiday.txt", "not a drop");
    test::write_file(rig.spool() / "incoming" / ".DS_Store", "x");
    CHECK(::mkfifo((rig.spool() / "incoming" / "pipe").c_str(), 0666) == 0);
    for (int n = 0; n < crowd; n++) test::write_file(rig.spool() / "incoming" / ("crowd-" + std::to_string(n) + ".yaml"), "version: 2\n");
    wait_until("all is said", [&] {
        const auto finished = names_in(rig.spool() / "finished"), incoming = names_in(rig.spool() / "incoming");
        std::size_t reports = 0;
        for (const auto& name : names_in(rig.spool() / "rejected")) reports += name.ends_with(".report.json") ? 1 : 0;
        return finished.contains("early.report.txt") && finished.contains("whole.report.txt") && finished.contains("slow.report.txt") &&
               incoming.contains("holiday.report.txt") && incoming.contains("pipe.report.txt") && reports == static_cast<std::size_t>(crowd) + 2;
    });
    CHECK(rig.stop() == Ended{0, 0});
    return all_there_is(rig);
}

TEST_CASE("inotify and polling: the same drops, the same fate") {
    const auto by_inotify = after_a_busy_day("inotify", 50), by_polling = after_a_busy_day("poll", 50);
    CHECK(by_inotify == by_polling);
    CHECK(by_inotify.contains("slow/job-0001 done"));
    MESSAGE(by_inotify.size() << " names and states are the same");
}

}  // namespace
}  // namespace motionspool::whole
