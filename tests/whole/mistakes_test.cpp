#include <doctest/doctest.h>
#include <sysexits.h>
#include <unistd.h>
#include <algorithm>
#include <boost/json/parse.hpp>
#include "whole/work.hpp"

// Every failure a user can cause ends with the right exit code and says in words what happened, to what, and what to do.
namespace motionspool::whole {
namespace {
namespace fs = std::filesystem;

/// Checks how a command failed: its exit code, that it said so in `lines` lines on standard error and in no other way, and that these hold all fragments.
void expect_failure(const std::string& what, const Said& said, int code, std::initializer_list<std::string> fragments, std::ptrdiff_t lines = 1) {
    INFO(what, ": exit ", said.code, ", says: ", said.err);
    CHECK(said.code == code);
    CHECK(said.out.empty());
    CHECK(std::ranges::count(said.err, '\n') == lines);
    for (const auto& fragment : fragments) CHECK(said.err.find(fragment) != std::string::npos);
    MESSAGE(what << " → " << said.code << ": " << said.err.substr(0, said.err.find_last_not_of('\n') + 1));
}

/// The configuration with something else in one place, beside the usual one.
fs::path altered(const Rig& rig, const std::string& from, const std::string& to) {
    auto text = test::read_file(rig.config());
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
    test::write_file(rig.folder() / "altered.yaml", text);
    return rig.folder() / "altered.yaml";
}

Said run_altered(const Rig& rig, const std::string& from, const std::string& to, const std::string& command = "run") {
    return rig.run_bare({command, "--config", altered(rig, from, to).string()}, {{"KIE_API_KEY", "key"}});
}

TEST_CASE("a command line that makes no sense is a usage error") {
    const Rig rig;
    expect_failure("unknown command", rig.run_bare({"rnu"}), EX_USAGE, {"no command \"rnu\", did you mean \"run\"?", "`motionspool --help`"});
    expect_failure("no command", rig.run_bare({"--json"}), EX_USAGE, {"a command is missing", "`motionspool --help`"});
    expect_failure("unknown option", rig.run_bare({"jobs", "--bacth", "x"}), EX_USAGE, {"there is no option --bacth; `motionspool jobs --help`"});
    expect_failure("unknown option of no command", rig.run_bare({"--jsn"}), EX_USAGE, {"there is no option --jsn"});
    expect_failure("an option without its value", rig.run_bare({"jobs", "--state"}), EX_USAGE, {"--state expects a value", "`motionspool jobs --help`"});
    expect_failure("an argument too many", rig.run_bare({"jobs", "fox"}), EX_USAGE, {"\"fox\" is one argument too many"});
    expect_failure("a manifest is missing", rig.run_bare({"submit"}), EX_USAGE, {"the argument manifest is missing", "`motionspool submit --help`"});
    expect_failure("unknown state", rig.run({"jobs", "--state", "ready"}), EX_USAGE, {"\"ready\"", "queued"});
    expect_failure("a label without a value", rig.run({"jobs", "--label", "project"}), EX_USAGE, {"KEY=VALUE"});
    expect_failure("simulate nowhere", rig.run_bare({"simulate", "--listen", "nowhere"}), EX_USAGE, {"nowhere", "is nothing to listen on"});
    expect_failure("a rate that cannot be read", rig.run_bare({"simulate", "--rate", "fast"}), EX_USAGE, {"--rate", "fast"});
    for (const auto& line :
         std::vector<std::vector<std::string>>{{"rnu"}, {"show"}, {"jobs", "--state"}, {"jobs", "--state", "x"}, {"simulate", "--rate", "fast"}}) {
        const auto said = rig.run_bare(line);
        CAPTURE(said.err);
        CHECK(said.code == EX_USAGE);
        CHECK(said.err.starts_with("motionspool: "));
        CHECK(said.err.find("--help`") != std::string::npos);
    }
}

TEST_CASE("a configuration that cannot be used is told with its place, and nothing starts") {
    const Rig rig;
    expect_failure("no such configuration", rig.run_bare({"run", "--config", "/nowhere/motionspool.yaml"}), EX_CONFIG,
                   {"/nowhere/motionspool.yaml", "No such file", "--config"});
    expect_failure("a misspelt key", run_altered(rig, "instance: test", "instanze: test"), EX_CONFIG,
                   {"altered.yaml:1:1: error: ", "did you mean \"instance\"", "nothing was started"}, 2);
    expect_failure("a wrong value", run_altered(rig, "running: 1000", "running: many"), EX_CONFIG, {"altered.yaml:7:", "`limits.running` is \"many\""}, 2);
    expect_failure("check says the same", run_altered(rig, "running: 1000", "running: many", "check"), EX_CONFIG, {"altered.yaml:7:"}, 2);
    expect_failure("no key", rig.run_bare({"run", "--config", rig.config().string()}), EX_CONFIG, {"no API key", "api_key_file", "KIE_API_KEY"});
    expect_failure("a key file that is not there", run_altered(rig, "provider: {", "provider: {api_key_file: /nowhere/key, "), EX_CONFIG,
                   {"/nowhere/key", "No such file"});
}

TEST_CASE("folders that cannot be used are named, with the setting they come from") {
    const Rig rig;
    const auto root = rig.folder().string();
    expect_failure("a folder whose parent is missing", run_altered(rig, root + "/output", root + "/no/output"), EX_CANTCREAT,
                   {root + "/no/output", "output.directory", "the folder it lies in"});
    test::write_file(rig.folder() / "file", "x");
    expect_failure("a file instead of a folder", run_altered(rig, root + "/output", root + "/file"), EX_CANTCREAT, {root + "/file", "output.directory"});
    fs::create_directory(rig.folder() / "photos");
    test::write_file(rig.folder() / "photos" / "holiday.jpg", "x");
    expect_failure("a spool that is somebody's photos", run_altered(rig, root + "/spool", root + "/photos"), EX_CONFIG,
                   {root + "/photos", "spool.directory", "name an empty one"});
}

TEST_CASE("a database that is none is left as it is") {
    const Rig rig;
    const std::string text = "this is no database";
    test::write_file(rig.folder() / "state" / "motionspool.db", text);
    expect_failure("run with a database that is none", rig.run({"run"}), EX_IOERR, {"motionspool.db", "not a database"});
    expect_failure("jobs with a database that is none", rig.run({"jobs"}), EX_IOERR, {"motionspool.db", "not a database"});
    CHECK(test::read_file(rig.folder() / "state" / "motionspool.db") == text);
}

TEST_CASE("a folder that the daemon's user may not write to is a matter of permission") {
    const Rig rig;
    fs::permissions(rig.folder() / "state", fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
    const auto said = rig.run({"run"}, ::geteuid() == 0);
    fs::permissions(rig.folder() / "state", fs::perms::owner_all);
    if (said.code == 127) {
        MESSAGE("not tested: an ordinary user may not execute the program where it lies");
        return;
    }
    expect_failure("an unwritable folder", said, EX_NOPERM, {"state", "state.directory", "daemon's user"});
}

/// Runs a command as somebody who is in no group, or not at all where that cannot be tried: then it says 127.
Said run_as_stranger(const Rig& rig, const std::vector<std::string>& arguments) {
    const auto said = ::geteuid() == 0 ? rig.run(arguments, true) : Said{127, {}, {}};
    if (said.code == 127) MESSAGE("not tested: only root can try what another user may do, and only with a program others may execute");
    return said;
}

TEST_CASE("who may not read the database or write to the spool is told whom to ask") {
    Rig rig;
    rig.start();
    CHECK(rig.stop() == Ended{0, 0});
    const auto manifest = media("manifest.yaml").string();
    fs::permissions(rig.folder() / "state", fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec);
    fs::permissions(rig.spool() / "incoming", fs::perms::owner_all | fs::perms::group_all | fs::perms::others_read | fs::perms::others_exec);
    for (const auto& command : std::vector<std::vector<std::string>>{{"jobs"}, {"status"}, {"show", "x"}, {"backup", "copy.db"}}) {
        const auto said = run_as_stranger(rig, command);
        if (said.code == 127) return;
        expect_failure(command.front() + " without permission", said, EX_NOPERM, {"the state directory", (rig.folder() / "state").string(), "group"});
    }
    expect_failure("submit without permission", run_as_stranger(rig, {"submit", manifest}), EX_NOPERM,
                   {"you may not drop anything into", (rig.spool() / "incoming").string(), "group"});
    fs::permissions(rig.spool() / "incoming", fs::perms::owner_all);
    expect_failure("submit into a closed folder", run_as_stranger(rig, {"submit", manifest}), EX_NOPERM, {"you may not", "incoming", "group"});
    fs::permissions(rig.config(), fs::perms::owner_all);
    expect_failure("a configuration that may not be read", run_as_stranger(rig, {"jobs"}), EX_NOPERM, {"you may not read the configuration", "group"});
}

TEST_CASE("reading commands say what is not there") {
    Rig rig;
    for (const std::string command : {"jobs", "status"})
        expect_failure(command + " before the first run", rig.run({command}), EX_UNAVAILABLE, {"motionspool.db"});
    expect_failure("submit before the first run", rig.run({"submit", media("manifest.yaml").string()}), EX_UNAVAILABLE, {"incoming", "has the daemon run"});
    rig.start();
    expect_failure("jobs of no batch", rig.run({"jobs", "--batch", "sprung"}), EX_NOINPUT, {"\"sprung\""});
    expect_failure("show of no batch", rig.run({"show", "sprung"}), EX_NOINPUT, {"\"sprung\"", "motionspool jobs"});
    const auto list = orders("spring", 1);
    rig.drop("spring", manifest_of("spring", list));
    wait_until("the batch is there", [&] { return rig.jobs("spring").size() == 1; });
    expect_failure("show of no job", rig.run({"show", "spring/fox"}), EX_NOINPUT, {"\"spring/fox\"", "--batch spring"});
    expect_failure("no such manifest", rig.run({"submit", "nowhere.yaml"}), EX_NOINPUT, {"nowhere.yaml", "No such file"});
    expect_failure("no such manifest to check", rig.run({"check", "nowhere.yaml"}), EX_NOINPUT, {"nowhere.yaml", "No such file"});
    expect_failure("a folder without a manifest", rig.run({"check", rig.output().string()}), EX_NOINPUT, {rig.output().string(), "manifest"});
    test::write_file(rig.folder() / "manifest.yaml", "version: 1\njobs:\n  - image: fox.png\n    motion: wave.mp4\n");
    expect_failure("media that are not there", rig.run({"check", (rig.folder() / "manifest.yaml").string()}), EX_DATAERR,
                   {"manifest.yaml:3:12: error: \"fox.png\" is not there", "manifest.yaml:4:13: error: \"wave.mp4\" is not there"}, 2);
    expect_failure("submit of the same", rig.run({"submit", (rig.folder() / "manifest.yaml").string()}), EX_DATAERR,
                   {"manifest.yaml:3:12: error: ", "nothing was submitted"}, 3);
}

TEST_CASE("two daemons do not share a state directory, nor a spool") {
    Rig rig;
    rig.start();
    expect_failure("a second daemon", rig.run({"run"}), EX_TEMPFAIL, {"process " + std::to_string(rig.daemon().pid()), "/state"});
    CHECK(rig.stop() == Ended{0, 0});
    expect_failure("another's spool", run_altered(rig, "/state}", "/state2}"), EX_CONFIG,
                   {"/spool", "belongs to the instance \"test\" (state directory " + (rig.folder() / "state").string() + ")", "run --take-over"});
}

TEST_CASE("a port that is taken is named") {
    const Rig rig;
    const auto address = rig.url().substr(std::string{"http://"}.size());
    expect_failure("simulate on a port in use", rig.run_bare({"simulate", "--listen", address}), EX_UNAVAILABLE, {address, "in use"});
}

/// Drops a batch that cannot be sent, and waits until `status` says why.
json::object await_trouble(const Rig& rig) {
    rig.drop("waiting", manifest_of("waiting", orders("waiting", 4)));
    json::object status;
    const auto waits = [&] {
        status = json::parse(rig.run({"status", "--json"}).out).as_object();
        return rig.jobs().size() == 4 && !status.at("waits").is_null();
    };
    wait_until("the daemon says that it waits", waits);
    return status.at("waits").as_object();
}

/// All in one look: now and then one of them is tried.
void wait_until_all_wait_for_the_provider(const Rig& rig) {
    wait_until("all jobs wait for the provider", [&] {
        const auto jobs = rig.jobs();
        return std::ranges::all_of(jobs, [](const json::value& job) { return text_at(job.as_object(), "waiting_for") == "provider"; });
    });
}

TEST_CASE("a wrong key makes the daemon wait, and jobs and status say for what") {
    Rig rig{{.simulator = {{"--key", "the-right-one"}}, .key = "the-wrong-one"}};
    rig.start();
    const auto waits = await_trouble(rig);
    CHECK(text_at(waits, "for") == "provider");
    CHECK(text_at(waits, "text").find("check the") != std::string::npos);
    wait_until_all_wait_for_the_provider(rig);
    CHECK(rig.daemon().running());
    CHECK(rig.log().find("the-wrong-one") == std::string::npos);
    MESSAGE("a wrong key → status: " << rig.run({"status"}).out);
}

TEST_CASE("a provider that cannot be reached makes the daemon wait, and jobs and status say for what") {
    for (const std::string key : {"upload_url", "api_url"}) {
        CAPTURE(key);
        Rig rig;
        const auto text = test::read_file(rig.config());
        const auto at = text.find(key + ": \"" + rig.url());
        REQUIRE(at != std::string::npos);
        test::write_file(rig.config(), text.substr(0, at) + key + ": \"http://127.0.0.1:1" + text.substr(at + key.size() + 3 + rig.url().size()));
        rig.start();
        const auto waits = await_trouble(rig);
        CHECK(text_at(waits, "for") == "provider");
        CHECK(text_at(waits, "text").find("127.0.0.1:1: connection refused") != std::string::npos);
        wait_until_all_wait_for_the_provider(rig);
        CHECK(rig.journal().creations().empty());
        MESSAGE("unreachable " << key << " → status: " << text_at(waits, "text"));
    }
}

TEST_CASE("a spool that is not mounted is waited for, and work goes on when it is back") {
    Rig rig;
    rig.start();
    CHECK(rig.stop() == Ended{0, 0});
    fs::rename(rig.spool(), rig.folder() / "unmounted");
    fs::create_directory(rig.spool());
    rig.launch();
    wait_until("the daemon says so", [&] { return rig.log().find("is it not mounted?") != std::string::npos; });
    CHECK(rig.daemon().running());
    CHECK(fs::is_empty(rig.spool()));
    const auto before = rig.log().size();
    fs::remove(rig.spool());
    fs::rename(rig.folder() / "unmounted", rig.spool());
    wait_until("it is ready", [&] { return rig.log().find(" ready: ", before) != std::string::npos; });
    const auto list = orders("after", 2);
    rig.drop("after", manifest_of("after", list));
    rig.wait_until_settled(2);
    CHECK(compare_histories(rig, list).done == 2);
}

TEST_CASE("what makes folders the daemon's is refused to root where they belong to another user, with the command for that one") {
    if (::geteuid() != 0) {
        MESSAGE("not tested: only root can");
        return;
    }
    Rig rig;
    REQUIRE(::chown((rig.folder() / "state").c_str(), 65534, 65534) == 0);
    for (const std::string flag : {"--take-over", "--new-state"})
        expect_failure("run " + flag + " as root", rig.run({"run", flag}), EX_NOPERM,
                       {"lock that user out", "runuser -u ", " -- motionspool run " + flag + " --config " + rig.config().string()});
    CHECK(fs::is_empty(rig.folder() / "state"));
}

}  // namespace
}  // namespace motionspool::whole
