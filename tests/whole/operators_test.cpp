#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <boost/json/parse.hpp>
#include "whole/asking.hpp"
#include "whole/work.hpp"

namespace motionspool::whole {
namespace {
namespace fs = std::filesystem;

TEST_CASE("what acts on more than one job says how many and how many credits, and asks for --yes where there is no terminal") {
    RigSettings settings;
    settings.limits = "running: 0";
    Rig rig{settings};
    rig.start();
    const auto list = orders("many", 5);
    rig.drop("many", manifest_of("many", list));
    wait_until_queued(rig, 5);
    const auto refused = rig.run({"cancel", "many"});
    CHECK(refused.code == EX_USAGE);
    CHECK(holds(refused.err, "would cancel 5 jobs, 220 credits; add --yes"));
    const auto dry = rig.run({"cancel", "many", "--dry-run", "--json"});
    CHECK(dry.code == 0);
    const auto answer = json::parse(dry.out).as_object();
    CHECK(answer.at("jobs") == 5);
    CHECK(answer.at("credits") == 220);
    CHECK(rig.states()["queued"] == 5);
    CHECK(rig.run({"cancel", "many/" + list[0].id}).code == 0);
    const auto rest = rig.run({"cancel", "many", "--yes"});
    CHECK(rest.code == 0);
    CHECK(holds(rest.out, "cancelled 4 jobs, 176 credits"));
    CHECK(holds(rest.out, "1 job is left alone: it has ended"));
    CHECK(rig.run({"cancel", "many", "--yes"}).code == 1);
    rig.wait_until_settled(5);
    CHECK(rig.states()["cancelled"] == 5);
    CHECK(rig.journal().creations().empty());
    wait_until("the batch is filed", [&] { return fs::exists(rig.spool() / "finished" / "many.report.txt"); });
}

TEST_CASE("show tells that a batch is held, and what lets it go") {
    RigSettings settings;
    settings.limits = "running: 0";
    Rig rig{settings};
    rig.start();
    CHECK(rig.run({"submit", media("manifest.yaml").string()}).code == 0);
    wait_until_queued(rig, 6);
    CHECK(rig.run({"hold", "felt-animals", "--yes"}).code == 0);
    CHECK(holds(rig.run({"show", "felt-animals"}).out, "  held: nothing of it is submitted until `motionspool release felt-animals`\n"));
    CHECK(json::parse(rig.run({"show", "felt-animals", "--json"}).out).as_object().at("held") == true);
}

TEST_CASE("a failed job that is tried again costs one new task, and its batch is filed anew") {
    Rig rig;
    rig.start();
    const std::vector<Order> list{order("good", "again good"), order("bad", "again bad [sim:fail-no-upper-body]"),
                                  order("refused", "again refused [sim:fail-moderation]")};
    rig.drop("again", manifest_of("again", list));
    rig.wait_until_settled(3);
    wait_until("the batch is filed", [&] { return fs::exists(rig.spool() / "finished" / "again.report.txt"); });
    REQUIRE(rig.states()["failed"] == 2);
    CHECK(rig.journal().tasks().size() == 3);
    rig.hold_tasks();
    const auto said = rig.run({"retry", "again"});
    CHECK(said.code == 0);
    CHECK(holds(said.out, "retried 1 job, 44 credits"));
    CHECK(holds(said.out, "--cause moderation"));
    wait_until("the new task is made", [&] { return rig.journal().tasks().size() == 4; });
    wait_until("the batch is open again, and its report gone",
               [&] { return fs::exists(rig.spool() / "accepted" / "again") && !fs::exists(rig.spool() / "finished" / "again.report.txt"); });
    rig.release_tasks();
    rig.wait_until_settled(3);
    wait_until("the batch is filed again",
               [&] { return fs::exists(rig.spool() / "finished" / "again.report.txt") && !fs::exists(rig.spool() / "accepted" / "again"); });
    CHECK(rig.journal().tasks().size() == 4);
    CHECK(rig.journal().tasks().count(list[1].prompt) == 2);
    CHECK(batch_row(rig, "again").at("failed") == 2);
}

TEST_CASE("a job that is discarded while its task runs ends at once; its cost is booked and nothing is delivered") {
    Rig rig;
    rig.hold_tasks();
    rig.start();
    const auto list = orders("late", 2);
    rig.drop("late", manifest_of("late", list));
    wait_until("both run", [&] { return rig.states()["running"] == 2; });
    const auto name = "late/" + list[0].id;
    CHECK(rig.run({"cancel", name}).code == 1);
    CHECK(rig.run({"cancel", "--discard", name}).code == 0);
    CHECK(rig.states()["cancelled"] == 1);
    rig.release_tasks();
    rig.wait_until_settled(2);
    const auto credits = [&] { return json::parse(rig.run({"show", name, "--json"}).out).as_object().at("credits_spent"); };
    wait_until("its cost is booked", [&] { return credits() == 44; });
    CHECK_FALSE(fs::exists(rig.output() / "late" / (list[0].id + ".mp4")));
    CHECK(fs::exists(rig.output() / "late" / (list[1].id + ".mp4")));
    CHECK(rig.journal().tasks().size() == 2);
}

TEST_CASE("without a daemon the acting commands say what to do, and those that read go on working") {
    Rig rig;
    rig.start();
    const auto list = orders("there", 1);
    rig.drop("there", manifest_of("there", list));
    rig.wait_until_settled(1);
    struct stat facts {};
    REQUIRE(::stat((rig.folder() / "control.sock").c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777u) == 0660u);
    CHECK(rig.run({"hold", "nowhere"}).code == EX_NOINPUT);
    CHECK(rig.run({"hold", "there/none"}).code == EX_NOINPUT);
    CHECK(rig.run({"hold", "a/b/c"}).code == EX_USAGE);
    CHECK(rig.run({"hold"}).code == EX_USAGE);
    CHECK(rig.run({"set", "there", "priority=5"}).code == 1);
    CHECK(rig.stop() == Ended{0, 0});
    CHECK_FALSE(fs::exists(rig.folder() / "control.sock"));
    for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
             {"hold", "there"}, {"release", "there"}, {"cancel", "there"}, {"retry", "there"}, {"set", "there", "priority=5"}, {"pause"}, {"resume"}}) {
        const auto said = rig.run(command);
        CAPTURE(command.front());
        CHECK(said.code == EX_UNAVAILABLE);
        CHECK(holds(said.err, "the daemon does not run"));
    }
    CHECK(holds(rig.run({"why", "there/" + list[0].id}).out, "is done: delivered"));
    CHECK(holds(rig.run({"batches"}).out, "there  ended  1     0       0          0          0        0        44     0"));
    CHECK(rig.run({"why", "there"}).code == EX_USAGE);
    CHECK(rig.run({"why", "there/none"}).code == EX_NOINPUT);
}

