#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "support/fake_probe.hpp"
#include "support/fake_watcher.hpp"
#include "support/temp_folder.hpp"
#include "support/world.hpp"

// What a drop may name, what it may be called, and what of it is never read.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;

bool says(const fs::path& file, const std::string& words) { return fs::exists(file) && read_file(file).find(words) != std::string::npos; }

std::string naming(const std::string& image) { return "version: 1\njobs:\n  - {id: job, image: \"" + image + "\", motion: wave.mp4, prompt: p}\n"; }

}  // namespace

TEST_CASE("a path that leaves its folder, a link out of it, /proc, a FIFO and a device are refused with a clear message, and never read") {
    struct Row {
        std::string name, image, words;
        std::function<void(const fs::path&)> prepare;
    };
    const auto nothing = [](const fs::path&) {};
    const auto link_to = [](const std::string& target) { return [target](const fs::path& file) { fs::create_symlink(target, file); }; };
    const Row table[] = {
        {"parent", "../secret.png", "leads out of its folder", nothing},
        {"inner-parent", "a/../../secret.png", "leads out of its folder", nothing},
        {"absolute", "/etc/passwd", "is an absolute path", nothing},
        {"proc", "/proc/self/environ", "is an absolute path", nothing},
        {"link", "x.png", "through a symbolic link", link_to("/etc/passwd")},
        {"link-up", "x.png", "through a symbolic link", link_to("../../secret.png")},
        {"link-proc", "x.png", "through a symbolic link", link_to("/proc/self/environ")},
        {"link-round", "x.png", "cannot be followed", link_to("x.png")},
        {"fifo", "x.png", "is no regular file", [](const fs::path& file) { REQUIRE(::mkfifo(file.c_str(), 0666) == 0); }},
        {"folder", "x.png", "is a folder", [](const fs::path& file) { fs::create_directory(file); }},
    };
    World world;
    int probed = 0;
    world.on_probe = [&] { probed++; };
    world.start();
    write_file(world.spool("secret.png"), "image of a secret");
    for (const auto& row : table) {
        const auto hidden = world.spool("incoming/." + row.name);
        fs::create_directory(hidden);
        write_file(hidden / "manifest.yaml", naming(row.image));
        row.prepare(hidden / "x.png");
        fs::rename(hidden, world.spool("incoming/" + row.name));
        world.watcher().renamed_in(row.name);
    }
    world.run_for(11min);  // wave.mp4, which all of them lack, might still have come
    for (const auto& row : table) {
        INFO(row.name);
        CHECK(says(world.spool("rejected/" + row.name + ".report.txt"), row.words));
        CHECK(says(world.spool("rejected/" + row.name + ".report.txt"), row.name + "/manifest.yaml:3:22: error: "));
    }
    CHECK(probed == 0);
    CHECK(world.provider.tasks.empty());
    CHECK(world.jobs().empty());
}

TEST_CASE("a FIFO in a manifest's place, and strange things beside the drops, hold up nobody") {
    World world;
    world.start();
    fs::create_directory(world.spool("incoming/pipe"));
    REQUIRE(::mkfifo(world.spool("incoming/pipe/manifest.yaml").c_str(), 0666) == 0);
    REQUIRE(::mkfifo(world.spool("incoming/alone.yaml").c_str(), 0666) == 0);
    fs::create_symlink("/etc/passwd", world.spool("incoming/passwd.yaml"));
    fs::create_symlink("/proc/self", world.spool("incoming/self"));
    write_file(world.spool("incoming/holiday.mov"), "motion: a holiday");
    for (const auto* dropping : {"Thumbs.db", "desktop.ini", ".DS_Store", "fox.yaml~", "~$fox.yaml", "fox.yaml.part", ".fox.yaml.swp", "#fox.yaml#",
                                 "fox.sync-conflict-20261124-101010-ABCDEF.yaml"})
        write_file(world.spool("incoming") / dropping, "version: 1");
    fs::create_directory(world.spool("incoming/@eaDir"));
    world.drop("good", 1);
    REQUIRE(world.run_until(1h, [&] { return world.in_state("done") == 1; }));
    world.run_for(11min);
    CHECK(says(world.spool("rejected/pipe.report.txt"), "is no regular file"));
    const std::map<std::string, std::string> words{{"alone", "neither a file nor a folder"},
                                                   {"passwd", "a symbolic link, and links are not followed"},
                                                   {"self", "a symbolic link, and links are not followed"},
                                                   {"holiday", "Media alone are no drop"}};
    for (const auto& stranger : words) {
        INFO(stranger.first);
        CHECK(says(world.spool("incoming") / (stranger.first + ".report.txt"), stranger.second));
    }
    std::size_t reports = 0;
    for (const auto& entry : fs::directory_iterator{world.spool("incoming")}) reports += entry.path().string().ends_with(".report.txt") ? 1 : 0;
    CHECK(reports == 4);
}

