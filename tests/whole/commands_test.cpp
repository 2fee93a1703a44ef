#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sysexits.h>
#include <unistd.h>
#include <array>
#include <boost/json/parse.hpp>
#include <cstdlib>
#include <set>
#include <utility>
#include "whole/asking.hpp"
#include "whole/work.hpp"

namespace motionspool::whole {
namespace {
namespace fs = std::filesystem;
using namespace std::string_literals;

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
    CHECK(refused.out.find("\nrefused: 1 of 2 jobs done\n  bad: failed, moderation: ") != std::string::npos);
    CHECK(refused.out.find("\nreport: " + (rig.spool() / "finished" / "refused.report.txt").string() + "\n") != std::string::npos);
    const auto lost = submit_and_wait(rig, "lost", {order("one", "lost [sim:lost-answer]")});
    CHECK(lost.code == 1);
    CHECK(lost.out.find("1 uncertain") != std::string::npos);
    CHECK(lost.out.find(
              "\nlost: 0 of 1 job done; only a person can go on\n  one: uncertain, no clear answer came from the provider; `motionspool show lost/one`") !=
          std::string::npos);
    const auto bad = rig.run({"submit", own_folder(rig, "wrong", "version: 1\njobs: []\n").string(), "--wait"});
    CHECK(bad.code == EX_DATAERR);
    const auto twice = rig.run({"submit", (rig.folder() / "good").string(), "--wait"});
    CHECK(twice.code == EX_DATAERR);
    CHECK(twice.err.find("accepted as batch \"good\"") != std::string::npos);
    CHECK(twice.err.find("write `run: 2` into it, and another name for `batch`\n") != std::string::npos);
    MESSAGE("submit --wait: all done " << good.code << ", a failure " << refused.code << ", an uncertain one " << lost.code << ", a bad manifest " << bad.code
                                       << ", rejected by the daemon " << twice.code << "\n"
                                       << twice.err);
}

TEST_CASE("submit --wait knows its drop again when it gets a number in accepted/, and another one in finished/") {
    Rig rig;
    rig.start();
    for (const auto* taken : {"accepted/fox", "finished/fox", "finished/fox.2"}) fs::create_directories(rig.spool() / taken);
    const auto said = submit_and_wait(rig, "fox", orders("fox", 1));
    CHECK(said.code == 0);
    CHECK(fs::exists(rig.spool() / "finished" / "fox.2.2" / "manifest.yaml"));
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

TEST_CASE("check looks at each of several manifests, and its exit code is the worst of theirs") {
    const Rig rig;
    const std::string good = EXAMPLES "/felt-animals", nowhere = (rig.folder() / "nowhere").string();
    const auto bad = own_folder(rig, "bad", "version: 1\njobs: []\n").string();
    const auto said = rig.run({"check", nowhere, bad, good});
    CHECK(said.code == EX_NOINPUT);
    CHECK(said.out.find("good; 6 jobs") != std::string::npos);
    CHECK(said.err.find("motionspool: cannot read " + nowhere) != std::string::npos);
    CHECK(said.err.find("bad/manifest.yaml:2:7: error: ") != std::string::npos);
    const auto list = json::parse(rig.run({"check", "--json", nowhere, bad, good}).out).as_array();
    REQUIRE(list.size() == 3);
    CHECK_FALSE(list[0].as_object().at("good").as_bool());
    CHECK(text_at(list[0].as_object().at("complaints").as_array().at(0).as_object(), "message").find("No such file") != std::string::npos);
    CHECK(list[2].as_object().at("good").as_bool());
}

TEST_CASE("the simulator lists its faults, for programs, too") {
    const Rig rig;
    const auto list = json::parse(rig.run({"simulate", "--list-faults", "--json"}).out).as_array();
    REQUIRE_FALSE(list.empty());
    CHECK(rig.run({"simulate", "--list-faults"}).out.starts_with(text_at(list[0].as_object(), "fault") + " "));
}

TEST_CASE("check and submit tell how many jobs of a partial manifest are bad") {
    const Rig rig;
    fs::create_directories(rig.spool() / "incoming");
    const auto mixed = own_folder(
        rig, "mixed", "version: 1\npartial: true\njobs:\n  - {image: fox.png, motion: wave.mp4}\n  - {image: fox.png, motion: wave.mp4, mode: 4k}\n");
    const auto checked = rig.run({"check", mixed.string()});
    CHECK(checked.code == EX_DATAERR);
    CHECK(checked.out.find("manifest.yaml: 1 of 2 jobs would be accepted, because of `partial: true`\n") != std::string::npos);
    const auto submitted = rig.run({"submit", mixed.string()});
    CHECK(submitted.code == 0);
    CHECK(submitted.out == "submitted 2 jobs as incoming/mixed, 1 of them bad: they fail as invalid, because of `partial: true`\n");
}

TEST_CASE("check and submit treat a manifest alone as the daemon would, with its files under the media roots") {
    const Rig rig;
    const auto config = test::read_file(rig.config());
    const auto lone = rig.folder() / "lone.yaml";
    test::write_file(lone, "version: 1\njobs:\n  - {image: fox.png, motion: wave.mp4}\n");
    CHECK(rig.run({"check", lone.string()}).code == EX_DATAERR);
    test::write_file(rig.config(), config.substr(0, config.find("spool: {") + 8) + "media_roots: [\"" + EXAMPLES + "/felt-animals\"], " +
                                       config.substr(config.find("spool: {") + 8));
    const auto said = rig.run({"check", lone.string()});
    CHECK(said.code == 0);
    CHECK(said.out.find("lone.yaml: good; 1 job, estimated 44 credits (a manifest alone, with files under spool.media_roots)") != std::string::npos);
    fs::create_directories(rig.spool() / "incoming");
    const auto submitted = rig.run({"submit", lone.string()});
    CHECK(submitted.code == 0);
    CHECK(submitted.out == "submitted 1 job as incoming/lone.yaml, a manifest alone with files under spool.media_roots\n");
    CHECK(test::read_file(rig.spool() / "incoming" / "lone.yaml") == test::read_file(lone));
    CHECK(rig.run({"submit", lone.string()}).out.starts_with("submitted 1 job as incoming/lone.2.yaml, "));
    const auto there = rig.run({"submit", (rig.spool() / "incoming" / "lone.yaml").string()});
    CHECK(there.code == EX_USAGE);
    CHECK(there.err.find("lies in the spool already") != std::string::npos);
    fs::copy_file(media("bear.jpg"), rig.folder() / "fox.png");  // another fox: what lies beside the manifest is meant
    const auto halfway = rig.run({"submit", lone.string()});
    CHECK(halfway.code == EX_DATAERR);
    CHECK(halfway.err.find("\"wave.mp4\" is not there") != std::string::npos);
    CHECK(rig.run({"check", lone.string()}).err == halfway.err.substr(0, halfway.err.find("motionspool: ")));
    fs::remove(rig.folder() / "fox.png");
    for (const auto* file : {"fox.png", "wave.mp4"}) fs::copy_file(media(file), rig.spool() / "incoming" / file);
    test::write_file(rig.spool() / "incoming" / "lone.yaml", "version: 1\njobs:\n  - {image: ./fox.png, motion: wave2.mp4}\n");
    const auto beside = rig.run({"check", (rig.spool() / "incoming" / "lone.yaml").string()});
    CHECK(beside.code == EX_DATAERR);
    CHECK(beside.err.find("\"wave2.mp4\" is in none of the media roots") != std::string::npos);
}

TEST_CASE("check without a manifest tells which settings have no effect, and the errors of a bad configuration in JSON, too") {
    const Rig rig;
    const auto text = test::read_file(rig.config());
    test::write_file(rig.config(), text + "hooks: {job: /bin/true}\n");
    const auto said = rig.run({"check"});
    CHECK(said.code == 0);
    CHECK(said.out == rig.config().string() + ": good\nwithout effect in this version: hooks.job\n");
    const auto good = json::parse(rig.run({"check", "--json"}).out).as_object();
    CHECK(good.at("no_effect").as_array() == json::array{"hooks.job"});
    CHECK(good.at("complaints").as_array().empty());
    test::write_file(rig.config(), text + "instanze: x\n");
    const auto bad = rig.run({"check", "--json"});
    CHECK(bad.code == EX_CONFIG);
    const auto object = json::parse(bad.out).as_object();
    CHECK_FALSE(object.at("good").as_bool());
    CHECK(text_at(object.at("complaints").as_array().at(0).as_object(), "message").find("did you mean \"instance\"") != std::string::npos);
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
    check_holds(batch, {"batch",         "state",     "drop",    "note",    "labels", "priority", "created", "jobs",   "ended", "events", "credits_reserved",
                        "credits_spent", "drop_path", "reports", "folders", "share",  "window",   "budget",  "review", "held"});
    CHECK(text_at(batch, "note") == "for Friday");
    CHECK(batch.at("credits_spent").as_int64() == 3 * 44);
    CHECK(batch.at("folders").as_array() == json::array{(rig.output() / "spring").string()});
    wait_until("it is filed", [&] { return rig.run({"show", "spring"}).out.find("spring.report.txt") != std::string::npos; });
    const auto told = rig.run({"show", "spring"}).out;
    for (const auto& line : {"  note: for Friday\n"s, "  label: project=4711\n"s, "  3 jobs: 3 done\n"s, "  credits: 0 reserved, 132 spent\n"s,
                             "  drop: " + (rig.spool() / "finished" / "spring").string() + "\n", "  videos: " + (rig.output() / "spring").string() + "\n"}) {
        CAPTURE(told);
        CHECK(told.find(line) != std::string::npos);
    }
    const auto one = json::parse(rig.run({"--json", "show", "SPRING/" + list[0].id}).out).as_object();
    check_holds(one, {"attempt_list", "events", "task", "state"});
    check_holds(one.at("attempt_list").as_array().at(0).as_object(),
                {"number", "id", "stage", "state", "meaning", "armed", "task", "outcome", "credits_reserved", "credits_spent", "request"});
    CHECK(rig.run({"show", "spring/" + list[0].id}).out.find("\nAttempts\n  1. sent 20") != std::string::npos);
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
        for (const std::string option : {"--config FILE", "--json"}) CHECK(said.out.find(option) != std::string::npos);
    }
}

TEST_CASE("show explains an uncertain job, and status does not take it for a task") {
    Rig rig;
    rig.start();
    rig.drop("lost", manifest_of("lost", {order("one", "lost [sim:lost-answer]")}));
    rig.wait_until_settled(1);
    const auto said = rig.run({"show", "lost/one"}).out;
    CAPTURE(said);
    CHECK(said.find("lost/one: uncertain\n") == 0);
    CHECK(said.find("44 credits may have been spent, so it is not sent again by itself") != std::string::npos);
    CHECK(said.find("`motionspool uncertain adopt lost/one TASK`") != std::string::npos);
    CHECK(said.find(": sent, but no clear answer came: it may have been accepted and paid; 44 credits reserved\n") != std::string::npos);
    CHECK(said.find("720p, orientation video, http://") != std::string::npos);
    CHECK(said.find("prompt \"lost [sim:lost-answer]\"") != std::string::npos);
    const auto status = rig.run({"status"}).out;
    CHECK(status.find("\ntasks at the provider: 0\n") != std::string::npos);
    CHECK(status.find("\nuncertain submissions: 1; ") != std::string::npos);
    const auto object = json::parse(rig.run({"status", "--json"}).out).as_object();
    CHECK(object.at("tasks").as_int64() == 0);
    CHECK(object.at("uncertain").as_int64() == 1);
    MESSAGE(said << "\n" << status);
}

/// The other side of a terminal that a command writes to.
class Terminal {
public:
    Terminal() : master_{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)} {
        REQUIRE(master_ >= 0);
        REQUIRE(::grantpt(master_) == 0);
        REQUIRE(::unlockpt(master_) == 0);
        keep_ = ::open(path().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;
    ~Terminal() {
        if (keep_ >= 0) ::close(keep_);
        ::close(master_);
    }
    [[nodiscard]] std::string path() const { return ::ptsname(master_); }
    /// Waits until that was written: what stands before it is taken.
    void wait_for(const std::string& text) {
        std::string all;
        wait_until("the terminal shows " + text, [&] {
            int there = 0;
            std::array<char, 4096> some{};
            if (::ioctl(master_, FIONREAD, &there) != 0 || there == 0) return false;
            const auto n = ::read(master_, some.data(), some.size());
            if (n > 0) all.append(some.data(), static_cast<std::size_t>(n));
            return all.find(text) != std::string::npos;
        });
    }
    /// All that was written, once nobody else has it open: the kernel hands it over bit by bit, and says EIO behind the last of it.
    [[nodiscard]] std::string read_all() {
        ::close(std::exchange(keep_, -1));
        std::string all;
        std::array<char, 4096> text{};
        for (;;) {
            const auto n = ::read(master_, text.data(), text.size());
            if (n <= 0) return all;
            all.append(text.data(), static_cast<std::size_t>(n));
        }
    }

private:
    int master_, keep_ = -1;
};

TEST_CASE("on a terminal submit --wait redraws one line, and says at the end in lines of their own how it went") {
    Rig rig;
    rig.start();
    Terminal terminal;
    const auto folder = own_folder(rig, "drawn", manifest_of("drawn", orders("drawn", 3)));
    Process submit{
        {{MOTIONSPOOL_PROGRAM, "submit", folder.string(), "--wait", "--config", rig.config().string()}, {}, terminal.path(), rig.folder() / "submit.err"}};
    const auto ended = submit.wait_for(patience);
    CHECK(ended == Ended{0, 0});
    const auto said = terminal.read_all();
    CAPTURE(said);
    CHECK(said.find("\r\x1b[Kdrawn: 3 done\r\ndrawn: 3 of 3 jobs done\r\nreport: ") != std::string::npos);
}

TEST_CASE("submit --wait gives up where only a person can go on: a budget that is too small for the next job") {
    Rig rig;
    rig.start();
    const auto poor = own_folder(rig, "poor", manifest_of("poor", {order("one", "one")}) + "budget: 10\n");
    const auto planned = rig.run({"plan", poor.string()});
    CHECK(planned.code == 1);
    CHECK(planned.out.find("would not be rendered at all") != std::string::npos);
    const auto said = rig.run({"submit", poor.string(), "--wait"});
    CHECK(said.code == 1);
    CAPTURE(said.out);
    CHECK(said.out.find("\npoor: 0 of 1 job done; only a person can go on\n  one: queued, waits for budget, the batch's budget of 10 credits has 10 left") !=
          std::string::npos);
    CHECK(said.out.find("`motionspool set poor budget=CREDITS`") != std::string::npos);
}

TEST_CASE("whoever ends submit --wait is told that the batch goes on, and how to follow and to stop it") {
    for (const auto& [signal, code] : {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}}) {
        Rig rig;
        rig.start();
        Terminal terminal;
        const auto folder = own_folder(rig, "left", manifest_of("left", {order("one", "one [sim:stuck]")}));
        const auto err = rig.folder() / "submit.err";
        Process submit{{{MOTIONSPOOL_PROGRAM, "submit", folder.string(), "--wait", "--config", rig.config().string()}, {}, terminal.path(), err}};
        terminal.wait_for("left: 1 running");  // from then on it heeds signals
        submit.send(signal);
        CHECK(submit.wait_for(patience) == Ended{code, 0});
        CHECK(terminal.read_all().ends_with("\r\n"));
        const auto told = test::read_file(err);
        CAPTURE(told);
        CHECK(told.find("`motionspool cancel left` stops") != std::string::npos);
        CHECK(rig.states()["running"] == 1);
    }
}

TEST_CASE("plan and submit judge by what is there as intake does: ids that are done, and the same drop again; nothing is copied then") {
    Rig rig;
    rig.start();
    CHECK(submit_and_wait(rig, "good", {order("one", "one")}).code == 0);
    const auto more = own_folder(rig, "more", "version: 1\nappend: good\njobs:\n  - {id: one, image: fox.png, motion: wave.mp4, prompt: another}\n");
    for (const auto* command : {"plan", "submit"}) {
        const auto done = rig.run({command, more.string()});
        CHECK(done.code == EX_DATAERR);
        CHECK(done.err.find("error: the job \"one\" of that batch is done; choose another id, or leave the job out\n") != std::string::npos);
        const auto twin = rig.run({command, (rig.folder() / "good").string()});
        CHECK(twin.code == EX_DATAERR);
        CHECK(twin.err.find("what this would render was accepted as batch \"good\"") != std::string::npos);
    }
    CHECK(fs::is_empty(rig.spool() / "incoming"));
    CHECK(fs::is_empty(rig.spool() / "rejected"));
}

TEST_CASE("check, plan and submit tell what is rendered already, and what one manifest renders twice, with its price; check forbids nothing") {
    Rig rig;
    const auto says = [&](const std::string& command, const fs::path& manifest, const std::string& words, int code) {
        const auto said = rig.run({command, manifest.string()});
        CAPTURE(said.err);
        CHECK_MESSAGE(said.code == code, command);
        CHECK_MESSAGE(said.err.find(words) != std::string::npos, command);
    };
    const auto twice = own_folder(rig, "twice", manifest_of("twice", {order("one", "same"), order("two", "other"), order("three", "same")}));
    const std::string repeats =
        "manifest.yaml:6:5: warning: the jobs \"one\" and \"three\" render the same (equal image, motion, prompt, mode and orientation); the "
        "repeats cost 44 credits; leave them out, or write `takes: 2` in one job if they are meant\n";
    for (const auto* command : {"check", "plan"}) says(command, twice, repeats, 0);  // also where no daemon ever ran
    rig.start();
    CHECK(submit_and_wait(rig, "good", {order("one", "one"), order("two", "two")}).code == 0);
    const auto form = own_folder(rig, "form",
                                 "# the same, in another form\n{\"version\": 1, \"defaults\": {\"motion\": \"wave.mp4\", \"image\": \"fox.png\"}, \"jobs\": "
                                 "[{\"prompt\": \"two\"}, {\"prompt\": \"one\"}]}\n");
    const std::string twin = "what this would render was accepted as batch \"good\" already";
    says("check", form, "warning: " + twin, 0);
    for (const auto* command : {"plan", "submit"}) says(command, form, "error: " + twin, EX_DATAERR);
    const auto some = own_folder(rig, "some", manifest_of("some", {order("known", "one"), order("new", "new")}));
    for (const auto* command : {"check", "plan", "submit"})
        says(command, some, "manifest.yaml:4:5: warning: 1 of 2 jobs (\"known\") would render what batch \"good\" renders already", 0);
    rig.wait_until_settled(4);
    CHECK(holds(rig.run({"show", "some"}).out, "would render what batch \"good\" renders already"));
    CHECK(holds(rig.log(), "some/manifest.yaml:4:5: warning: 1 of 2 jobs (\"known\") would render what batch \"good\" renders already"));
    CHECK(rig.journal().tasks().size() == 4);
}

TEST_CASE("a report of a rejection begins on a line of its own") {
    Rig rig;
    rig.start();
    rig.stop();
    const auto folder = own_folder(rig, "twice", manifest_of("twice", {order("one", "one")}));
    CHECK(rig.run({"submit", folder.string()}).code == 0);
    Terminal terminal;
    Process submit{
        {{MOTIONSPOOL_PROGRAM, "submit", folder.string(), "--wait", "--config", rig.config().string()}, {}, terminal.path(), rig.folder() / "submit.err"}};
    wait_until("both are dropped", [&] { return fs::exists(rig.spool() / "incoming" / "twice.2"); });
    rig.start();
    CHECK(submit.wait_for(patience) == Ended{EX_DATAERR, 0});
    CHECK(terminal.read_all().ends_with("\r\n"));
    CHECK(test::read_file(rig.folder() / "submit.err").find("was accepted as batch \"twice\"") != std::string::npos);
}

TEST_CASE("a manifest that is too large is a bad one, and is told so in megabytes") {
    Rig rig;
    const auto file = rig.folder() / "huge.yaml";
    test::write_file(file, "version: 1\nnote: " + std::string(3'000'000, 'x') + "\n");
    const auto said = rig.run({"check", file.string()});
    CHECK(said.code == EX_DATAERR);
    CHECK(said.err.find("huge.yaml:1:1: error: the file is larger than 1 MB, the most that is read; split it\n") != std::string::npos);
}

}  // namespace
}  // namespace motionspool::whole