TEST_CASE("a daemon whose control socket cannot be made says so once and works") {
    Rig rig;
    auto text = test::read_file(rig.config());
    const auto at = text.find("/control.sock");
    text.replace(at, 13, "/none/control.sock");
    test::write_file(rig.config(), text);
    rig.start();
    CHECK(holds(rig.log(), "the other acting commands do not work"));
    const auto list = orders("still", 1);
    rig.drop("still", manifest_of("still", list));
    rig.wait_until_settled(1);
    const auto said = rig.run({"pause"});
    CHECK(said.code == EX_UNAVAILABLE);
    CHECK(holds(said.err, "does not answer at its control socket"));
}

TEST_CASE("status counts what jobs wait for, tells the account and the day's budget, and a pause with nothing queued") {
    Rig rig;
    auto text = test::read_file(rig.config());
    const std::string usual = "credits: {ask_above: none}";
    text.replace(text.find(usual), usual.size(), "credits: {ask_above: none, per_day: 100, keep_balance: 5}");
    test::write_file(rig.config(), text);
    rig.start();
    CHECK(rig.run({"pause", "--reason", "stocktaking"}).code == 0);
    CHECK(holds(rig.run({"status"}).out, "submissions wait for pause: nothing is submitted until a person says so (stocktaking)"));
    const auto list = orders("day", 3);
    rig.drop("day", manifest_of("day", list));
    wait_until_queued(rig, 3);
    CHECK(holds(rig.run({"status"}).out, "\nwaiting: 3 for pause\n"));
    CHECK(rig.run({"resume"}).code == 0);
    wait_until("two are done", [&] { return rig.states()["done"] == 2; });
    const auto said = rig.run({"status"}).out;
    CHECK(holds(said, "\nwaiting: 1 for budget\n"));
    CHECK(holds(said, ": 88 credits spent, 0 reserved of 100 (credits.per_day)\n"));
    CHECK(holds(said, "the account held "));
    const auto told = json::parse(rig.run({"status", "--json"}).out).as_object();
    CHECK(told.at("waiting").as_object().at("budget") == 1);
    CHECK(told.at("budgets").as_array()[0].as_object().at("limit") == 100);
    std::string waiting_job;
    for (const auto& job : rig.jobs()) {
        if (text_at(job.as_object(), "state") == "queued") waiting_job = "day/" + text_at(job.as_object(), "job");
    }
    CHECK(holds(rig.run({"why", waiting_job}).out, "credits.per_day raises it"));
    CHECK(text_at(why(rig, waiting_job), "until") == text_at(why(rig, waiting_job), "until"));
}