TEST_CASE("names that are not UTF-8 get no further than a report: a file a pattern matches is an error there, a folder is renamed in what is told of it") {
    World world;
    world.start();
    const auto manifest = "version: 1\nmatrix: {image: [\"*.png\"], motion: [wave.mp4], prompt: {p: p}}\n";
    world.drop("glob", manifest, {{"fl\xFCgel.png", "image of a wing"}, {"wave.mp4", "motion: a wave"}});
    world.drop("gr\xFCn", "version: 1\njobs:\n  - {image: fox.png, motion: fox.png}\n", fox_and_wave());
    world.drop("bl\xFC", manifest_of("blue", 1), fox_and_wave());
    world.run_for(1h);
    CHECK(says(world.spool("rejected/glob.report.txt"), R"(2:18: error: "*.png" matches "fl\xFCgel.png", whose name is not UTF-8; rename it)"));
    CHECK(says(world.spool("rejected/gr\xFCn.report.json"), "\"name\": \"gr?n\""));
    CHECK(read_file(world.spool("rejected/gr\xFCn.report.json")).find('\xFC') == std::string::npos);
    REQUIRE(world.jobs().size() == 1);
    CHECK(world.jobs().front().batch == "bl-");
}

TEST_CASE("names of all scripts, from macOS, of 249 bytes and with everything that may not be in a job's name make sensible ids and outputs") {
    World world;
    world.start();
    const std::string composed =
                          "Gr\xc3\xb6\xc3\x9f"
                          "e & Form (final).png",
                      decomposed =
                          "Gro\xcc\x88\xc3\x9f"
                          "e & Form (final).png";
    world.drop(
        "Gro\xcc\x88\xc3\x9f"
        "e",
        "version: 1\njobs:\n  - {image: \"" + composed + "\", motion: 挥手.mp4, prompt: p}\n",
        {{decomposed, "image of a form"}, {"挥手.mp4", "motion: a wave"}});
    world.drop("狐狸", "version: 1\ndefaults: {prompt: waving}\nmatrix: {image: [狐狸.png], motion: [挥手.mp4]}\n",
               {{"狐狸.png", "image of a fox"}, {"挥手.mp4", "motion: waving"}});
    const std::string longest(249, 'x');
    world.drop(longest, "version: 1\njobs:\n  - {image: fox.png, motion: wave.mp4, prompt: long}\n", fox_and_wave());
    world.drop(longest + "!", "version: 1\njobs:\n  - {image: fox.png, motion: wave.mp4, prompt: longer}\n", fox_and_wave());
    REQUIRE(world.rest(2h));
    CHECK(world.in_state("done") == 4);
    CHECK(world.store()
              .batches
              .find("gr\xc3\xb6"
                    "sse")
              .has_value());  // the name as one writes it, in capitals or not
    CHECK(world.job("狐狸/狐狸-挥手").state == domain::JobState::done);
    for (const auto& job : world.jobs()) {
        REQUIRE(job.output.has_value());
        CHECK(fs::exists(*job.output));
        CHECK(job.batch.size() <= 180);
    }
    CHECK(fs::exists(world.spool("finished/" + longest)));
}

}  // namespace motionspool::test
