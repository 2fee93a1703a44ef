#include "domain/report.hpp"
#include <doctest/doctest.h>
#include "domain/report_html.hpp"

namespace motionspool::domain {
namespace {
using namespace motionspool::literals;
using enum JobState;

const Instant accepted = parse_rfc3339("2026-11-24T22:05:01Z").value();

TEST_CASE("a batch that has ended well tells its files") {
    const BatchReport report{
        .batch = "foxes",
        .accepted = accepted,
        .ended = parse_rfc3339("2026-11-24T22:35:00.250Z"),
        .jobs = {{.name = "wave", .state = done, .output = "/srv/out/foxes/wave.mp4", .spent = 110_credits, .attempts = 1},
                 {.name = "jump", .state = done, .output = "/srv/out/foxes/jump.mp4", .spent = Credits::from_milli(44'500), .attempts = 2}}};
    CHECK(summary(report) == "2 of 2 done; 154.5 credits spent");
    CHECK(to_text(report) ==
          "foxes: 2 of 2 done; 154.5 credits spent\n"
          "accepted 2026-11-24T22:05:01Z, ended 2026-11-24T22:35:00Z\n"
          "\n"
          "Done\n"
          "  /srv/out/foxes/wave.mp4\n"
          "  /srv/out/foxes/jump.mp4\n");
}

TEST_CASE("a report tells failures first, each with its reason, and what needs a person") {
    const BatchReport report{.batch = "zoo",
                             .note = "for Ana",
                             .accepted = accepted,
                             .ended = {},
                             .jobs = {{.name = "a", .state = done, .output = "/o/a.mp4", .spent = 11_credits},
                                      {.name = "b", .state = failed, .error = "moderation: the prompt was refused"},
                                      {.name = "c", .state = cancelled},
                                      {.name = "d", .state = uncertain, .reserved = 44_credits},
                                      {.name = "e", .state = queued},
                                      {.name = "f", .state = running, .reserved = 33_credits},
                                      {.name = "g", .state = uploading},
                                      {.name = "h", .state = submitting, .reserved = 1_credits},
                                      {.name = "i", .state = downloading, .spent = 12_credits},
                                      {.name = "j", .state = failed, .error = "stuck: no end", .spent = 5_credits}}};
    CHECK(to_text(report) ==
          "zoo: 1 of 10 done, 2 failed, 1 cancelled, 6 to go; 28 credits spent, 78 reserved\n"
          "note: for Ana\n"
          "accepted 2026-11-24T22:05:01Z\n"
          "\n"
          "Failed\n"
          "  b: moderation: the prompt was refused\n"
          "    What to do: the provider's content rules refused it: change the prompt, the image or the motion\n"
          "  j (it cost 5 credits): stuck: no end\n"
          "    What to do: it is still asked about for three days, and delivered if it ends after all; render it again if that takes too long\n"
          "  (The file beside this one that ends in .again.yaml has these jobs again, to be corrected and dropped with the same media. 1 of them stands there "
          "as a comment: it "
          "may have been paid for, or yet be rendered.)\n"
          "\n"
          "Cancelled\n"
          "  c\n"
          "\n"
          "Needs a person: no clear answer came from the provider, the task may be rendering and paid\n"
          "  d: 44 credits stay reserved\n"
          "\n"
          "To go\n"
          "  e: queued\n"
          "  f: running\n"
          "  g: uploading\n"
          "  h: submitting\n"
          "  i: downloading\n"
          "\n"
          "Done\n"
          "  /o/a.mp4\n");
    const auto sum = totals(report);
    CHECK(sum.done == 1);
    CHECK(sum.failed == 2);
    CHECK(sum.cancelled == 1);
    CHECK(sum.open == 6);
    CHECK(sum.spent == 28_credits);
    CHECK(sum.reserved == 78_credits);
}

TEST_CASE("a report lists the provider's words that are not known, whatever became of the job") {
    BatchReport report{.batch = "zoo", .accepted = accepted, .ended = {}, .jobs = {{.name = "a", .state = done, .output = "/o/a.mp4"}}};
    CHECK(to_text(report).find("not known") == std::string::npos);
    CHECK(to_html(report).find("not known") == std::string::npos);
    report.unexplained = {"a: task failed: gremlins & gnomes"};
    CHECK(to_text(report).ends_with("\nThe provider's words that are not known (such a task is repeated once at most)\n  a: task failed: gremlins & gnomes\n"));
    CHECK(to_html(report).find("a: task failed: gremlins &amp; gnomes") != std::string::npos);
}

TEST_CASE("a report carries the batch's labels") {
    const BatchReport report{.batch = "none", .accepted = accepted, .ended = {}, .jobs = {}, .labels = {{"client", "acme"}, {"project", "4711"}}};
    CHECK(labels_of(report) == "labels: client=acme, project=4711");
    CHECK(to_text(report) == "none: 0 of 0 done; 0 credits spent\nlabels: client=acme, project=4711\naccepted 2026-11-24T22:05:01Z\n");
    CHECK(labels_of({.batch = "none", .accepted = accepted, .ended = {}}).empty());
}

TEST_CASE("a batch without jobs has a report, too") {
    CHECK(to_text({.batch = "none", .accepted = accepted, .ended = {}}) == "none: 0 of 0 done; 0 credits spent\naccepted 2026-11-24T22:05:01Z\n");
}

}  // namespace
}  // namespace motionspool::domain
