#include "app/witness.hpp"
#include <doctest/doctest.h>
#include "app/service.hpp"
#include "support/dying.hpp"
#include "support/temp_folder.hpp"

// The money side-file: written before the first byte of a paid request, and newer than a database that was put back.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;

fs::path state_of(World& world) { return world.settings.config.state.directory; }
fs::path here(World& world) { return state_of(world) / "motionspool.money"; }
fs::path there(World& world) { return world.output(".motionspool-unnamed.money"); }

std::int64_t highest_in(const fs::path& path) {
    const auto read = system::read_witness(path);
    REQUIRE(read.has_value());
    REQUIRE(read->has_value());
    return (*read)->highest;
}

/// What a backup of the database is to these tests: the files as they lie, while no process has them.
void save_database(World& world, const fs::path& to) {
    world.stop();
    fs::create_directories(to);
    for (const auto* name : {"motionspool.db", "motionspool.db-wal"}) {
        if (fs::exists(state_of(world) / name)) fs::copy_file(state_of(world) / name, to / name, fs::copy_options::overwrite_existing);
    }
}
void put_database_back(World& world, const fs::path& from) {
    for (const auto* name : {"motionspool.db", "motionspool.db-wal", "motionspool.db-shm"}) {
        fs::remove(state_of(world) / name);
        if (fs::exists(from / name)) fs::copy_file(from / name, state_of(world) / name);
    }
}

/// createTask alone: so long that the rate needs hundreds of submissions at once.
void answers_take(World& world, milliseconds time) {
    world.provider.fault = [&world, time](const Call& call) {
        world.provider.one_way = call.where == Where::create ? time : 20ms;
        return Fault::none;
    };
}

/// What an earlier version left: 126 places.
std::string read_small_witness() {
    const TempFolder folder;
    REQUIRE(system::replace_witness(folder.path() / "money", {"unnamed", 0, {}}).has_value());
    return read_file(folder.path() / "money").substr(0, 65'536);
}

/// What readers are told of the next start while no process runs.
std::optional<std::string> ahead(World& world) {
    asio::io_context io;
    auto database = store::open_for_reading(state_of(world) / "motionspool.db");
    REQUIRE(database.has_value());
    store::Store store{io.get_executor(), std::move(*database), [] { return std::chrono::nanoseconds{0}; }};
    return app::quarantine_ahead(world.settings.config, store);
}

bool waits_for_quarantine(World& world) {
    for (const auto& job : world.jobs()) {
        if (job.state == domain::JobState::queued) return world.store().notes.fact("quarantine").has_value();
    }
    return false;
}

/// Three jobs whose database is of before the second and third were submitted.
void live_through_a_restore(World& world, const fs::path& backup) {
    world.settings.config.limits.submissions = domain::Rate{1, 60s};
    world.provider.places = 1;
    world.start();
    world.drop("batch", 3);
    REQUIRE(world.run_until(1h, [&] { return world.provider.tasks.size() == 1; }));
    world.run_for(2s);
    save_database(world, backup);
    world.restart();
    REQUIRE(world.run_until(1h, [&] { return world.provider.tasks.size() == 3; }));
    world.run_for(2s);
    world.stop();
    put_database_back(world, backup);
}

}  // namespace

TEST_CASE("the witness knows a submission before its first byte leaves, in both places") {
    World world;
    int asked = 0;
    world.provider.fault = [&](const Call& call) {
        if (call.where != Where::create) return Fault::none;
        asked++;
        CHECK(highest_in(here(world)) == asked);
        CHECK(highest_in(there(world)) == asked);
        return Fault::none;
    };
    world.settings.config.limits.submissions = domain::Rate{1, 2s};
    world.start();
    world.drop("batch", 3);
    REQUIRE(world.rest(1h));
    CHECK(asked == 3);
    CHECK(world.broken_promises() == "");
}

TEST_CASE("wherever the process ends, the next one never mistakes its own database for an old one") {
    const auto play = [](World& world) {
        world.start();
        world.drop("batch", 2);
        REQUIRE(world.rest(24h));
    };
    die_at_every_commit(play, [](World& world) { CHECK_FALSE(world.store().notes.fact("quarantine").has_value()); });
}

TEST_CASE("nothing is sent while the witness cannot be written, and work goes on by itself once it can") {
    World world;
    fs::create_directory(here(world));
    world.start();
    CHECK_FALSE(world.store().notes.fact("quarantine").has_value());  // it may be read again in a moment
    world.drop("batch", 2);
    world.run_for(10min);
    CHECK(world.provider.tasks.empty());
    CHECK(world.provider.arrivals.empty());
    CHECK(world.in_state("queued") == 2);
    const auto lane = world.store().notes.lane();
    REQUIRE(lane.has_value());
    CHECK(lane->why == "provider");
    CHECK(lane->text.find("motionspool.money") != std::string::npos);
    CHECK(lane->text.find("cannot be reached") == std::string::npos);
    fs::remove(here(world));
    REQUIRE(world.rest(1h));
    CHECK(world.in_state("done") == 2);
    CHECK(world.broken_promises() == "");
}