TEST_CASE("what is told of waiting says when the daemon runs with an older configuration; comments make none") {
    Rig rig;
    rig.start();
    const auto text = test::read_file(rig.config());
    test::write_file(rig.config(), text + "# a remark\n");
    CHECK(rig.run({"status"}).err.empty());
    test::write_file(rig.config(), text + "timezone: UTC\n");
    const auto said = rig.run({"status"});
    CHECK(said.code == 0);
    CHECK(holds(said.err, "the daemon runs with an older configuration than " + rig.config().string() + "; restart it"));
    CHECK(rig.stop() == Ended{0, 0});
    CHECK(rig.run({"jobs"}).err.empty());
    rig.start();
    CHECK(rig.run({"status"}).err.empty());
    const auto folder = rig.run_bare({"status", "--config", rig.folder().string()});
    CHECK(folder.code == EX_CONFIG);
    CHECK(holds(folder.err, "is a directory"));
}

TEST_CASE("a command that reaches the daemon of another state directory does nothing and says so") {
    Rig rig;
    rig.start();
    auto text = test::read_file(rig.config());
    const auto state = (rig.folder() / "state").string();
    text.replace(text.find(state), state.size(), (rig.folder() / "other").string());
    test::write_file(rig.folder() / "other.yaml", text);
    const auto said = rig.run_bare({"pause", "--config", (rig.folder() / "other.yaml").string()});
    CHECK(said.code == EX_CONFIG);
    CHECK(holds(said.err, "works with the state directory " + state));
    CHECK(rig.run({"resume"}).out == "nothing was paused\n");
}

TEST_CASE("a killed daemon's socket is in nobody's way") {
    Rig rig;
    rig.start();
    rig.daemon().kill();
    CHECK(fs::exists(rig.folder() / "control.sock"));
    CHECK(rig.run({"pause"}).code == EX_UNAVAILABLE);
    rig.start();
    CHECK(rig.run({"pause"}).code == 0);
}

TEST_CASE("an old database that was put back submits nothing until the quarantine is ended") {
    Rig rig;
    rig.start();
    CHECK(rig.run({"quarantine", "end"}).code == 1);
    CHECK(rig.run({"backup", (rig.folder() / "old.db").string()}).code == 0);
    const auto first = orders("first", 2);
    rig.drop("first", manifest_of("first", first));
    rig.wait_until_settled(2);
    CHECK(rig.stop() == Ended{0, 0});
    CHECK(rig.run({"restore", (rig.folder() / "old.db").string()}).code == 0);
    for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{{"quarantine", "show"}, {"status"}})
        CHECK(holds(rig.run(command).out, "the money side-file"));
    CHECK(holds(rig.run({"quarantine", "show"}).out, "its next start is in quarantine"));
    rig.start();
    const auto second = orders("second", 1);
    rig.drop("second", manifest_of("second", second));
    const auto name = "second/" + second[0].id;
    wait_until("it waits for the quarantine's end", [&] { return rig.states()["queued"] == 1 && text_at(why(rig, name), "waiting_for") == "quarantine"; });
    CHECK(holds(rig.run({"why", name}).out, "`motionspool quarantine show`"));
    CHECK(holds(rig.run({"quarantine", "show"}).out, name));
    CHECK(rig.journal().tasks().size() == 2);
    const auto unasked = rig.run({"quarantine", "end"});
    CHECK(unasked.code == EX_USAGE);
    CHECK(holds(unasked.err, "1 job of this database would be submitted"));
    CHECK(holds(unasked.err, "add --yes"));
    CHECK(holds(rig.run({"quarantine", "end", "--dry-run"}).out, "1 job of this database would be submitted"));
    CHECK(text_at(why(rig, name), "waiting_for") == "quarantine");
    const auto ended = rig.run({"quarantine", "end", "--yes"});
    CHECK(ended.code == 0);
    CHECK(holds(ended.out, "The quarantine is over"));
    wait_until("it is done", [&] { return rig.states()["done"] == 1; });
    CHECK(rig.journal().tasks().size() == 3);
    CHECK(holds(rig.run({"quarantine", "show"}).out, "There is no quarantine"));
}

