#include "domain/overview.hpp"
#include <doctest/doctest.h>
#include "domain/advice.hpp"

namespace motionspool::domain {
namespace {
using namespace motionspool::literals;
using enum JobState;

const Instant now = parse_rfc3339("2026-11-24T22:05:01.250Z").value();

TEST_CASE("at a glance, uncertain submissions are told apart from tasks") {
    Overview o{.counts = {{queued, 2}, {uncertain, 1}, {running, 3}},
               .tasks = 3,
               .uncertain = 1,
               .places = 4,
               .limit = 100,
               .reserved = 176_credits,
               .spent = {},
               .waits = {}};
    CHECK(to_text(o) ==
          "6 jobs: 2 queued, 1 uncertain, 3 running\n"
          "tasks at the provider: 3\n"
          "uncertain submissions: 1; each may be a task, too, keeps its credits reserved, and needs a person\n"
          "places taken by both: 4 of 100 (limits.running)\n"
          "credits: 0 spent in all, 176 reserved\n");
    o.callbacks = true;
    CHECK(to_text(o).find("and needs a person unless its callback comes\n") != std::string::npos);
    o.callbacks = false;
    o.places = 3;  // that one is old
    CHECK(to_text(o).find(
              "tasks at the provider: 3 of 100\nuncertain submissions: 1; each may be a task, too, keeps its credits reserved, and needs a person\ncredits") !=
          std::string::npos);
}

TEST_CASE("at a glance, what submissions wait for stands last") {
    const Overview o{.counts = {{queued, 1}},
                     .tasks = 0,
                     .uncertain = 0,
                     .places = 0,
                     .limit = {},
                     .reserved = {},
                     .spent = 44_credits,
                     .waits = std::pair{"disk", "/srv is full"}};
    CHECK(to_text(o) == "1 job: 1 queued\ntasks at the provider: 0\ncredits: 44 spent in all, 0 reserved\nsubmissions wait for disk: /srv is full\n");
    CHECK(to_text({}).starts_with("no jobs yet\n"));
}

TEST_CASE("STATUS.txt says whether the daemon runs, and how to see that it has died") {
    CHECK(
        status_file("render01", {}, now)
            .starts_with(
                "motionspool on render01\nrunning, as of 2026-11-24T22:05:01Z (written every minute: if that is long ago, it does not run)\n\nno jobs yet\n"));
    CHECK(stopped_status_file("render01", {}, now).starts_with("motionspool on render01\nnot running since 2026-11-24T22:05:01Z; "));
}

TEST_CASE("the advice on an uncertain job names what is at stake and every way out") {
    const auto text = advice_on_uncertain("spring/fox", now, 44_credits, false);
    for (const std::string part : {"2026-11-24T22:05:01.250Z", "44 credits", "`motionspool uncertain adopt spring/fox TASK`",
                                   "`uncertain write-off spring/fox`", "`uncertain resubmit spring/fox`", "paying twice"})
        CHECK(text.find(part) != std::string::npos);
    CHECK(text.find("callback") == std::string::npos);
    CHECK(advice_on_uncertain("spring/fox", now, 44_credits, true).find("its callback resolves this when it ends. Else look for the task") !=
          std::string::npos);
}

}  // namespace
}  // namespace motionspool::domain
