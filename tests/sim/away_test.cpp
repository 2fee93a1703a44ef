#include <doctest/doctest.h>
#include "app/service.hpp"
#include "app/standing.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_folder.hpp"
#include "support/world.hpp"
#include "system/witness.hpp"

// Folders that go and come back under the service: what is away is waited for, and nothing is made in its place.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;

fs::path state_of(const World& world) { return world.settings.config.state.directory; }
fs::path output_of(const World& world) { return world.settings.config.output.directory; }

/// What lies there that a person would see.
std::size_t names_in(const fs::path& folder) {
    std::size_t names = 0;
    for (const auto& entry : fs::recursive_directory_iterator{folder}) names += entry.path().filename().string().starts_with(".motionspool") ? 0 : 1;
    return names;
}

std::optional<domain::Why> waits_for(World& world, const std::string& name) {
    const auto job = world.job(name);
    const app::Standing standing{world.store(), world.settings.config, world.clock().now(), world.clock().boot(), world.clock().boot_id()};
    const auto blocked = standing.waiting(job);
    if (!blocked) return std::nullopt;
    return blocked->why;
}

/// One way a folder can be away, and how it comes back.
struct Way {
    const char* name;
    std::function<void(const fs::path&)> go, come;
};
fs::path beside(const fs::path& folder) { return folder.string() + ".elsewhere"; }
const Way ways[] = {
    {"renamed", [](const fs::path& folder) { fs::rename(folder, beside(folder)); }, [](const fs::path& folder) { fs::rename(beside(folder), folder); }},
    {"an empty folder in its place",
     [](const fs::path& folder) {
         fs::rename(folder, beside(folder));
         fs::create_directory(folder);
     },
     [](const fs::path& folder) {
         fs::remove(folder);  // fails if anything was put into it
         fs::rename(beside(folder), folder);
     }},
    {"another folder with other things in its place",
     [](const fs::path& folder) {
         fs::rename(folder, beside(folder));
         fs::create_directories(folder / "holidays");
     },
     [](const fs::path& folder) {
         fs::remove(folder / "holidays");
         fs::remove(folder);
         fs::rename(beside(folder), folder);
     }},
    {"a file in its place",
     [](const fs::path& folder) {
         fs::rename(folder, beside(folder));
         write_file(folder, "no folder");
     },
     [](const fs::path& folder) {
         fs::remove(folder);
         fs::rename(beside(folder), folder);
     }},
    {"a dangling link in its place",
     [](const fs::path& folder) {
         fs::rename(folder, beside(folder));
         fs::create_symlink("nowhere", folder);
     },
     [](const fs::path& folder) {
         fs::remove(folder);
         fs::rename(beside(folder), folder);
     }},
};

}  // namespace

TEST_CASE("the output folder goes while tasks run: nothing is done, nothing lies beside, nothing more is paid; back, all is delivered whole") {
    for (const auto& way : ways) {
        CAPTURE(way.name);
        World world;
        world.settings.config.limits.running = 4;
        world.watch_output = false;
        world.start();
        world.drop("foxes", 8);
        REQUIRE(world.run_until(1h, [&] { return world.in_state("running") == 4; }));
        way.go(output_of(world));
        const auto paid = world.provider.tasks.size();
        world.drop("late", 1);  // drops are taken all the same
        world.run_for(2h);
        CHECK(world.up());
        CHECK(world.in_state("done") == 0);
        CHECK(world.in_state("downloading") == 4);
        CHECK(world.provider.tasks.size() == paid);
        CHECK(world.store().batches.all().size() == 2);
        CHECK(waits_for(world, "foxes/job-8") == domain::Why::output);
        CHECK(world.store().notes.fact("output_lost").has_value());
        way.come(output_of(world));  // checks that nothing was made in its place
        REQUIRE(world.rest(4h));
        CHECK(world.in_state("done") == 9);
        CHECK_FALSE(world.store().notes.fact("output_lost").has_value());
        CHECK(world.broken_promises() == "");
    }
}

