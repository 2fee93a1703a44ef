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

TEST_CASE("the manifest of failed jobs holds those alone, each with its reason, quoted so that it can be read again") {
    CHECK(again_manifest(report()) ==
          "# The jobs of spring that failed. Put right what is wrong, then drop this as the manifest.yaml of a folder with the same media.\n"
          "version: 1\nnote: \"for <Friday>\"\njobs:\n"
          "  # moderation: \"no\" & <never>\n"
          "  - id: \"bear\"\n    image: \"bear.png\"\n    motion: \"https://x.example/w.mp4\"\n    seconds: 6.5\n    prompt: \"A \\\"bear\\\"\\nwaves \\\\ "
          "jumps\"\n"
          "    mode: 720p\n    orientation: video\n");
}

TEST_CASE("the manifest of failed jobs keeps the batch's words, and of an invalid job what its author wrote instead of a default") {
    BatchReport batch{"spring", "for Ana", Instant{}, std::nullopt, {}, {{"project", "4711"}}, 5, true};
    batch.jobs = {{.name = "fox",
                   .state = JobState::failed,
                   .error = "invalid: `mode` is \"4k\"; expected 720p or 1080p; unknown key \"takse\"",
                   .image = "fox.png",
                   .motion = "wave.mp4",
                   .mode = "720p",
                   .orientation = "video",
                   .as_written = {{"image", "fox.png"}, {"mode", "4k"}, {"takse", "2"}, {"prompt", ""}}}};
    CHECK(again_manifest(batch) ==
          "# The jobs of spring that failed. Put right what is wrong, then drop this as the manifest.yaml of a folder with the same media.\n"
          "version: 1\npriority: 5\npartial: true\nnote: \"for Ana\"\nlabels:\n  \"project\": \"4711\"\njobs:\n"
          "  # invalid: `mode` is \"4k\"; expected 720p or 1080p; unknown key \"takse\"\n"
          "  - id: \"fox\"\n    image: fox.png\n    motion: \"wave.mp4\"\n    mode: 4k\n    orientation: video\n    takse: 2\n    prompt:\n");
}