TEST_CASE("a lost submission is listed with what is needed to find it, and adopted, written off or sent again") {
    Rig rig;
    rig.start();
    CHECK(rig.run({"uncertain", "list"}).out == "no submission is uncertain\n");
    auto list = orders("lossy", 4);
    for (std::size_t n = 0; n < 3; n++) list[n].prompt += " [sim:lost-answer]";
    rig.drop("lossy", manifest_of("lossy", list));
    rig.wait_until_settled(4);
    REQUIRE(rig.states()["uncertain"] == 3);
    const auto said = rig.run({"uncertain", "list"});
    CHECK(said.code == 0);
    const auto first = "lossy/" + list[0].id;
    for (const auto& part :
         {first, list[0].prompt, std::string{"44 credits reserved"}, std::string{"https://kie.ai/logs"}, std::string{"uncertain adopt BATCH/JOB TASK"}})
        CHECK_MESSAGE(holds(said.out, part), part);
    const auto rows = json::parse(rig.run({"uncertain", "list", "--json"}).out);
    REQUIRE(rows.as_array().size() == 3);
    CHECK(rows.as_array()[0].as_object().at("credits_reserved") == 44);
    CHECK(holds(rig.run({"why", first}).out, "44 credits stay reserved"));
    const auto tasks = rig.journal().tasks();
    const auto task_of = [&](const Order& one) { return tasks.find(one.prompt)->second.task; };
    CHECK(rig.run({"uncertain", "adopt", first, task_of(list[3])}).code == 1);
    CHECK(rig.run({"uncertain", "adopt", first, task_of(list[1])}).code == 1);
    CHECK(rig.run({"uncertain", "adopt", "lossy/none", task_of(list[0])}).code == EX_NOINPUT);
    CHECK(rig.run({"uncertain", "adopt", first}).code == EX_USAGE);
    CHECK(rig.run({"uncertain", "adopt", first, ""}).code == EX_USAGE);
    CHECK(rig.run({"uncertain", "adopt", "lossy", task_of(list[0])}).code == EX_USAGE);
    CHECK(rig.run({"uncertain"}).code == EX_USAGE);
    const auto adopted = rig.run({"uncertain", "adopt", first, task_of(list[0])});
    CHECK_MESSAGE(adopted.code == 0, adopted.err);
    CHECK(rig.run({"uncertain", "write-off", "lossy/" + list[1].id}).code == 0);
    CHECK(rig.run({"cancel", "--discard", "lossy/" + list[2].id}).code == 0);
    wait_until("the adopted one is done", [&] { return rig.states()["done"] == 2; });
    CHECK(rig.states()["failed"] == 1);
    const auto left = rig.run({"uncertain", "list"});
    CHECK(holds(left.out, "lossy/" + list[2].id));
    CHECK_FALSE(holds(left.out, first));
    CHECK(rig.journal().tasks().size() == 4);
    const auto skipped = rig.run({"retry", "lossy"});
    CHECK(skipped.code == 1);
    CHECK(holds(skipped.out, "--cause written-off"));
    CHECK(holds(rig.run({"why", "lossy/" + list[1].id}).out, "`motionspool retry lossy/" + list[1].id + " --cause written-off` submits it again"));
    const auto given_up = rig.run({"uncertain", "write-off", "lossy/" + list[2].id});
    CHECK(given_up.code == 0);
    CHECK(holds(given_up.out, "its cost is booked, and nothing is delivered"));
    CHECK(rig.stop() == Ended{0, 0});
    CHECK(rig.run({"uncertain", "write-off", "lossy/" + list[2].id}).code == EX_UNAVAILABLE);
    CHECK(rig.run({"uncertain", "list"}).code == 0);
}

}  // namespace
}  // namespace motionspool::whole
