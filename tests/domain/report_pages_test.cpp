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
          "version: 1\njobs:\n"
          "  # moderation: \"no\" & <never>\n"
          "  - id: \"bear\"\n    image: \"bear.png\"\n    motion: \"https://x.example/w.mp4\"\n    seconds: 6.5\n    prompt: \"A \\\"bear\\\"\\nwaves \\\\ "
          "jumps\"\n"
          "    mode: 720p\n    orientation: video\n");
}