TEST_CASE("a start with the output folder away takes drops, follows tasks, submits and delivers nothing, and goes on when it is back") {
    for (const auto& way : ways) {
        CAPTURE(way.name);
        World world;
        world.settings.config.limits.running = 2;
        world.watch_output = false;
        world.start();
        world.drop("foxes", 3);
        REQUIRE(world.run_until(1h, [&] { return world.in_state("running") == 2; }));
        world.stop();
        way.go(output_of(world));
        world.restart();
        world.drop("late", 1);
        world.run_for(3h);
        REQUIRE(world.up());
        CHECK(world.provider.tasks.size() == 2);
        CHECK(world.in_state("downloading") == 2);
        CHECK(waits_for(world, "late/job-1") == domain::Why::output);
        way.come(output_of(world));
        REQUIRE(world.rest(4h));
        CHECK(world.in_state("done") == 4);
        CHECK(world.broken_promises() == "");
    }
}

TEST_CASE("a database put back while the output folder is away is found out when that is back, and nothing is paid twice") {
    World world;
    world.settings.config.limits.submissions = domain::Rate{1, 60s};
    const TempFolder aside;
    world.watch_output = false;
    world.start();
    world.drop("foxes", 6);
    REQUIRE(world.run_until(1h, [&] { return world.provider.tasks.size() == 1; }));
    world.run_for(2s);
    world.stop();
    fs::copy(state_of(world), aside / "state", fs::copy_options::recursive);
    world.restart();
    REQUIRE(world.rest(4h));
    REQUIRE(world.in_state("done") == 6);
    world.stop();
    fs::remove_all(state_of(world));
    fs::copy(aside / "state", state_of(world), fs::copy_options::recursive);
    ways[1].go(output_of(world));
    world.restart();
    world.run_for(3h);
    CHECK(world.provider.tasks.size() == 6);
    CHECK_FALSE(world.store().notes.fact("quarantine").has_value());  // nobody could know
    ways[1].come(output_of(world));
    world.run_for(3h);
    CHECK(world.provider.tasks.size() == 6);
    CHECK(world.store().notes.fact("quarantine").has_value());
}

TEST_CASE("an output folder of another name takes over what the one before knows; one that cannot tell needs a person") {
    World world;
    const TempFolder aside;
    world.settings.config.limits.submissions = domain::Rate{1, 60s};
    world.watch_output = false;
    world.start();
    world.drop("foxes", 3);
    REQUIRE(world.run_until(1h, [&] { return world.provider.tasks.size() == 1; }));
    world.run_for(2s);
    world.stop();
    fs::copy(state_of(world), aside / "state", fs::copy_options::recursive);
    const auto first = output_of(world);
    world.settings.config.output.directory = first.string() + "-2";
    SUBCASE("it can be read") {
        world.restart();
        REQUIRE(world.rest(4h));
        CHECK(world.in_state("done") == 3);
        CHECK(names_in(output_of(world)) > 0);
        CHECK(world.provider.tasks.size() == 3);
    }
    SUBCASE("it is gone") {
        fs::remove_all(first);
        CHECK_THROWS_AS(world.restart(), app::OutputUnknown);
        CHECK_FALSE(fs::exists(world.output()));
        world.takes_over = true;
        world.restart();
        REQUIRE(world.rest(4h));
        CHECK(world.in_state("done") == 3);
    }
    SUBCASE("it is newer than a database that was put back") {
        world.settings.config.output.directory = first.string();
        world.restart();
        REQUIRE(world.rest(4h));
        world.stop();
        fs::remove_all(state_of(world));
        fs::copy(aside / "state", state_of(world), fs::copy_options::recursive);
        world.settings.config.output.directory = first.string() + "-2";
        world.restart();
        world.run_for(3h);
        CHECK(world.store().notes.fact("quarantine").has_value());
        CHECK(world.provider.tasks.size() == 3);
    }
    SUBCASE("the new one was used before, and knows more") {
        world.restart();
        REQUIRE(world.rest(4h));
        world.stop();
        fs::remove_all(state_of(world));
        fs::copy(aside / "state", state_of(world), fs::copy_options::recursive);  // names the first, which agrees with it
        world.restart();
        world.run_for(3h);
        CHECK(world.store().notes.fact("quarantine").has_value());
        CHECK(world.provider.tasks.size() == 3);
    }
}