TEST_CASE("a witness that could not be read at start and then tells of more than the database knows stops submissions") {
    World world;
    const TempFolder aside;
    live_through_a_restore(world, aside.path());
    fs::copy_file(here(world), aside / "money");
    fs::remove(here(world));
    write_file(there(world), "scribble");
    fs::create_directory(here(world));
    world.restart();
    world.run_for(30min);
    CHECK(world.store().attempts.highest() == AttemptId{1});  // a number that is used up could hide what is missing
    fs::remove(here(world));
    fs::copy_file(aside / "money", here(world));
    world.run_for(30min);
    CHECK(world.provider.tasks.size() == 3);
    CHECK(waits_for_quarantine(world));
    world.restart();
    CHECK(waits_for_quarantine(world));
}

TEST_CASE("without the second witness work goes on") {
    World world;
    fs::create_directory(there(world));
    world.start();
    world.drop("batch", 2);
    REQUIRE(world.rest(1h));
    CHECK(world.in_state("done") == 2);
    CHECK(highest_in(here(world)) == 2);
}

TEST_CASE("a database put back from before submissions: nothing is submitted, what it knows is followed, until a person ends the quarantine") {
    World world;
    const TempFolder backup;
    live_through_a_restore(world, backup.path());
    const auto told = ahead(world);
    REQUIRE(told.has_value());
    world.restart();
    CHECK(world.store().notes.fact("quarantine") == told);
    world.run_for(30min);
    CHECK(world.provider.tasks.size() == 3);
    CHECK(world.in_state("done") == 1);
    CHECK(world.in_state("queued") == 2);
    CHECK(waits_for_quarantine(world));
    world.restart();  // it lasts
    world.run_for(30min);
    CHECK(world.provider.tasks.size() == 3);

    const auto shown = world.service().quarantine().show();
    CHECK(shown.find("batch/job-2") != std::string::npos);
    CHECK(shown.find("batch/job-3") != std::string::npos);
    CHECK(shown.find("up to number 3") != std::string::npos);
    CHECK(shown.find("only up to 1") != std::string::npos);
    const auto said = world.service().quarantine().end();
    REQUIRE(said.has_value());
    CHECK(said->find("2 jobs") != std::string::npos);
    CHECK_FALSE(world.service().quarantine().end().has_value());
    REQUIRE(world.run_until(1h, [&] { return world.in_state("done") == 3; }));
    CHECK(world.provider.tasks.size() == 5);
    CHECK(world.store().attempts.highest() == AttemptId{5});  // numbers 2 and 3 belong to what was forgotten
    CHECK_FALSE(world.store().attempts.get(AttemptId{3}).has_value());
    world.restart();
    CHECK_FALSE(world.store().notes.fact("quarantine").has_value());
}

TEST_CASE("the witness in the output folder alone finds a whole state directory set back") {
    World world;
    const TempFolder backup;
    live_through_a_restore(world, backup.path());
    fs::remove(here(world));
    const auto told = ahead(world);
    REQUIRE(told.has_value());
    world.restart();
    CHECK(world.store().notes.fact("quarantine") == told);
    world.run_for(10min);
    CHECK(world.provider.tasks.size() == 3);
    CHECK(waits_for_quarantine(world));
}

TEST_CASE("a damaged witness is made anew if the other one vouches for the database, else it is a quarantine") {
    for (const bool other : {true, false}) {
        CAPTURE(other);
        World world;
        world.start();
        world.drop("first", 1);
        REQUIRE(world.rest(1h));
        world.stop();
        write_file(here(world), "nonsense");
        if (!other) fs::remove(there(world));
        const auto told = ahead(world);
        world.restart();
        CHECK(world.store().notes.fact("quarantine") == told);
        CHECK(world.store().notes.fact("quarantine").has_value() != other);
        world.drop("second", 1);
        world.run_for(10min);
        CHECK(world.in_state("done") == (other ? 2 : 1));
        if (other) CHECK(highest_in(here(world)) == 2);
    }
}

TEST_CASE("another database in a state directory that has submitted is a quarantine") {
    World world;
    world.start();
    world.drop("first", 1);
    REQUIRE(world.rest(1h));
    world.store().notes.set_fact("state_id", "fresh");
    world.store().commits.commit();
    world.stop();
    const auto told = ahead(world);
    world.takes_over = true;  // the output folder was never used by that one
    world.restart();
    const auto reason = world.store().notes.fact("quarantine");
    REQUIRE(reason.has_value());
    CHECK(reason == told);
    CHECK(reason->find("another database") != std::string::npos);
    REQUIRE(world.service().quarantine().end().has_value());
    world.drop("second", 1);
    REQUIRE(world.rest(1h));
    CHECK(world.in_state("done") == 2);
    const auto read = system::read_witness(here(world));
    REQUIRE(read.has_value());
    CHECK((*read)->state == "fresh");
}

