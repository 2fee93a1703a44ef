#include <doctest/doctest.h>
#include "support/temp_folder.hpp"
#include "support/world.hpp"

// Everything a manifest can say, and what becomes of it.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;

bool has(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE_FIXTURE(World, "globs, a matrix with named prompts, takes, labels, a note and the configuration's defaults become jobs, sidecars and a report") {
    auto& defaults = settings.config.manifest_defaults;
    defaults.priority = 7;
    defaults.budget = Credits::whole(2000);
    defaults.job.prompt = "felt";
    start();
    drop("spring",
         "version: 1\nnote: for Friday\nlabels: {project: \"4711\"}\ndefaults: {mode: 1080p}\njobs:\n"
         "  - {id: solo, image: fox.png, motion: wave.mp4, takes: 3, mode: 720p}\nmatrix:\n  image: [\"cast/*.png\"]\n  motion: [wave.mp4]\n"
         "  prompt: {dawn: At dawn., night: At night.}\n",
         {{"fox.png", "image of a fox"}, {"cast/owl.png", "image of an owl"}, {"cast/bear.png", "image of a bear"}, {"wave.mp4", "motion: a wave"}});
    REQUIRE(rest(1h));
    std::string names, prompts;
    for (const auto& job : jobs()) {
        CHECK(job.state == domain::JobState::done);
        CHECK(job.mode == (job.job.starts_with("solo") ? "720p" : "1080p"));
        names += job.job + " ";
        prompts += job.prompt + "|";
    }
    CHECK(names == "solo solo-t2 solo-t3 bear-wave-dawn bear-wave-night owl-wave-dawn owl-wave-night ");
    CHECK(prompts == "felt|felt|felt|At dawn.|At night.|At dawn.|At night.|");
    CHECK(provider.tasks.size() == 7);
    const auto batch = store().batches.all().front();
    CHECK(batch.priority == 7);
    CHECK(batch.budget == Credits::whole(2000));
    const auto sidecar = read_file(output("spring/_info/owl-wave-night.json"));
    CAPTURE(sidecar);
    CHECK(has(sidecar, "\"note\": \"for Friday\""));
    CHECK(has(sidecar, "\"project\": \"4711\""));
    CHECK(has(read_file(spool("finished/spring.report.txt")), "note: for Friday"));
}

TEST_CASE_FIXTURE(World, "a glob that matches nothing is an error at the glob; one that names a file that is there literally is that file") {
    start();
    drop("none", "version: 1\nmatrix:\n  image: [\"cast/*.png\"]\n  motion: [wave.mp4]\n", fox_and_wave());
    drop("literal", "version: 1\njobs:\n  - {image: \"fox [final].png\", motion: wave.mp4, prompt: x}\n",
         {{"fox [final].png", "image of a fox"}, {"fox f.png", "image of another"}, {"wave.mp4", "motion: a wave"}});
    REQUIRE(rest(1h));
    CHECK(broken_promises() == "");
    CHECK(
        has(read_file(spool("rejected/none.report.txt")), "none/manifest.yaml:3:11: error: \"cast/*.png\" matches no file; check the folder and the spelling"));
    CHECK(job("literal/fox--final--wave").state == domain::JobState::done);
    CHECK(provider.tasks.size() == 1);
}

TEST_CASE_FIXTURE(World, "what a glob stands for may still be on its way: the drop waits, and says so; another error does not wait") {
    start();
    drop("cast", "version: 1\nmatrix:\n  image: [\"cast/*.png\"]\n  motion: [wave.mp4]\n  prompt: [hoots]\n", fox_and_wave());
    drop("bad", "version: 1\nmatrix:\n  image: [\"cast/*.png\"]\n  motion: [wave.mp4]\n  takes: 0\n", fox_and_wave());
    run_for(1min);
    CHECK(has(read_file(spool("rejected/bad.report.txt")), "takes"));
    CHECK(has(read_file(spool("incoming/cast.waiting.txt")), "\"cast/*.png\" matches no file yet"));
    fs::create_directory(spool("incoming/cast/cast"));
    write_file(spool("incoming/cast/cast/owl.png"), "image of an owl");
    REQUIRE(rest(1h));
    CHECK(job("cast/owl-wave-1").state == domain::JobState::done);
    CHECK_FALSE(fs::exists(spool("incoming/cast.waiting.txt")));
}

TEST_CASE_FIXTURE(World, "a file that is named in another case is found, with a warning at that place and at no other") {
    start();
    drop("cases",
         "version: 1\njobs:\n  - {id: a, image: fox.png, motion: wave.mp4}\n  - {id: b, image: FOX.png, motion: wave.mp4}\n  - {id: c, image: fox.png, motion: "
         "no.mp4}\n",
         fox_and_wave());
    settings.config.spool.patience = 1min;
    REQUIRE(rest(1h));
    const auto report = read_file(spool("rejected/cases.report.txt"));
    CAPTURE(report);
    CHECK(has(report, "cases/manifest.yaml:4:20: warning: \"FOX.png\" "));
    CHECK_FALSE(has(report, "cases/manifest.yaml:3:20: "));
    CHECK_FALSE(has(report, "cases/manifest.yaml:5:20: "));
}

}  // namespace motionspool::test
