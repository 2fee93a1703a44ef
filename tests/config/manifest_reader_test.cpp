#include "corpus.hpp"

using namespace motionspool;
using namespace motionspool::config;
using namespace motionspool::literals;
using namespace std::chrono_literals;
using domain::Mode;
using domain::Orientation;
using domain::Written;

namespace {

/// A manifest without complaints.
domain::Manifest good(std::string_view text, const ManifestDefaults& defaults = {}) {
    const ManifestLimits limits{.shares = {{"marketing", 100}}, .windows = {"night"}};
    auto read = read_manifest(text, defaults, limits);
    CHECK(corpus::lines(read.complaints, text) == "");
    CHECK_FALSE(read.readable.has_value());
    REQUIRE(read.manifest.has_value());
    return std::move(*read.manifest);
}

std::string complaints(std::string_view text, const ManifestLimits& limits = {}) { return corpus::lines(read_manifest(text, {}, limits).complaints, text); }

}  // namespace

TEST_CASE("the smallest manifest") {
    const auto manifest = good("version: 1\njobs:\n  - image: fox.png\n    motion: wave.mp4\n");
    CHECK_FALSE(manifest.batch.has_value());
    CHECK(manifest.priority == 0);
    CHECK(manifest.run == 1);
    REQUIRE(manifest.jobs.size() == 1);
    const auto& job = manifest.jobs[0];
    CHECK(job.at == Offset{21});
    CHECK(job.image == Written{"fox.png", {28}});
    CHECK(job.motion == Written{"wave.mp4", {48}});
    CHECK_FALSE(job.id.has_value());
    CHECK(job.mode == Mode::p720);
    CHECK(job.orientation == Orientation::video);
    CHECK(job.takes == 1);
    CHECK(job.invalid.empty());
}

