#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <fstream>
#include <set>
#include "base/unique_fd.hpp"
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
    rig.daemon().send(SIGSTOP);  // or a copy that stands still for longer than `patience` were rejected
    copy_file_by_file(rig, "slow", manifest_of("slow", orders("slow", 2)));
    rig.daemon().send(SIGCONT);
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

/// Fills the queue of whoever watches the folder and does not read: a file opened for writing and closed is an event, and equal neighbours are one.
void overflow_the_queue_of(const fs::path& folder) {
    int events = 0;
    std::ifstream{"/proc/sys/fs/inotify/max_queued_events"} >> events;
    REQUIRE(events > 0);
    for (int i = 0; i < events + 100; i++) UniqueFd{::open((folder / (i % 2 == 0 ? ".a" : ".b")).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)}.reset();
}

TEST_CASE("of a burst beyond the event queue nothing is lost: drops before it, in it and after it become videos, each once") {
    Rig rig{{.spool = "watch: inotify"}};
    auto config = test::read_file(rig.config());
    const std::string often = "rescan: 1s";
    config.replace(config.find(often), often.size(), "rescan: 1h");  // only the overflow itself can tell
    test::write_file(rig.config(), config);
    rig.start();
    rig.daemon().send(SIGSTOP);
    std::vector<Order> all;
    const auto with = [&](const std::string& name) {
        auto list = orders(name, 2);
        for (auto& one : list) one.id = name + "-" + one.id;
        all.insert(all.end(), list.begin(), list.end());
        return manifest_of(name, list);
    };
    rig.drop("told", with("told"));
    overflow_the_queue_of(rig.spool() / "incoming");
    for (const auto* name : {"untold", "unheard"}) rig.drop(name, with(name));
    copy_file_by_file(rig, "copied", with("copied"));
    rig.drop("bad", "version: 1\njobs: none\n");
    rig.daemon().send(SIGCONT);
    rig.wait_until_settled(all.size());
    const auto tally = compare_histories(rig, all);
    CHECK(tally.done == all.size());
    CHECK(tally.tasks == all.size());
    wait_until("the bad one is rejected", [&] { return fs::exists(rig.spool() / "rejected" / "bad.report.txt"); });
    CHECK(rig.log().find("incoming/ changes faster than the kernel can tell; it is scanned as a whole then, and nothing is lost") != std::string::npos);
    CHECK(rig.stop() == Ended{0, 0});
}

}  // namespace
}  // namespace motionspool::whole
