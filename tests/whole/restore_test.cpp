#include <doctest/doctest.h>
#include <sysexits.h>
#include "whole/work.hpp"

namespace motionspool::whole {
namespace {
namespace fs = std::filesystem;

std::size_t waiting_for(const Rig& rig, const std::string& what) {
    std::size_t count = 0;
    for (const auto& job : rig.jobs()) count += text_at(job.as_object(), "waiting_for") == what ? 1U : 0U;
    return count;
}

/// A backup of when two of six jobs were running; all six did, since. @pre no more than two may at a time
fs::path live_on_after_a_backup(Rig& rig) {
    rig.hold_tasks();
    rig.start();
    rig.drop("batch", manifest_of("batch", orders("batch", 6)));
    wait_until("two jobs run", [&] { return rig.states()["running"] == 2; });
    const auto file = rig.folder() / "backup.db";
    const auto said = rig.run({"backup", file.string()});
    CHECK_MESSAGE(said.code == 0, said.err);
    CHECK(rig.run({"backup", file.string()}).code == EX_CANTCREAT);
    CHECK(rig.run({"restore", file.string()}).code == EX_TEMPFAIL);
    rig.release_tasks();
    rig.wait_until_settled(6);
    CHECK(rig.stop() == Ended{0, 0});
    return file;
}

TEST_CASE("a backup made while the daemon works is put back: quarantine, nothing is submitted, what was known is delivered") {
    Rig rig{{.limits = "submissions: 1000 per 1s, polls: 1000 per 1s, running: 2"}};
    const auto file = live_on_after_a_backup(rig);
    CHECK(rig.journal().tasks().size() == 6);
    const auto restored = rig.run({"restore", file.string()});
    CHECK_MESSAGE(restored.code == 0, restored.err);
    CHECK(restored.out.find("the next start is in quarantine") != std::string::npos);
    CHECK(restored.out.find("motionspool.db.before-restore-") != std::string::npos);

    rig.start();
    const auto known = [&] {
        const auto states = rig.states();
        return states.contains("done") && states.at("done") == 2 && waiting_for(rig, "quarantine") == 4;
    };
    wait_until("what the backup knew is delivered", known);
    rig.drop("more", manifest_of("more", {order("one", "more one")}));
    wait_until("a drop is taken all the same",
               [&] { return rig.jobs("more").size() == 1 && text_at(rig.jobs("more")[0].as_object(), "waiting_for") == "quarantine"; });
    CHECK(rig.run({"status"}).out.find("quarantine") != std::string::npos);
    CHECK(rig.stop() == Ended{0, 0});
    rig.start();
    CHECK(rig.stop() == Ended{0, 0});
    CHECK(rig.journal().creations().size() == 6);
}

TEST_CASE("a backup after which nothing was submitted is put back and work goes on") {
    Rig rig;
    rig.start();
    rig.drop("batch", manifest_of("batch", orders("batch", 2)));
    rig.wait_until_settled(2);
    const auto file = (rig.folder() / "backup.db").string();
    CHECK(rig.run({"backup", file}).code == 0);
    CHECK(rig.stop() == Ended{0, 0});
    const auto restored = rig.run({"restore", file});
    CHECK(restored.code == 0);
    CHECK(restored.out.find("No submission has been made since") != std::string::npos);
    rig.start();
    rig.drop("more", manifest_of("more", {order("one", "more one")}));
    rig.wait_until_settled(3);
    CHECK(rig.states().at("done") == 3);
    CHECK(rig.stop() == Ended{0, 0});
}

TEST_CASE("a backup of another installation is refused, and changes nothing") {
    Rig one, other;
    for (auto* rig : {&one, &other}) {
        rig->start();
        rig->drop("batch", manifest_of("batch", orders("batch", 1)));
        rig->wait_until_settled(1);
        CHECK(rig->run({"backup", (rig->folder() / "backup.db").string()}).code == 0);
        CHECK(rig->stop() == Ended{0, 0});
    }
    const auto theirs = (other.folder() / "backup.db").string();
    const auto refused = one.run({"restore", theirs});
    CHECK(refused.code == EX_DATAERR);
    CHECK(refused.err.find("is a backup of another installation") != std::string::npos);
    fs::remove(one.folder() / "state" / "motionspool.db");  // the side-file knows it all the same
    CHECK(one.run({"restore", theirs}).code == EX_DATAERR);
    CHECK(one.run({"restore", (one.folder() / "backup.db").string()}).code == 0);
    test::write_file(one.folder() / "state" / "motionspool.db", "nonsense");
    CHECK(one.run({"jobs"}).code == EX_IOERR);
}

TEST_CASE("what is no backup is refused, and changes nothing") {
    Rig rig;
    const auto nonsense = rig.folder() / "nonsense";
    test::write_file(nonsense, "nonsense");
    CHECK(rig.run({"restore", nonsense.string()}).code == EX_DATAERR);
    CHECK(rig.run({"restore", (rig.folder() / "none").string()}).code == EX_NOINPUT);
    CHECK(rig.run({"backup", (rig.folder() / "b.db").string()}).code == EX_UNAVAILABLE);
    CHECK(fs::is_empty(rig.folder() / "state"));
    rig.start();
    CHECK(rig.run({"backup", (rig.folder() / "no" / "b.db").string()}).code == EX_CANTCREAT);
    CHECK(rig.stop() == Ended{0, 0});
}

TEST_CASE("a restore that no side-file can judge says so") {
    Rig rig;
    rig.start();
    const auto backup = (rig.folder() / "backup.db").string();
    REQUIRE(rig.run({"backup", backup}).code == 0);
    rig.drop("batch", manifest_of("batch", orders("batch", 1)));
    rig.wait_until_settled(1);
    CHECK(rig.stop() == Ended{0, 0});
    fs::remove_all(rig.folder() / "state");
    fs::create_directory(rig.folder() / "state");
    fs::rename(rig.output(), rig.folder() / "unmounted");
    const auto said = rig.run({"restore", backup});
    CHECK(said.code == 0);
    CHECK(said.out.find("cannot be told") != std::string::npos);
    CHECK(said.out.find("No submission has been made") == std::string::npos);
}

TEST_CASE("the backup of a database in whose place another one was begun is called that, and put back as the advice says") {
    Rig rig;
    rig.start();
    rig.drop("batch", manifest_of("batch", orders("batch", 1)));
    rig.wait_until_settled(1);
    const auto backup = (rig.folder() / "backup.db").string();
    REQUIRE(rig.run({"backup", backup}).code == 0);
    CHECK(rig.stop() == Ended{0, 0});
    const auto state = rig.folder() / "state";
    fs::remove_all(state);
    {
        auto anew = rig.spawn({"run", "--new-state"}, "anew");
        wait_until("it is ready", [&] { return test::read_file(rig.folder() / "anew.err").find(" ready: ") != std::string::npos; });
        const auto reason = rig.run({"quarantine", "show"}).out;
        CHECK(reason.find("begun anew (run --new-state)") != std::string::npos);
        CHECK(reason.find("start once with") == std::string::npos);
        anew.send(SIGTERM);
        CHECK(anew.wait_for(patience) == Ended{0, 0});
    }
    const auto refused = rig.run({"restore", backup});
    CHECK(refused.code == EX_DATAERR);
    CHECK(refused.err.find("that this output folder was used with before the one in") != std::string::npos);
    CHECK(refused.err.find("another installation") == std::string::npos);
    fs::create_directory(rig.folder() / "aside");
    for (const auto* name : {"motionspool.db", "motionspool.db-wal", "motionspool.db-shm", "motionspool.money"})
        if (fs::exists(state / name)) fs::rename(state / name, rig.folder() / "aside" / name);
    CHECK(rig.run({"restore", backup}).code == 0);
    CHECK(rig.run({"run"}).code == EX_CONFIG);  // the spool is the other one's by now
    auto taking = rig.spawn({"run", "--take-over"}, "taking");
    wait_until("it is ready", [&] { return test::read_file(rig.folder() / "taking.err").find(" ready: ") != std::string::npos; });
    CHECK(rig.states().at("done") == 1);
    CHECK(rig.run({"quarantine", "show"}).out.find("There is no quarantine") != std::string::npos);
    taking.send(SIGTERM);
    CHECK(taking.wait_for(patience) == Ended{0, 0});
}

}  // namespace
}  // namespace motionspool::whole