TEST_CASE("the manifest of the contract, without what is not available yet") {
    const auto manifest = good(R"(version: 1                        # required
batch: spring-mascots             # default: the folder's or file's name
append: ""                        # instead of batch
priority: 5                       # -100..100
window: none
budget: none
partial: false
finish: none
note: for the pitch on Friday     # carried into reports
labels: {project: "4711", team: 3}
run: 2
defaults:
  mode: 1080p
  orientation: video
  prompt: Studio light, felt texture.
jobs:
  - id: fox-wave                  # unique
    image: fox.png                # one subject image
    motion: https://cdn.example/wave.mp4
    prompt: A felt fox waves.     # at most 2500 characters, optional
    seconds: 6.5
    takes: 3
matrix:
  image: [fox.png, "cast/*.png"]
  motion: [wave.mp4, jump.mp4]
  prompt: {dawn: At dawn., night: At night.}
  takes: 2
  id: "{image}-{motion}-{prompt}"
)");
    CHECK(manifest.batch->text == "spring-mascots");
    CHECK_FALSE(manifest.append.has_value());
    CHECK(manifest.priority == 5);
    CHECK(manifest.note == "for the pitch on Friday");
    CHECK(manifest.labels == std::map<std::string, std::string>{{"project", "4711"}, {"team", "3"}});
    CHECK(manifest.run == 2);
    REQUIRE(manifest.jobs.size() == 1);
    CHECK(manifest.jobs[0].id->text == "fox-wave");
    CHECK(manifest.jobs[0].prompt == "A felt fox waves.");
    CHECK(manifest.jobs[0].mode == Mode::p1080);
    CHECK(manifest.jobs[0].seconds == 6'500ms);
    CHECK(manifest.jobs[0].takes == 3);
    REQUIRE(manifest.matrix.has_value());
    CHECK(manifest.matrix->images.at(1).text == "cast/*.png");
    CHECK(manifest.matrix->motions.size() == 2);
    CHECK(manifest.matrix->prompts.at(0).key == "dawn");
    CHECK(manifest.matrix->prompts.at(1).text == "At night.");
    CHECK(manifest.matrix->prompt == "Studio light, felt texture.");
    CHECK(manifest.matrix->mode == Mode::p1080);
    CHECK(manifest.matrix->takes == 2);
    CHECK(manifest.matrix->id == "{image}-{motion}-{prompt}");
}

TEST_CASE("prompts in a list are numbered from 1") {
    const auto manifest = good("version: 1\nmatrix: {image: [a.png], motion: [b.mp4], prompt: [At dawn., At night.]}\n");
    CHECK(manifest.matrix->prompts.at(0).key == "1");
    CHECK(manifest.matrix->prompts.at(1).key == "2");
}

TEST_CASE("defaults reach every job that does not say otherwise") {
    const auto manifest = good(R"(version: 1
defaults: {image: fox.png, mode: 1080p, orientation: image, prompt: Felt., seconds: 4, takes: 2}
jobs:
  - motion: wave.mp4
  - {image: owl.png, motion: "https://cdn.example/b.mp4", mode: 720p, orientation: video, prompt: "", seconds: 20, takes: 1}
)");
    CHECK(manifest.jobs[0].image == Written{"fox.png", {29}});
    CHECK(manifest.jobs[0].mode == Mode::p1080);
    CHECK(manifest.jobs[0].orientation == Orientation::image);
    CHECK(manifest.jobs[0].prompt == "Felt.");
    CHECK(manifest.jobs[0].takes == 2);
    CHECK(manifest.jobs[1].image.text == "owl.png");
    CHECK(manifest.jobs[1].mode == Mode::p720);
    CHECK(manifest.jobs[1].prompt.empty());
    CHECK(manifest.jobs[1].seconds == 20s);
}

TEST_CASE("the configuration's defaults come before the manifest's, and those not available are left aside") {
    const ManifestDefaults defaults{.priority = 7,
                                    .share = "marketing",
                                    .window = "night",
                                    .budget = 5_credits,
                                    .partial = true,
                                    .finish = domain::Finish::ask,
                                    .job = {.image = Written{"fox.png", {}},
                                            .motion = {},
                                            .prompt = "Felt.",
                                            .mode = Mode::p1080,
                                            .orientation = Orientation::image,
                                            .seconds = {},
                                            .takes = 1}};
    const auto manifest = good("version: 1\ndefaults: {prompt: Clay.}\njobs:\n  - motion: wave.mp4\nmatrix: {motion: [wave.mp4]}\n", defaults);
    CHECK(manifest.priority == 7);
    CHECK(manifest.partial);
    CHECK(manifest.share->text == "marketing");
    CHECK(manifest.window->text == "night");
    CHECK(manifest.budget == 5_credits);
    CHECK(manifest.finish == domain::Finish::none);
    CHECK(manifest.jobs[0].prompt == "Clay.");
    CHECK(manifest.jobs[0].mode == Mode::p1080);
    CHECK(manifest.jobs[0].image == Written{"fox.png", manifest.jobs[0].at});
    CHECK(manifest.matrix->images.at(0) == Written{"fox.png", manifest.matrix->at});
    CHECK(good("version: 1\npriority: 1\npartial: false\njobs: [{motion: wave.mp4}]\n", defaults).priority == 1);
}

TEST_CASE("names become NFC, and plain numbers and booleans are text where text is meant") {
    const auto manifest = good(
        "version: 1\nbatch: 2026\nnote: true\nlabels: {Fu\xCC\x88"
        "chse: yes}\njobs:\n  - {id: fu\xCC\x88"
        "chse, image: 12, motion: 5.5, prompt: 010}\n");
    CHECK(manifest.batch->text == "2026");
    CHECK(manifest.note == "true");
    CHECK(manifest.labels.at("Füchse") == "yes");
    CHECK(manifest.jobs[0].id->text == "füchse");
    CHECK(manifest.jobs[0].image.text == "12");
    CHECK(manifest.jobs[0].prompt == "010");
}

TEST_CASE("a BOM, Windows line ends, flow style and block texts are fine") {
    const auto manifest =
        good("\xEF\xBB\xBFversion: 1\r\njobs:\r\n  - image: fox.png\r\n    motion: wave.mp4\r\n    prompt: >\r\n      A felt fox\r\n      waves.\r\n");
    CHECK(manifest.jobs[0].prompt == "A felt fox waves.\n");
    CHECK(good("{version: 1, jobs: [{image: \"a: b.png\", motion: 'c #1.mp4'}]}").jobs[0].image.text == "a: b.png");
    CHECK(good("version: 1\njobs:\n- image: fox.png\n  motion: wave.mp4\n  prompt: A fox's wave, 100% felt & \"soft\" (take [2])\n").jobs[0].prompt ==
          "A fox's wave, 100% felt & \"soft\" (take [2])");
    CHECK(good("version: 1\njobs: [{image: a, motion: b, prompt: \"“A fox” — it said: wave # now\"}]").jobs[0].prompt == "“A fox” — it said: wave # now");
    CHECK(good("version: 1\njobs: [{image: a, motion: b, prompt: \"\"}]").jobs[0].prompt.empty());
    CHECK(good("version: 1\njobs:\n  - image: a\n    motion: b\n    prompt: “Hello” says the fox\n").jobs[0].prompt == "“Hello” says the fox");
}

TEST_CASE("a prompt may have 2500 characters, whatever their bytes") {
    std::string prompt;
    for (int i = 0; i < 2'500; i++) prompt += "狐";
    CHECK(good(corpus::job("    prompt: " + prompt + "\n")).jobs[0].prompt == prompt);
    CHECK(complaints(corpus::job("    prompt: " + prompt + "x\n")) == "5:13: error: `prompt` has 2501 characters; at most 2500 are allowed");
    CHECK(complaints(corpus::matrix("  prompt: [a, " + prompt + "xx]\n")) ==
          "5:15: error: an entry of `matrix.prompt` has 2502 characters; at most 2500 are allowed");
}

TEST_CASE("warnings do not reject") {
    const auto text = corpus::job("    prompt: A fox # waves\n    seconds: 5\n");
    const auto read = read_manifest(text, {}, {});
    CHECK(read.manifest.has_value());
    CHECK(corpus::lines(read.complaints, text) ==
          "5:19: warning: `prompt` ends before \"#\", which begins a comment; put the whole text in quotes if the rest belongs to it\n"
          "6:14: warning: `seconds` is left aside: the motion is a file, and its own length counts");
    CHECK(complaints("version: 1\nmatrix: {image: [a, a], motion: [b]}\n") ==
          "2:21: warning: \"a\" is listed twice in `matrix.image` and is rendered twice; use `takes` if that is meant");
}

TEST_CASE("partial: true hands on a manifest whose bad entries say why") {
    const std::string text =
        "version: 1\npartial: true\njobs:\n  - {image: fox.png, motion: wave.mp4}\n  - {id: owl, image: owl.png, motion: wave.mp4, promt: x, mode: 4k}\n  - "
        "just text\n";
    const auto read = read_manifest(text, {}, {});
    REQUIRE(read.manifest.has_value());
    CHECK_FALSE(read.readable.has_value());
    REQUIRE(read.manifest->jobs.size() == 3);
    CHECK(read.manifest->jobs[0].invalid.empty());
    CHECK(read.manifest->jobs[1].id->text == "owl");
    CHECK(read.manifest->jobs[1].invalid == "`mode` is \"4k\"; expected 720p or 1080p; unknown key \"promt\"; did you mean \"prompt\"?");
    CHECK(read.manifest->jobs[2].invalid.find("an entry of `jobs` is \"just text\"") == 0);
    CHECK(read.complaints.size() == 3);

    const auto jobs = domain::expand(*read.manifest, {}, 10'000).jobs;
    REQUIRE(jobs.size() == 3);
    CHECK(jobs[1].id == "owl");
    CHECK(jobs[2].id == "unnamed");
    CHECK_FALSE(jobs[2].invalid.empty());
}

TEST_CASE("partial: true does not help against errors outside of the jobs") {
    const auto read = read_manifest("version: 1\npartial: true\npriority: high\njobs:\n  - {image: fox.png, motion: wave.mp4, mode: 4k}\n", {}, {});
    CHECK_FALSE(read.manifest.has_value());
    CHECK(read.complaints.size() == 2);
    CHECK_FALSE(read_manifest("version: 1\npartial: yes\njobs:\n  - {image: fox.png, motion: wave.mp4, mode: 4k}\n", {}, {}).manifest.has_value());
}

TEST_CASE("of a rejected manifest the rest can be looked at, unless it is no YAML") {
    const auto read = read_manifest("version: 1\npriority: high\njobs:\n  - {image: fox.png, motion: wave.mp4}\n", {}, {});
    CHECK_FALSE(read.manifest.has_value());
    REQUIRE(read.readable.has_value());
    CHECK(read.readable->jobs.at(0).image.text == "fox.png");
    CHECK_FALSE(read_manifest("version: [1\n", {}, {}).readable.has_value());
}

TEST_CASE("ids that meet are reported together with everything else") {
    CHECK(complaints("version: 1\nrun: 0\njobs:\n  - {id: fox, image: a.png, motion: b.mp4}\n  - {id: FOX, image: c.png, motion: d.mp4}\n") ==
          "2:6: error: `run` is \"0\"; expected a whole number from 1 to 1000000\n"
          "5:10: error: the id \"FOX\" is used by another job of this manifest; upper and lower case count as the same");
}

TEST_CASE("what expand() has to say is left to it where nothing else is wrong") {
    CHECK(good("version: 1\njobs:\n  - {id: fox, image: a.png, motion: b.mp4}\n  - {id: FOX, image: c.png, motion: d.mp4}\n").jobs.size() == 2);
}

TEST_CASE("the limits of a manifest hold") {
    CHECK(complaints(corpus::job(""), {.bytes = 10}) == "1:1: error: the file is larger than 10 bytes, the most that is read; split it");
    CHECK(complaints("version: 1\njobs: [{image: a, motion: b}, {image: a, motion: b}]\n", {.jobs = 1}) ==
          "2:7: error: `jobs` has 2 entries; at most 1 are allowed, split it");
    CHECK(complaints("version: 1\njobs: [{image: a, motion: b, takes: 3}]\n", {.jobs = 2}) ==
          "2:37: error: `takes` is \"3\"; expected a whole number from 1 to 2");
}

TEST_CASE("a share that the configuration does not have is a group of its own; a near miss of one that it has is doubtful") {
    const auto share = [](const char* name) { return complaints(corpus::top("share: " + std::string{name} + "\n"), {.shares = {{"marketing", 100}}}); };
    CHECK(share("research").empty());
    CHECK(complaints(corpus::top("share: marketing\n")).empty());
    CHECK(share("marketting") ==
          "2:8: warning: `share` is \"marketting\", a group without limits, as it is not one of `shares` in the configuration; did you mean \"marketing\"?");
}

TEST_CASE("a hundred labels are enough") {
    std::string labels = "labels: {";
    for (int i = 0; i < 101; i++) labels += "k" + std::to_string(i) + ": v, ";
    CHECK(complaints(corpus::top(labels + "}\n")) == "2:9: error: `labels` has 101 keys; at most 100 are allowed");
}
