#include <doctest/doctest.h>
#include "domain/again.hpp"
#include "domain/report_html.hpp"

using namespace motionspool;
using namespace motionspool::domain;
using namespace std::chrono_literals;

namespace {
BatchReport report() {
    BatchReport batch{"spring", "for <Friday>", Instant{}, std::nullopt, {}};
    ReportedJob good{.name = "fox", .state = JobState::done, .output = "/out/fox.mp4"};
    ReportedJob bad{.name = "bear",
                    .state = JobState::failed,
                    .error = "moderation: \"no\"\n& <never>",
                    .image = "bear.png",
                    .motion = "https://x.example/w.mp4",
                    .prompt = "A \"bear\"\nwaves \\ jumps",
                    .mode = "720p",
                    .orientation = "video",
                    .length = 6500ms};
    batch.jobs = {good, bad};
    return batch;
}
}  // namespace

TEST_CASE("the report's page shows what people wrote as text, never as markup") {
    const auto html = to_html(report());
    CHECK(html.find("<p>for &lt;Friday&gt;</p>") != std::string::npos);
    CHECK(html.find("moderation: &quot;no&quot;\n&amp; &lt;never&gt;") != std::string::npos);
    CHECK(html.find("<td class=\"done\">done</td>") != std::string::npos);
    CHECK(html.find("<script") == std::string::npos);
}

constexpr const char* foreword =
    "# The jobs of spring, which ended 2026-11-24T22:35:00.250Z, that failed. Put right what is wrong, then drop this with the same media: as the "
    "manifest.yaml of\n"
    "# a folder that has them, or as it is if they lie in the server's media folders. Each job takes the place of the one that failed; priority, share,\n"
    "# window and budget are those of spring.\n"
    "version: 1\nappend: \"spring\"\n";

TEST_CASE("the manifest of failed jobs appends those alone to their batch, each with its reason, quoted so that it can be read again") {
    auto batch = report();
    batch.ended = parse_rfc3339("2026-11-24T22:35:00.250Z");
    CHECK(again_manifest(batch) ==
          std::string{foreword} +
              "jobs:\n"
              "  # moderation: \"no\" & <never>\n"
              "  - id: \"bear\"\n    image: \"bear.png\"\n    motion: \"https://x.example/w.mp4\"\n    seconds: 6.5\n    prompt: \"A \\\"bear\\\"\\nwaves "
              "\\\\ jumps\"\n"
              "    mode: 720p\n    orientation: video\n");
}

TEST_CASE("the manifest of failed jobs leaves the batch its own words, and of an invalid job has what its author wrote instead of a default") {
    BatchReport batch{"spring", "for Ana", Instant{}, parse_rfc3339("2026-11-24T22:35:00.250Z"), {}, {{"project", "4711"}}, true};
    batch.jobs = {{.name = "fox",
                   .state = JobState::failed,
                   .error = "invalid: `mode` is \"4k\"; expected 720p or 1080p; unknown key \"takse\"",
                   .image = "fox.png",
                   .motion = "wave.mp4",
                   .mode = "720p",
                   .orientation = "video",
                   .as_written = {{"image", "fox.png"}, {"mode", "4k"}, {"takse", "2"}, {"prompt", ""}}}};
    CHECK(again_manifest(batch) ==
          std::string{foreword} +
              "partial: true\njobs:\n"
              "  # invalid: `mode` is \"4k\"; expected 720p or 1080p; unknown key \"takse\"\n"
              "  - id: \"fox\"\n    image: fox.png\n    motion: \"wave.mp4\"\n    mode: 4k\n    orientation: video\n    takse: 2\n    prompt:\n");
}

TEST_CASE("the report says how many of the failed jobs stand in the manifest of failed jobs as comments") {
    BatchReport batch{"spring", "", Instant{}, {}, {}};
    batch.jobs = {{.name = "a", .state = JobState::failed, .error = "provider-failed: ouch", .spent = Credits::whole(44)}};
    const auto said = [&](const std::string& text) { return to_text(batch).find(text) != std::string::npos; };
    CHECK(said("  a (it cost 44 credits): provider-failed: ouch\n"));
    CHECK(said(".again.yaml says of each what can be done: it may have been paid for, or yet be rendered.)"));
    batch.jobs.push_back({.name = "b", .state = JobState::failed, .error = "moderation: no"});
    CHECK(said("with the same media. 1 of them stands there as a comment: it may have been paid for, or yet be rendered.)"));
    batch.jobs.erase(batch.jobs.begin());
    CHECK(said("has these jobs again, to be corrected and dropped with the same media.)"));
}

TEST_CASE("what is paid for, or may be, stands in the manifest of failed jobs as a comment, with the command that helps") {
    BatchReport batch{"spring", "", Instant{}, parse_rfc3339("2026-11-24T22:35:00.250Z"), {}};
    const auto failed = [](const std::string& name, const std::string& error, Credits spent) {
        return ReportedJob{.name = name, .state = JobState::failed, .error = error, .spent = spent, .image = "fox.png", .mode = "720p", .orientation = "video"};
    };
    const auto cost = Credits::whole(44);
    batch.jobs = {failed("a", "result-broken: cut short", cost), failed("b", "written-off: given up", cost), failed("c", "stuck: no end", Credits{}),
                  failed("d", "provider-failed: ouch", cost)};
    const auto entry = [](const std::string& name) {
        return "  # - id: \"" + name + "\"\n  #   image: \"fox.png\"\n  #   mode: 720p\n  #   orientation: video\n";
    };
    CHECK(again_manifest(batch) ==
          foreword + ("jobs:  # none can be rendered again just like that; what is in the way stands above each\n"
                      "  # result-broken: cut short\n"
                      "  # It is paid for. `motionspool retry --dry-run spring/a` tells whether its video can still be fetched, or would be rendered and paid "
                      "for again.\n" +
                      entry("a") +
                      "  # written-off: given up\n"
                      "  # It may have been paid for: `motionspool retry --cause written-off spring/b` takes the risk to pay for it twice.\n" +
                      entry("b") +
                      "  # stuck: no end\n"
                      "  # It may yet be rendered, and paid for: `motionspool retry spring/c` asks about its task again, and nothing is paid.\n" +
                      entry("c") +
                      "  # provider-failed: ouch\n"
                      "  # It cost 44 credits: take the # away if it shall be paid for again.\n" +
                      entry("d")));
    batch.jobs.push_back(failed("e", "moderation: no", Credits{}));
    CHECK(again_manifest(batch).find("\njobs:\n  # result-broken") != std::string::npos);
    CHECK(again_manifest(batch).ends_with("  # moderation: no\n  - id: \"e\"\n    image: \"fox.png\"\n    mode: 720p\n    orientation: video\n"));
}