TEST_CASE("a side-file removed from the output folder is made again, and knows what was paid") {
    World world;
    world.settings.config.limits.submissions = domain::Rate{1, 60s};
    world.start();
    world.drop("foxes", 3);
    REQUIRE(world.run_until(1h, [&] { return world.provider.tasks.size() == 1; }));
    const auto marker = world.output(".motionspool-unnamed.money");
    REQUIRE(fs::remove(marker));
    world.run_for(10s);
    REQUIRE(fs::exists(marker));
    CHECK((*system::read_witness(marker))->highest == 1);
    REQUIRE(world.rest(4h));
    CHECK((*system::read_witness(marker))->highest == 3);
    CHECK(world.in_state("done") == 3);
}

TEST_CASE("the state directory goes: nothing is taken, paid or delivered until it is back, and then nothing is lost") {
    for (const auto& way : {ways[0], ways[1], ways[2]}) {
        CAPTURE(way.name);
        World world;
        world.settings.config.limits.running = 2;
        world.watch_output = false;
        world.start();
        world.drop("foxes", 5);
        REQUIRE(world.run_until(1h, [&] { return world.in_state("running") == 2; }));
        way.go(state_of(world));
        world.drop("late", 2);
        world.run_for(2h);
        REQUIRE(world.up());
        CHECK(world.provider.tasks.size() == 2);
        CHECK(world.store().batches.all().size() == 1);
        CHECK(fs::exists(world.spool("incoming/late")));
        CHECK(world.in_state("done") == 0);
        way.come(state_of(world));
        REQUIRE(world.rest(4h));
        CHECK(world.in_state("done") == 7);
        CHECK(world.broken_promises() == "");
    }
}

TEST_CASE("a database that is removed, or its log, or replaced by another, ends the service before anything more is accepted or paid") {
    const std::pair<const char*, std::function<void(const fs::path&)>> ways_to_lose[] = {
        {"removed", [](const fs::path& state) { fs::remove(state / "motionspool.db"); }},
        {"all of them removed",
         [](const fs::path& state) {
             for (const auto* name : {"motionspool.db", "motionspool.db-wal", "motionspool.db-shm"}) fs::remove(state / name);
         }},
        {"the write-ahead log removed", [](const fs::path& state) { fs::remove(state / "motionspool.db-wal"); }},
        {"the folder removed", [](const fs::path& state) { fs::remove_all(state); }},
        {"a copy renamed over it",
         [](const fs::path& state) {
             fs::copy_file(state / "motionspool.db", state / "copy");
             fs::rename(state / "copy", state / "motionspool.db");
         }},
        {"another folder with a database",
         [](const fs::path& state) {
             fs::rename(state, beside(state));
             fs::copy(beside(state), state, fs::copy_options::recursive);
         }},
    };
    for (const auto& way : ways_to_lose) {
        CAPTURE(way.first);
        World world;
        world.settings.config.limits.running = 2;
        world.watch_output = false;
        world.start();
        world.drop("foxes", 5);
        REQUIRE(world.run_until(1h, [&] { return world.in_state("running") == 2; }));
        way.second(state_of(world));
        world.drop("late", 1);
        world.run_for(1h);
        CHECK_FALSE(world.up());
        CHECK(world.ended_by() != "");
        CHECK(world.provider.tasks.size() == 2);
        CHECK(fs::exists(world.spool("incoming/late")));
        const auto removed = world.store().files.look() == store::Whereabouts::removed;
        const auto saved = app::save_database(world.store(), world.settings.config, world.clock().now());
        REQUIRE(saved.has_value());
        if (removed) {  // put back by a person
            world.stop();
            for (const auto* file : {"motionspool.db", "motionspool.db-wal", "motionspool.db-shm"}) fs::remove(state_of(world) / file);
            fs::rename(*saved, state_of(world) / "motionspool.db");
        }
        REQUIRE(world.rest(4h));
        CHECK(world.in_state("done") == 6);
        CHECK(world.broken_promises() == "");
    }
}

