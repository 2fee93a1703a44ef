#include <doctest/doctest.h>
#include <sysexits.h>
#include "whole/work.hpp"

// One daemon a spool, an output and a state directory: what is locked is the folder, not a file that can be copied or removed.
namespace motionspool::whole {
namespace {
namespace fs = std::filesystem;

/// The rig's configuration with other folders: every "/NAME" of the pairs becomes "/OTHER".
fs::path config_with(const Rig& rig, const std::string& file, const std::vector<std::pair<std::string, std::string>>& folders) {
    auto text = test::read_file(rig.config());
    for (const auto& [name, other] : folders) {
        for (const auto* end : {",", "}"}) {
            const auto at = text.find("/" + name + end);
            if (at != std::string::npos) text.replace(at + 1, name.size(), other);
        }
        fs::create_directory(rig.folder() / other);
    }
    test::write_file(rig.folder() / file, text);
    return rig.folder() / file;
}

Said run_with(const Rig& rig, const fs::path& config, std::vector<std::string> more = {}) {
    std::vector<std::string> words{"run", "--config", config.string()};
    words.insert(words.end(), more.begin(), more.end());
    return rig.run_bare(words, {{"KIE_API_KEY", "key"}});
}

bool holds(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

/// A queue of `count` jobs that the state directory knows, and nobody has paid for yet.
std::vector<Order> leave_a_queue(Rig& rig, const RigSettings& settings, std::size_t count) {
    auto shut = settings;
    shut.limits = "running: 0";
    rig.write_config(shut);
    rig.start();
    const auto list = orders("foxes", count);
    rig.drop("foxes", manifest_of("foxes", list));
    wait_until("all are queued", [&] { return rig.states()["queued"] == count; });
    CHECK(rig.stop() == Ended{0, 0});
    rig.write_config(settings);
    return list;
}

void expect_all_paid_once(Rig& rig, const std::vector<Order>& list) {
    rig.wait_until_settled(list.size());
    const auto tally = compare_histories(rig, list);
    CHECK(tally.done == list.size());
    CHECK(tally.tasks == list.size());
    CHECK(tally.most_for_one == 1);
    CHECK(tally.files == list.size());
}

TEST_CASE("a daemon on a copy of the state directory is told who runs on the original, whatever else it has of its own; ten jobs are ten tasks") {
    const RigSettings settings;
    Rig rig{settings};
    const auto list = leave_a_queue(rig, settings, 10);
    const std::vector<std::vector<std::pair<std::string, std::string>>> copies{
        {{"state", "s1"}},
        {{"state", "s2"}, {"output", "o2"}},
        {{"state", "s3"}, {"output", "o3"}, {"spool", "p3"}},
        {{"state", "s4"}, {"spool", "p4"}},
    };
    for (const auto& copy : copies) fs::copy(rig.folder() / "state", rig.folder() / copy.front().second, fs::copy_options::recursive);
    rig.start();
    const auto first = std::to_string(rig.daemon().pid());
    for (std::size_t n = 0; n < copies.size(); n++) {
        CAPTURE(n);
        const auto config = config_with(rig, "copy" + std::to_string(n) + ".yaml", copies[n]);
        for (const auto& more : {std::vector<std::string>{}, {"--take-over"}}) {
            const auto said = run_with(rig, config, more);
            CHECK(said.code == EX_TEMPFAIL);
            CHECK(holds(said.err, "instance \"test\""));
            CHECK(holds(said.err, "process " + first));
        }
    }
    expect_all_paid_once(rig, list);
    CHECK(rig.stop() == Ended{0, 0});
    for (std::size_t n = 0; n < copies.size(); n++) {  // the first does not run now, and may at any time
        CAPTURE(n);
        const auto said = run_with(rig, rig.folder() / ("copy" + std::to_string(n) + ".yaml"));
        CHECK(said.code == EX_CONFIG);
        CHECK(holds(said.err, "is a copy of " + (rig.folder() / "state").string()));
        CHECK(holds(said.err, "run --take-over"));
    }
    CHECK(rig.journal().tasks().size() == 10);
}

TEST_CASE("no removed lock lets a second daemon in") {
    const RigSettings settings;
    Rig rig{settings};
    const auto list = leave_a_queue(rig, settings, 10);
    rig.start();
    for (const auto& lock : {rig.folder() / "state/lock", rig.spool() / ".lock", rig.output() / ".motionspool.lock"}) CHECK(fs::remove(lock));
    const auto said = run_with(rig, rig.config());
    CHECK(said.code == EX_TEMPFAIL);
    CHECK(holds(said.err, "process " + std::to_string(rig.daemon().pid())));
    fs::remove_all(rig.folder() / "state/lock");
    fs::create_directory(rig.folder() / "other");
    for (const auto& folders :
         std::vector<std::vector<std::pair<std::string, std::string>>>{{{"state", "n1"}, {"spool", "n2"}}, {{"state", "n1"}, {"output", "n3"}}}) {
        const auto shares = run_with(rig, config_with(rig, "shares.yaml", folders));  // a new installation that shares a folder with this one
        CHECK((shares.code == EX_TEMPFAIL || shares.code == EX_CONFIG));
        CHECK((holds(shares.err, "instance \"test\"") || holds(shares.err, "process " + std::to_string(rig.daemon().pid()))));
    }
    expect_all_paid_once(rig, list);
}

TEST_CASE("a state directory that was moved, and not copied, goes on where it is") {
    const RigSettings settings;
    Rig rig{settings};
    const auto list = leave_a_queue(rig, settings, 3);
    fs::rename(rig.folder() / "state", rig.folder() / "moved");
    auto text = test::read_file(rig.config());
    text.replace(text.find("/state}"), 7, "/moved}");
    test::write_file(rig.config(), text);
    rig.start();
    expect_all_paid_once(rig, list);
}

TEST_CASE("the database is removed under a daemon: nothing more is accepted or paid, that is said, and what it knew is put back") {
    const RigSettings settings;
    Rig rig{settings};
    const auto list = leave_a_queue(rig, settings, 6);
    auto two = settings;
    two.limits = "running: 0";
    rig.write_config(two);
    rig.start();
    for (const auto* name : {"motionspool.db", "motionspool.db-wal", "motionspool.db-shm"}) fs::remove(rig.folder() / "state" / name);
    const auto late = orders("late", 1);
    rig.drop("late", manifest_of("late", late));
    wait_until("the log says so", [&] { return holds(rig.log(), "was removed while the daemon ran"); });
    wait_until("the daemon waits", [&] { return holds(rig.log(), "holds no database"); });
    const auto status = rig.run({"status"});
    CHECK(status.code == EX_UNAVAILABLE);
    CHECK(holds(status.err, "accepts and pays for nothing"));
    const auto at = status.err.find("motionspool restore ");
    REQUIRE(at != std::string::npos);
    const auto end = status.err.find_first_of(";\n", at);
    const auto file = status.err.substr(at + 20, end - at - 20);
    CHECK(rig.daemon().running());
    CHECK(fs::exists(rig.spool() / "incoming/late"));
    CHECK(rig.journal().tasks().empty());
    CHECK_FALSE(fs::exists(rig.folder() / "state/motionspool.db"));
    CHECK(rig.run({"restore", file}).code == 0);  // as the advice says, the daemon waiting
    wait_until("it goes on by itself", [&] { return rig.states()["queued"] == 7; });
    CHECK(rig.stop() == Ended{0, 0});
    rig.write_config(settings);
    rig.start();
    rig.wait_until_settled(7);
    auto all = list;
    all.insert(all.end(), late.begin(), late.end());
    for (std::size_t n = 0; n < all.size(); n++) CHECK(rig.journal().tasks().count(all[n].prompt) == 1);
    CHECK(rig.states()["done"] == 7);
}

TEST_CASE("a daemon whose state directory is not mounted waits, makes nothing, can be stopped, and goes on when it is there") {
    const RigSettings settings;
    Rig rig{settings};
    const auto list = leave_a_queue(rig, settings, 3);
    fs::rename(rig.folder() / "state", rig.folder() / "elsewhere");
    for (const bool mount_point : {false, true}) {
        CAPTURE(mount_point);
        if (mount_point) fs::create_directory(rig.folder() / "state");
        const auto before = rig.log().size();
        rig.launch();
        wait_until("it says so", [&] { return rig.log().find("holds no database", before) != std::string::npos; });
        CHECK(rig.stop() == Ended{0, 0});
        CHECK((mount_point ? fs::is_empty(rig.folder() / "state") : !fs::exists(rig.folder() / "state")));
    }
    rig.launch();
    fs::remove(rig.folder() / "state");
    fs::rename(rig.folder() / "elsewhere", rig.folder() / "state");
    expect_all_paid_once(rig, list);
}

TEST_CASE("state and spool away together: no new beginning in empty mount points, not even with --take-over where the spool names the state") {
    const RigSettings settings;
    Rig rig{settings};
    rig.start();
    const auto list = orders("foxes", 2);
    rig.drop("foxes", manifest_of("foxes", list));
    rig.wait_until_settled(2);
    CHECK(rig.stop() == Ended{0, 0});
    for (const auto* name : {"state", "spool"}) {
        fs::rename(rig.folder() / name, rig.folder() / (std::string{name} + ".disk"));
        fs::create_directory(rig.folder() / name);
    }
    const auto before = rig.log().size();
    rig.launch();
    wait_until("it waits", [&] { return rig.log().find("are state and spool not mounted?", before) != std::string::npos; });
    CHECK(rig.stop() == Ended{0, 0});
    CHECK(fs::is_empty(rig.folder() / "state"));
    CHECK(fs::is_empty(rig.spool()));
    fs::remove(rig.spool());
    fs::rename(rig.folder() / "spool.disk", rig.spool());
    auto taking = rig.spawn({"run", "--take-over"}, "taking");  // meant for something else
    wait_until("it waits all the same", [&] { return holds(test::read_file(rig.folder() / "taking.err"), "holds no database"); });
    taking.send(SIGHUP);
    taking.send(SIGTERM);
    CHECK(taking.wait_for(patience) == Ended{0, 0});
    CHECK(fs::is_empty(rig.folder() / "state"));
    fs::remove(rig.folder() / "state");
    fs::rename(rig.folder() / "state.disk", rig.folder() / "state");
    rig.start();
    CHECK(rig.stop() == Ended{0, 0});
    CHECK(rig.journal().tasks().size() == 2);
}

TEST_CASE("a backup moved over the database of a daemon that works is neither damaged by its log nor paid for twice") {
    const RigSettings settings;
    Rig rig{settings};
    rig.start();
    const auto list = orders("foxes", 4);
    rig.drop("foxes", manifest_of("foxes", list));
    rig.wait_until_accepted("foxes");
    const auto backup = (rig.folder() / "backup.db").string();
    CHECK(rig.run({"backup", backup}).code == 0);
    rig.wait_until_settled(4);
    const auto before = rig.log().size();
    fs::rename(backup, rig.folder() / "state/motionspool.db");
    wait_until("it begins anew", [&] { return rig.log().find(" ready: ", before) != std::string::npos; });
    CHECK(rig.daemon().running());
    CHECK(rig.run({"backup", (rig.folder() / "again.db").string()}).code == 0);
    CHECK(rig.journal().tasks().size() == 4);
    CHECK(rig.stop() == Ended{0, 0});
}

TEST_CASE("what a daemon knew whose database was removed is saved although it is stopped at once") {
    const RigSettings settings;
    Rig rig{settings};
    const auto list = leave_a_queue(rig, settings, 2);
    auto none = settings;
    none.limits = "running: 0";
    rig.write_config(none);
    rig.start();
    for (const auto* name : {"motionspool.db", "motionspool.db-wal", "motionspool.db-shm"}) fs::remove(rig.folder() / "state" / name);
    rig.daemon().send(SIGTERM);
    CHECK(rig.daemon().wait_for(patience).has_value());
    std::size_t saved = 0;
    for (const auto& entry : fs::directory_iterator{rig.folder() / "state"})
        saved += entry.path().filename().string().starts_with("motionspool.db.saved-") ? 1 : 0;
    CHECK(saved == 1);
}

TEST_CASE("a state directory that is gone for good is begun anew by --new-state alone, in quarantine; a removed owner file is put back by --take-over") {
    const RigSettings settings;
    Rig rig{settings};
    rig.start();
    const auto list = orders("foxes", 2);
    rig.drop("foxes", manifest_of("foxes", list));
    rig.wait_until_settled(2);
    CHECK(rig.stop() == Ended{0, 0});
    fs::remove(rig.spool() / ".owner");
    {
        auto taking = rig.spawn({"run", "--take-over"}, "owner");
        wait_until("the owner file is there", [&] { return fs::exists(rig.spool() / ".owner"); });
        wait_until("it is ready", [&] { return holds(test::read_file(rig.folder() / "owner.err"), " ready: "); });
        taking.send(SIGTERM);
        CHECK(taking.wait_for(patience) == Ended{0, 0});
    }
    fs::remove_all(rig.folder() / "state");
    auto anew = rig.spawn({"run", "--new-state"}, "anew");
    wait_until("it is ready", [&] { return holds(test::read_file(rig.folder() / "anew.err"), " ready: "); });
    const auto more = orders("more", 1);
    rig.drop("more", manifest_of("more", more));
    wait_until("it waits for a person", [&] {
        const auto jobs = rig.jobs("more");
        return jobs.size() == 1 && text_at(jobs.front().as_object(), "waiting_for") == "quarantine";
    });
    CHECK(rig.journal().tasks().size() == 2);
    CHECK(holds(rig.run({"quarantine", "show"}).out, "--new-state"));
    anew.send(SIGTERM);
    CHECK(anew.wait_for(patience) == Ended{0, 0});
}

TEST_CASE("a start that is refused leaves no database that was not there") {
    Rig rig;
    test::write_file(rig.spool() / "holidays.txt", "no spool");
    const auto refused = rig.run({"run"});
    CHECK(refused.code == EX_CONFIG);
    for (const auto* name : {"motionspool.db", "motionspool.db-wal", "motionspool.db-shm"}) CHECK_FALSE(fs::exists(rig.folder() / "state" / name));
}

/// `run` with a flag, until it is ready. What it says goes to FLAG.err in the rig's folder.
struct Flagged {
    Flagged(const Rig& rig, const std::string& flag) : file{rig.folder() / (flag + ".err")}, process{rig.spawn({"run", flag}, flag)} {
        wait_until(flag + " is ready", [&] { return holds(test::read_file(file), " ready: "); });
    }
    void stop() {
        process.send(SIGTERM);
        CHECK(process.wait_for(patience) == Ended{0, 0});
    }
    fs::path file;
    Process process;
};

bool waits_in_quarantine(const Rig& rig, const std::string& batch, std::size_t count) {
    std::size_t waiting = 0;
    for (const auto& job : rig.jobs(batch)) waiting += text_at(job.as_object(), "waiting_for") == "quarantine" ? 1 : 0;
    return waiting == count;
}

TEST_CASE("the state directory's new place is not mounted: what a person begins there instead is in quarantine") {
    const RigSettings settings;
    Rig rig{settings};
    rig.start();
    const auto list = orders("foxes", 2);
    rig.drop("foxes", manifest_of("foxes", list));
    rig.wait_until_settled(2);
    CHECK(rig.stop() == Ended{0, 0});
    fs::rename(rig.folder() / "state", rig.folder() / "disk");
    auto text = test::read_file(rig.config());
    text.replace(text.find("/state}"), 7, "/moved}");
    test::write_file(rig.config(), text);
    const auto refused = rig.run({"run"});
    CHECK(refused.code == EX_CONFIG);
    CHECK(holds(refused.err, "motionspool run --take-over"));
    Flagged taking{rig, "--take-over"};
    rig.drop("again", manifest_of("again", list));
    wait_until("a person is waited for", [&] { return waits_in_quarantine(rig, "again", 2); });
    CHECK(holds(rig.run({"quarantine", "show"}).out, "has videos that were paid for from another one"));
    CHECK(rig.journal().tasks().size() == 2);
    taking.stop();
}

TEST_CASE("--new-state takes over nothing where no database is missed") {
    const RigSettings settings;
    Rig rig{settings};
    const auto list = leave_a_queue(rig, settings, 1);
    fs::rename(rig.output(), rig.folder() / "output.disk");
    fs::create_directory(rig.output());
    Flagged anew{rig, "--new-state"};
    CHECK(holds(test::read_file(anew.file), "the output folder " + rig.output().string() + " is away"));
    rig.drop("more", manifest_of("more", orders("more", 1)));
    rig.wait_until_accepted("more");
    CHECK(fs::is_empty(rig.output()));
    CHECK(rig.journal().tasks().empty());
    anew.stop();
}

TEST_CASE("--take-over, meant for the spool while the output folder is not mounted, lets no old database pay again") {
    const RigSettings settings;
    Rig rig{settings};
    const auto list = leave_a_queue(rig, settings, 3);
    fs::copy(rig.folder() / "state", rig.folder() / "old", fs::copy_options::recursive);
    rig.start();
    expect_all_paid_once(rig, list);
    CHECK(rig.stop() == Ended{0, 0});
    fs::remove_all(rig.folder() / "state");
    fs::rename(rig.folder() / "old", rig.folder() / "state");
    fs::remove(rig.spool() / ".owner");
    fs::rename(rig.output(), rig.folder() / "output.disk");
    Flagged taking{rig, "--take-over"};
    wait_until("a person is waited for", [&] { return waits_in_quarantine(rig, "foxes", 3); });
    CHECK(holds(rig.run({"quarantine", "show"}).out, "run --take-over was needed for the spool"));
    CHECK(rig.journal().tasks().size() == 3);
    taking.stop();
}

TEST_CASE("the original of a copy that goes on instead pays for nothing when it is started again; one that cannot be told of it keeps the copy from going on") {
    const RigSettings settings;
    Rig rig{settings};
    const auto list = leave_a_queue(rig, settings, 3);
    for (const auto* name : {"state", "output", "spool"}) fs::copy(rig.folder() / name, rig.folder() / (std::string{name} + "2"), fs::copy_options::recursive);
    const auto config = config_with(rig, "copy.yaml", {{"state", "state2"}, {"output", "output2"}, {"spool", "spool2"}});
    const auto money = rig.folder() / "state/motionspool.money";
    fs::remove(money);
    fs::create_directory(money);
    const auto untold = run_with(rig, config, {"--take-over"});
    CHECK(untold.code == EX_CONFIG);
    CHECK(holds(untold.err, "cannot be told that its copy"));
    fs::remove(money);
    Process copy{{{MOTIONSPOOL_PROGRAM, "run", "--take-over", "--config", config.string()}, {{"KIE_API_KEY", "key"}}, rig.folder() / "c", rig.folder() / "c"}};
    wait_until("the copy pays for all", [&] { return rig.journal().tasks().size() == 3; });
    rig.start();
    wait_until("the original waits for a person", [&] { return waits_in_quarantine(rig, "foxes", 3); });
    CHECK(holds(rig.run({"quarantine", "show"}).out, "whose copy was told to go on instead"));
    CHECK(rig.journal().tasks().size() == 3);
    CHECK(rig.stop() == Ended{0, 0});
    copy.send(SIGTERM);
    CHECK(copy.wait_for(patience) == Ended{0, 0});
}

TEST_CASE("a database that is renamed away under a daemon, and a backup copied to its name: the log of the one is not played over the other") {
    const RigSettings settings;
    Rig rig{settings};
    (void)leave_a_queue(rig, settings, 2);
    const auto backup = rig.folder() / "backup.db";
    REQUIRE(rig.run({"backup", backup.string()}).code == 0);
    rig.start();
    rig.wait_until_settled(2);
    rig.drop("more", manifest_of("more", orders("more", 40)));
    rig.wait_until_settled(42);
    const auto before = rig.log().size();
    const auto database = rig.folder() / "state/motionspool.db";
    fs::rename(database, rig.folder() / "state/motionspool.db.old");
    fs::copy_file(backup, database);
    wait_until("it begins anew", [&] { return rig.log().find(" ready: ", before) != std::string::npos; });
    CHECK(holds(rig.log().substr(before), "was replaced while the daemon ran. What it knew is saved as "));
    CHECK(rig.jobs("more").empty());
    CHECK(rig.jobs("foxes").size() == 2);
    CHECK(rig.run({"backup", (rig.folder() / "again.db").string()}).code == 0);
    CHECK(holds(rig.run({"quarantine", "show"}).out, "Quarantine:"));
    CHECK(rig.journal().tasks().size() == 42);
    CHECK(rig.stop() == Ended{0, 0});
}

}  // namespace
}  // namespace motionspool::whole
