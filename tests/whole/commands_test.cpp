#include <doctest/doctest.h>
#include <sysexits.h>
#include <boost/json/parse.hpp>
#include <set>
#include "whole/work.hpp"

namespace motionspool::whole {
namespace {
namespace fs = std::filesystem;

/// A folder of an artist's own, outside the spool: the example's media and a manifest.
fs::path own_folder(const Rig& rig, const std::string& name, const std::string& manifest) {
    const auto folder = rig.folder() / name;
    fs::create_directory(folder);
    for (const auto* file : {"fox.png", "bear.jpg", "wave.mp4", "jump.mp4"}) fs::copy_file(media(file), folder / file);
    test::write_file(folder / "manifest.yaml", manifest);
    return folder;
}

std::set<std::string> keys_of(const json::object& object) {
    std::set<std::string> keys;
    for (const auto& member : object) keys.insert(std::string{member.key()});
    return keys;
}

void check_holds(const json::object& object, std::initializer_list<std::string> expected) {
    const auto keys = keys_of(object);
    for (const auto& key : expected) CHECK_MESSAGE(keys.contains(key), "the key " << key << " is missing");
}

Said submit_and_wait(const Rig& rig, const std::string& name, const std::vector<Order>& list) {
    return rig.run({"submit", own_folder(rig, name, manifest_of(name, list)).string(), "--wait"});
}

TEST_CASE("submit --wait tells by its exit code how the batch went") {
    Rig rig;
    rig.start();
    const auto good = submit_and_wait(rig, "good", orders("good", 3));
    CHECK(good.code == 0);
    CHECK(good.out.find("submitted 3 jobs as incoming/good") != std::string::npos);
    CHECK(good.out.find("good: 3 done") != std::string::npos);
    const auto refused = submit_and_wait(rig, "refused", {order("fine", "fine"), order("bad", "bad [sim:fail-moderation]")});
    CHECK(refused.code == 1);
    CHECK(refused.out.find("1 done, 1 failed") != std::string::npos);
    const auto lost = submit_and_wait(rig, "lost", {order("one", "lost [sim:lost-answer]")});
    CHECK(lost.code == 1);
    CHECK(lost.out.find("1 uncertain") != std::string::npos);
    const auto bad = rig.run({"submit", own_folder(rig, "wrong", "version: 1\njobs: []\n").string(), "--wait"});
    CHECK(bad.code == EX_DATAERR);
    const auto twice = rig.run({"submit", (rig.folder() / "good").string(), "--wait"});
    CHECK(twice.code == EX_DATAERR);
    CHECK(twice.err.find("batch \"good\" exists already") != std::string::npos);
    MESSAGE("submit --wait: all done " << good.code << ", a failure " << refused.code << ", an uncertain one " << lost.code << ", a bad manifest " << bad.code
                                       << ", rejected by the daemon " << twice.code << "\n"
                                       << twice.err);
}

TEST_CASE("check praises a good manifest, tells every error of a bad one, and speaks JSON on request") {
    const Rig rig;
    const auto good = rig.run({"check", fs::path{EXAMPLES "/felt-animals"}.string()});
    CHECK(good.code == 0);
    CHECK(good.out.find("good; 6 jobs, estimated 264 credits") != std::string::npos);
    CHECK(rig.run({"check"}).out == rig.config().string() + ": good\n");
    const auto folder =
        own_folder(rig, "bad", "version: 1\njobs:\n  - {image: fox.png, motion: wave.mp4, mode: 4k}\n  - {image: wave.mp4, motion: wave.mp4, takse: 2}\n");
    const auto bad = rig.run({"check", folder.string()});
    CHECK(bad.code == EX_DATAERR);
    CHECK(bad.err.find("manifest.yaml:3:46: error: `mode` is \"4k\"") != std::string::npos);
    CHECK(bad.err.find("manifest.yaml:4:41: error: unknown key \"takse\"") != std::string::npos);
    CHECK(bad.err.find("manifest.yaml:4:13: error: \"wave.mp4\": the image is MP4 by its content; expected a JPEG or PNG") != std::string::npos);
    const auto both = rig.run({"check", "--json", folder.string(), EXAMPLES "/felt-animals"});
    CHECK(both.code == EX_DATAERR);
    const auto list = json::parse(both.out).as_array();
    REQUIRE(list.size() == 2);
    for (const auto& one : list) check_holds(one.as_object(), {"file", "good", "jobs", "complaints"});
    CHECK_FALSE(list[0].as_object().at("good").as_bool());
    CHECK(list[1].as_object().at("good").as_bool());
    check_holds(list[0].as_object().at("complaints").as_array().at(0).as_object(), {"line", "column", "severity", "message"});
    CHECK(json::parse(rig.run({"check", "--json"}).out).as_object().at("good").as_bool());
    MESSAGE(bad.err);
}

TEST_CASE("jobs, show and status tell the same in text and in JSON") {
    Rig rig;
    rig.start();
    const auto list = orders("spring", 3);
    const auto said =
        rig.run({"submit", own_folder(rig, "spring", manifest_of("spring", list) + "labels: {project: \"4711\"}\nnote: for Friday\n").string(), "--json"});
    CHECK(said.code == 0);
    check_holds(json::parse(said.out).as_object(), {"drop", "jobs"});
    rig.wait_until_settled(3);

    const auto jobs = rig.jobs("spring");
    REQUIRE(jobs.size() == 3);
    const auto& job = jobs[0].as_object();
    check_holds(job, {"batch", "job", "state", "stage", "mode", "orientation", "image", "motion", "prompt", "attempts", "task", "credits_reserved",
                      "credits_spent", "output", "error", "waiting_for", "created", "updated"});
    CHECK(text_at(job, "output") == (rig.output() / "spring" / (list[0].id + ".mp4")).string());
    CHECK(text_at(job, "task").size() == 32);
    CHECK(job.at("error").is_null());
    CHECK(job.at("waiting_for").is_null());
    CHECK(job.at("credits_spent").as_int64() == 44);
    CHECK(text_at(job, "created").ends_with("Z"));
    CHECK(json::parse(rig.run({"jobs", "--json", "--label", "project=4711"}).out).as_array().size() == 3);
    CHECK(json::parse(rig.run({"jobs", "--json", "--label", "project=4712"}).out).as_array().empty());
    CHECK(json::parse(rig.run({"jobs", "--json", "--state", "done"}).out).as_array().size() == 3);
    CHECK(rig.run({"jobs"}).out.find("spring/" + list[0].id + "  done") != std::string::npos);

    const auto batch = json::parse(rig.run({"show", "spring", "--json"}).out).as_object();
    check_holds(batch, {"batch", "state", "drop", "note", "labels", "priority", "created", "jobs", "ended", "events"});
    CHECK(text_at(batch, "note") == "for Friday");
    CHECK(rig.run({"show", "spring"}).out.find("3 done") != std::string::npos);
    const auto one = json::parse(rig.run({"--json", "show", "SPRING/" + list[0].id}).out).as_object();
    check_holds(one, {"attempt_list", "events", "task", "state"});
    check_holds(one.at("attempt_list").as_array().at(0).as_object(),
                {"id", "stage", "state", "armed", "task", "outcome", "credits_reserved", "credits_spent", "request"});
    CHECK(rig.run({"show", "spring/" + list[0].id}).out.find("submitted: task " + text_at(job, "task")) != std::string::npos);

    const auto status = json::parse(rig.run({"status", "--json"}).out).as_object();
    check_holds(status, {"jobs", "running", "credits_spent", "credits_reserved", "daemon", "limit_running", "waits"});
    CHECK(status.at("daemon").as_int64() == rig.daemon().pid());
    CHECK(status.at("credits_spent").as_int64() == 3 * 44);
    CHECK(rig.run({"status"}).out.find("the daemon runs (process " + std::to_string(rig.daemon().pid())) != std::string::npos);
    CHECK(rig.stop() == Ended{0, 0});
    CHECK(json::parse(rig.run({"status", "--json"}).out).as_object().at("daemon").is_null());
    CHECK(rig.jobs() == jobs);
}

TEST_CASE("the program tells its version and its commands, and each command its options") {
    const Rig rig;
    CHECK(rig.run_bare({"--version"}).out.starts_with("motionspool "));
    const auto help = rig.run_bare({"--help"});
    CHECK(help.code == 0);
    for (const std::string command : {"run", "check", "submit", "jobs", "show", "status", "simulate"}) {
        CAPTURE(command);
        CHECK(help.out.find("  " + command + " ") != std::string::npos);
        const auto said = rig.run_bare({command, "--help"});
        CHECK(said.code == 0);
        CHECK(said.out.find("--help") != std::string::npos);
    }
}

}  // namespace
}  // namespace motionspool::whole