TEST_CASE("a copy of the output folder in its place while a video is half fetched: the video is fetched anew, and nothing half is ever seen") {
    World world;
    world.provider.fault = [](const Call& call) { return call.where == Where::result ? Fault::cut_answer : Fault::none; };
    world.start();
    world.drop("foxes", 3);
    REQUIRE(world.run_until(1h, [&] { return world.in_state("downloading") == 3; }));
    world.run_for(1min);
    fs::copy(output_of(world), beside(output_of(world)), fs::copy_options::recursive);  // half videos, and the marker, are in the copy
    fs::rename(output_of(world), output_of(world).string() + ".old");
    fs::rename(beside(output_of(world)), output_of(world));
    world.provider.fault = [](const Call&) { return Fault::none; };
    REQUIRE(world.rest(4h));
    CHECK(world.in_state("done") == 3);
    CHECK(world.broken_promises() == "");
}

TEST_CASE("a folder that was taken over by mistake, while the right one was not mounted, is not taken for it later") {
    World world;
    world.watch_output = false;
    world.start();
    world.drop("first", 1);
    REQUIRE(world.rest(4h));
    world.stop();
    const fs::path mounted = beside(output_of(world)), point = output_of(world).string() + ".point";
    fs::rename(output_of(world), mounted);
    world.takes_over = true;  // a person followed the advice too early
    world.restart();
    world.stop();
    world.takes_over = false;
    fs::rename(output_of(world), point);
    fs::rename(mounted, output_of(world));
    world.restart();  // mounted again, and work goes on there
    world.drop("second", 2);
    REQUIRE(world.rest(4h));
    world.stop();
    fs::rename(output_of(world), mounted);
    fs::rename(point, output_of(world));
    world.restart();  // a boot without the mount
    world.drop("third", 1);
    world.run_for(2h);
    CHECK(world.provider.tasks.size() == 3);
    CHECK(world.store().notes.fact("output_lost").has_value());
    fs::rename(output_of(world), point);
    fs::rename(mounted, output_of(world));
    REQUIRE(world.rest(4h));
    CHECK(world.in_state("done") == 4);
    CHECK(world.broken_promises() == "");
}

TEST_CASE("an output folder that is back and cannot be locked stays away, is told so, and is taken up once that is mended") {
    World world;
    world.watch_output = false;
    world.start();
    world.drop("first", 1);
    REQUIRE(world.rest(4h));
    ways[0].go(output_of(world));
    world.run_for(10s);
    fs::remove(beside(output_of(world)) / ".motionspool.lock");
    fs::create_directory(beside(output_of(world)) / ".motionspool.lock");
    ways[0].come(output_of(world));
    world.drop("second", 1);
    world.run_for(2h);
    CHECK(world.provider.tasks.size() == 1);
    CHECK(world.store().notes.fact("output_lost").has_value());
    fs::remove(world.output(".motionspool.lock"));
    REQUIRE(world.rest(4h));
    CHECK(world.in_state("done") == 2);
}

TEST_CASE("a task that only the output folder's side-file kept is adopted when that is back") {
    World world;
    world.watch_output = false;
    bool refuses = false;
    world.provider.fault = [&](const Call& call) {
        if (call.where != Where::create) return Fault::none;
        refuses = true;
        fs::rename(state_of(world) / "motionspool.money", state_of(world) / "unwritable");
        fs::create_directory(state_of(world) / "motionspool.money");
        return Fault::none;
    };
    world.commit_fails = [&](std::size_t) { return std::exchange(refuses, false); };
    world.start();
    world.drop("foxes", 1);
    world.run_for(1h);
    REQUIRE_FALSE(world.up());
    world.provider.fault = [](const Call&) { return Fault::none; };
    world.stop();
    fs::remove(state_of(world) / "motionspool.money");
    fs::rename(state_of(world) / "unwritable", state_of(world) / "motionspool.money");
    const auto kept = (*system::read_witness(world.output(".motionspool-unnamed.money")))->tasks;
    REQUIRE(kept.size() == 1);
    fs::remove(state_of(world) / "motionspool.money");  // whatever it kept: the output's alone is to tell
    ways[1].go(output_of(world));
    world.restart();
    world.run_for(10min);
    CHECK(world.in_state("uncertain") == 1);
    ways[1].come(output_of(world));
    REQUIRE(world.run_until(4h, [&] { return world.in_state("done") == 1; }));
    CHECK(world.provider.tasks.size() == 1);
}