TEST_CASE("a task whose answer cannot be recorded is kept by the witness and adopted at the next start") {
    World world;
    bool refuses = false;
    world.provider.fault = [&](const Call& call) {
        if (call.where == Where::create) refuses = true;  // from its answer on
        return Fault::none;
    };
    world.commit_fails = [&](std::size_t) { return refuses && world.lives == 1; };
    world.start();
    world.drop("batch", 1);
    REQUIRE(world.run_until(1h, [&] { return !world.up(); }) == false);
    REQUIRE(world.provider.tasks.size() == 1);
    const auto read = system::read_witness(here(world));
    REQUIRE(read.has_value());
    REQUIRE((*read)->tasks.size() == 1);
    CHECK((*read)->tasks[0] == system::WitnessTask{1, world.provider.tasks[0].id});
    REQUIRE(world.rest(1h));
    CHECK(world.lives == 2);
    CHECK(world.in_state("done") == 1);
    CHECK(world.provider.tasks.size() == 1);
    CHECK(world.broken_promises() == "");
    CHECK((*system::read_witness(here(world)))->tasks.empty());
}

TEST_CASE("a task that the witness keeps outlives a start on a database that knows nothing of its submission, and the end of its quarantine") {
    World world;
    const TempFolder old, right;
    world.start();
    world.run_for(1s);
    save_database(world, old.path());
    bool refuses = false;
    world.provider.fault = [&](const Call& call) {
        if (call.where == Where::create) refuses = true;  // from its answer on
        return Fault::none;
    };
    world.commit_fails = [&](std::size_t) { return refuses && world.lives == 2; };
    world.restart();
    world.drop("batch", 1);
    REQUIRE(world.run_until(1h, [&] { return !world.up(); }) == false);
    save_database(world, right.path());
    put_database_back(world, old.path());
    world.restart();
    world.run_for(1min);
    CHECK(world.store().notes.fact("quarantine").has_value());
    CHECK((*system::read_witness(here(world)))->tasks.size() == 1);
    REQUIRE(world.service().quarantine().end().has_value());  // by a person who did not know better
    world.run_for(1min);
    for (const auto& path : {here(world), there(world)}) CHECK((*system::read_witness(path))->tasks.size() == 1);
    world.stop();
    put_database_back(world, right.path());
    world.restart();
    REQUIRE(world.run_until(1h, [&] { return world.in_state("done") == 1; }));
    CHECK(world.provider.tasks.size() == 1);
    CHECK((*system::read_witness(here(world)))->tasks.empty());
}

TEST_CASE("200 submissions are unanswered when the disk refuses every commit: all 200 tasks are kept, and adopted at the next start") {
    World world;
    world.watch_output = false;
    world.settings.config.limits.submissions = domain::Rate{400, 10s};
    world.settings.config.limits.running.reset();
    world.provider.places = 400;
    answers_take(world, 30s);
    bool refuses = false;
    world.commit_fails = [&](std::size_t) { return refuses && world.lives == 1; };
    world.start();
    world.drop("batch", 300);
    REQUIRE(world.run_until(1h, [&] { return world.service().unanswered() >= 200; }));
    const auto unanswered = world.service().unanswered();
    refuses = true;
    CHECK_FALSE(world.run_until(10min, [&] { return !world.up(); }));
    const auto kept = system::read_witness(here(world));
    REQUIRE(kept.has_value());
    CHECK((*kept)->tasks.size() >= 200);
    CHECK(system::read_witness(there(world)).value()->tasks == (*kept)->tasks);
    MESSAGE(unanswered << " unanswered, " << (*kept)->tasks.size() << " kept");
    refuses = false;
    REQUIRE(world.rest(3h));
    CHECK(world.lives == 2);
    CHECK(world.in_state("done") == 300);
    CHECK(world.in_state("uncertain") == 0);
    CHECK(world.provider.tasks.size() == 300);
    CHECK(world.broken_promises() == "");
    CHECK((*system::read_witness(here(world)))->tasks.empty());
}

TEST_CASE("never more submissions are unanswered than the money side-file has places for, an older one's included") {
    for (const bool small : {false, true}) {
        CAPTURE(small);
        World world;
        world.watch_output = false;
        world.settings.config.limits.submissions = domain::Rate{900, 10s};
        world.settings.config.limits.running.reset();
        world.provider.places = 900;
        answers_take(world, 160s);
        if (small) {  // and what lies in its way stays there
            write_file(here(world), read_small_witness());
            fs::create_directory(state_of(world) / ".motionspool.money.tmp");
        }
        world.start();
        world.drop("batch", 700);
        std::size_t most = 0;
        (void)world.run_until(9min, [&] {
            most = std::max(most, world.service().unanswered());
            return false;
        });
        CHECK(most == (small ? 126 : 510));
    }
}

}  // namespace motionspool::test
