#include <doctest/doctest.h>
#include <sysexits.h>
#include "whole/work.hpp"

// What becomes of the daemon when the spool is not there, is another one, or is somebody else's.
namespace motionspool::whole {
namespace {
namespace fs = std::filesystem;

/// The configuration with another state directory.
fs::path of_another(const Rig& rig) {
    auto text = test::read_file(rig.config());
    const std::string state = "/state}";
    text.replace(text.find(state), state.size(), "/state2}");
    test::write_file(rig.folder() / "another.yaml", text);
    fs::create_directory(rig.folder() / "state2");
    return rig.folder() / "another.yaml";
}

void work_goes_on(Rig& rig, const std::string& name) {
    const auto list = orders(name, 2);
    rig.drop(name, manifest_of(name, list));
    wait_until(name + " is done", [&] {
        std::size_t done = 0;
        for (const auto& job : rig.jobs(name)) done += text_at(job.as_object(), "state") == "done" ? 1 : 0;
        return done == 2;
    });
}

std::size_t times_ready(const Rig& rig) {
    const auto log = rig.log();
    std::size_t count = 0;
    for (auto at = log.find(" ready: "); at != std::string::npos; at = log.find(" ready: ", at + 1)) count++;
    return count;
}

TEST_CASE("a running daemon survives a spool that goes and comes back, an incoming/ that is removed, and a copy in the spool's place") {
    Rig rig;
    rig.start();
    work_goes_on(rig, "before");

    fs::rename(rig.spool(), rig.folder() / "unmounted");
    wait_until("the daemon says so", [&] { return rig.log().find("is gone; is it not mounted?") != std::string::npos; });
    wait_until("status says so", [&] { return rig.run({"status"}).out.find("the spool " + rig.spool().string() + " is gone since 20") != std::string::npos; });
    CHECK(rig.run({"status", "--json"}).out.find(R"("spool_lost":{"directory":)") != std::string::npos);
    fs::rename(rig.folder() / "unmounted", rig.spool());
    work_goes_on(rig, "after");
    CHECK(times_ready(rig) == 1);
    CHECK(rig.run({"status", "--json"}).out.find(R"("spool_lost":null)") != std::string::npos);

    fs::remove_all(rig.spool() / "incoming");
    wait_until("incoming/ is made anew", [&] { return times_ready(rig) == 2 && fs::exists(rig.spool() / "incoming"); });
    work_goes_on(rig, "anew");

    rig.daemon().send(SIGSTOP);  // a report of "anew" may be half written: its hidden name would be gone when it is to be copied
    fs::rename(rig.spool(), rig.folder() / "old");
    fs::copy(rig.folder() / "old", rig.spool(), fs::copy_options::recursive);
    rig.daemon().send(SIGCONT);
    wait_until("the copy is taken up", [&] { return times_ready(rig) == 3; });
    work_goes_on(rig, "copied");
    CHECK(rig.stop() == Ended{0, 0});
}

TEST_CASE("a spool is not taken over from a daemon that runs; from one that does not it is, and that one is told at its next start") {
    Rig rig;
    rig.start();
    const auto config = of_another(rig);
    const auto refused = rig.run_bare({"run", "--config", config.string()}, {{"KIE_API_KEY", "key"}});
    CHECK(refused.code == EX_CONFIG);
    CHECK(refused.err.find("run --take-over") != std::string::npos);
    const auto running = rig.run_bare({"run", "--take-over", "--config", config.string()}, {{"KIE_API_KEY", "key"}});
    CHECK(running.code == EX_TEMPFAIL);  // not from a daemon that runs
    CHECK(running.err.find("process " + std::to_string(rig.daemon().pid())) != std::string::npos);
    CHECK(rig.stop() == Ended{0, 0});
    Process other{{{MOTIONSPOOL_PROGRAM, "run", "--take-over", "--config", config.string()},
                   {{"KIE_API_KEY", "key"}},
                   rig.folder() / "other.log",
                   rig.folder() / "other.log"}};
    const auto list = orders("theirs", 1);
    rig.drop("theirs", manifest_of("theirs", list));
    wait_until("the other one takes the drop", [&] { return fs::exists(rig.spool() / "accepted/theirs") || fs::exists(rig.spool() / "finished/theirs"); });
    other.send(SIGTERM);
    CHECK(other.wait_for(patience) == Ended{0, 0});
    const auto back = rig.run({"run"});
    CHECK(back.code == EX_CONFIG);
    CHECK(back.err.find("belongs to the instance") != std::string::npos);
}

TEST_CASE("a spool that is away at the start holds up drops and filing, and nothing else") {
    Rig rig;
    rig.start();
    rig.hold_tasks();
    rig.drop("early", manifest_of("early", orders("early", 2)));
    wait_until("both are paid for", [&] { return rig.states()["running"] == 2; });
    CHECK(rig.stop() == Ended{0, 0});
    fs::rename(rig.spool(), rig.folder() / "unmounted");
    rig.release_tasks();
    rig.launch();
    wait_until("what was paid for is delivered", [&] { return rig.states()["done"] == 2; });
    CHECK(rig.log().find("the spool " + rig.spool().string() + " is gone; is it not mounted?") != std::string::npos);
    CHECK(rig.run({"pause"}).code == 0);
    CHECK(rig.run({"resume"}).code == 0);
    CHECK_FALSE(fs::exists(rig.spool()));
    CHECK_FALSE(fs::exists(rig.folder() / "unmounted/finished/early"));
    fs::rename(rig.folder() / "unmounted", rig.spool());
    wait_until("its batch is filed", [&] { return fs::exists(rig.spool() / "finished/early.report.json"); });
    work_goes_on(rig, "after");
    CHECK(rig.stop() == Ended{0, 0});
}

TEST_CASE("a spool that is gone for good is begun anew by --take-over, and not by itself") {
    Rig rig;
    rig.start();
    CHECK(rig.stop() == Ended{0, 0});
    fs::remove_all(rig.spool());
    CHECK(rig.run({"status"}).out.find(" is gone; is it not mounted?") != std::string::npos);
    rig.launch();
    wait_until("the daemon waits", [&] { return rig.log().find("start once with: motionspool run --take-over") != std::string::npos; });
    CHECK_FALSE(fs::exists(rig.spool() / "incoming"));
    CHECK(rig.stop() == Ended{0, 0});
    auto again = rig.spawn({"run", "--take-over"}, "again");
    wait_until("the spool is there", [&] { return fs::exists(rig.spool() / "incoming"); });
    again.send(SIGTERM);
    CHECK(again.wait_for(patience) == Ended{0, 0});
}

TEST_CASE("who takes over a spool is told of the accepted drops that nobody knows any more") {
    Rig rig;
    rig.write_config({.limits = "running: 0"});
    rig.start();
    rig.drop("theirs", manifest_of("theirs", orders("theirs", 1)));
    rig.wait_until_accepted("theirs");
    CHECK(rig.stop() == Ended{0, 0});
    const auto config = of_another(rig);
    Process other{{{MOTIONSPOOL_PROGRAM, "run", "--take-over", "--config", config.string()},
                   {{"KIE_API_KEY", "key"}},
                   rig.folder() / "other.log",
                   rig.folder() / "other.log"}};
    const auto log = [&] { return fs::exists(rig.folder() / "other.log") ? test::read_file(rig.folder() / "other.log") : std::string{}; };
    wait_until("it is ready", [&] { return log().find(" ready: ") != std::string::npos; });
    CHECK(log().find("was another database's, and one drop is in its accepted/ unknown to this one: theirs.") != std::string::npos);
    other.send(SIGTERM);
    CHECK(other.wait_for(patience) == Ended{0, 0});
}

}  // namespace
}  // namespace motionspool::whole