TEST_CASE("submissions that were armed and not sent as the output folder went keep nobody from taking it up again, also after a crash") {
    for (const bool crash : {false, true}) {
        CAPTURE(crash);
        World world;
        world.watch_output = false;
        world.start();
        world.drop("first", 1);
        REQUIRE(world.rest(4h));
        world.drop("second", 3);
        const auto known = world.store().attempts.highest();
        bool gone = false;
        world.dies_at_commit = [&](std::size_t, bool after) {  // between the ARMED commit and the first byte
            if (!after || gone || world.store().attempts.unanswered() == 0) return false;
            gone = true;
            ways[1].go(output_of(world));
            return crash;
        };
        world.run_for(1h);
        world.dies_at_commit = nullptr;
        if (!world.up()) world.restart();
        world.run_for(1h);
        CHECK(world.provider.tasks.size() == 1);
        REQUIRE(gone);
        CHECK(world.store().attempts.highest() > known);
        ways[1].come(output_of(world));
        REQUIRE(world.rest(12h));
        CHECK(world.in_state("done") + world.in_state("uncertain") == 4);
        CHECK(world.broken_promises() == "");
    }
}

TEST_CASE("an output folder that cannot be locked at the start is waited for: drops are taken, tasks followed") {
    World world;
    world.watch_output = false;
    world.start();
    world.drop("first", 1);
    REQUIRE(world.run_until(1h, [&] { return world.in_state("running") == 1; }));
    world.stop();
    fs::remove(world.output(".motionspool.lock"));
    fs::create_directory(world.output(".motionspool.lock"));
    world.restart();
    world.drop("second", 1);
    REQUIRE(world.run_until(2h, [&] { return world.in_state("downloading") == 1; }));
    CHECK(world.up());
    CHECK(world.jobs().size() == 2);
    CHECK(world.provider.tasks.size() == 1);
    CHECK(world.store().notes.fact("output_lost").has_value());
    fs::remove(world.output(".motionspool.lock"));
    REQUIRE(world.rest(4h));
    CHECK(world.in_state("done") == 2);
}

TEST_CASE("an output folder whose side-file could not be written for a while is still the one that was used last; an older copy of it is not") {
    World world;
    world.watch_output = false;
    world.start();
    world.drop("first", 2);
    REQUIRE(world.rest(4h));
    const auto marker = world.output(".motionspool-unnamed.money"), aside = fs::path{marker.string() + ".aside"};
    fs::copy_file(marker, aside);
    fs::remove(marker);
    fs::create_symlink(aside.filename(), marker);  // it is there, and neither read nor written
    world.drop("second", 2);
    REQUIRE(world.rest(4h));
    CHECK(world.store().notes.fact("output_confirmed") == "2");
    world.stop();
    fs::remove(marker);
    REQUIRE(system::replace_witness(marker, {"unnamed", 1, {}}).has_value());
    world.restart();
    world.drop("third", 1);
    world.run_for(1h);
    CHECK(world.in_state("done") == 4);
    CHECK(world.store().notes.fact("output_lost").has_value());
    fs::rename(aside, marker);
    REQUIRE(world.rest(4h));
    CHECK(world.in_state("done") == 5);
    CHECK_FALSE(world.store().notes.fact("output_lost").has_value());
    CHECK_FALSE(world.store().notes.fact("output_confirmed").has_value());
}

TEST_CASE("an output folder that is moved over to keeps the tasks that its own side-file knows") {
    World world;
    world.watch_output = false;
    world.start();
    world.drop("first", 1);
    REQUIRE(world.rest(4h));
    world.stop();
    const fs::path other{output_of(world).string() + ".other"};
    fs::create_directory(other);
    const auto marker = other / ".motionspool-unnamed.money";
    REQUIRE(system::replace_witness(marker, {"unnamed", 9, {{9, "task_kept"}}}).has_value());
    world.settings.config.output.directory = other;
    world.restart();
    world.run_for(1min);
    CHECK(world.store().notes.fact("quarantine").has_value());
    const auto read = system::read_witness(marker);
    REQUIRE(read.has_value());
    CHECK((*read)->tasks == std::vector<system::WitnessTask>{{9, "task_kept"}});
}

}  // namespace motionspool::test
