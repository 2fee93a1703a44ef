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

TEST_CASE("at a glance, what queued jobs wait for is counted, and money is told with its limits") {
    Overview o{.counts = {{queued, 6}}, .reserved = 44_credits, .spent = 110_credits, .waits = {}};
    o.waiting = {{Why::hold, 2}, {Why::budget, 3}};
    o.next = 1;
    o.balance = 812_credits;
    o.balance_read = now;
    o.available = 768_credits;
    o.budgets = {{"the day 2026-11-24", 110_credits, 44_credits, 200_credits, "credits.per_day"}, {"the share ads in 2026-11", 1_credits, {}, {}, ""}};
    CHECK(to_text(o) ==
          "6 jobs: 6 queued\nwaiting: 2 for hold, 3 for budget, 1 for their turn\ntasks at the provider: 0\n"
          "credits: 110 spent in all, 44 reserved\n"
          "the account held 812 credits at 2026-11-24T22:05:01Z, 768 of them for new jobs\n"
          "the day 2026-11-24: 110 credits spent, 44 reserved of 200 (credits.per_day)\n"
          "the share ads in 2026-11: 1 credits spent, 0 reserved\n");
    o.counts[queued] = 7;
    CHECK(to_text(o).find("waiting, of the first 6: 2 for hold") != std::string::npos);
}

TEST_CASE("at a glance, tasks that the provider does not know and clocks that disagree are told") {
    Overview o{.counts = {{running, 3}}, .tasks = 3, .waits = {}};
    o.unknown = 2;
    o.clocks = Dispute{now, now - std::chrono::hours{27}};
    CHECK(
        to_text(o) ==
        "3 jobs: 3 running\ntasks at the provider: 3\ntasks the provider does not know: 2; `motionspool jobs --state running` lists them, `show` tells more\n"
        "credits: 0 spent in all, 0 reserved\n"
        "this machine's clock says 2026-11-24T22:05:01Z and the provider's says 2026-11-23T19:05:01Z; they are more than 26 hours apart, so nobody knows which "
        "day's budget counts; jobs with such a budget wait\n");
}

TEST_CASE("at a glance, a spool that is gone is told, and since when") {
    Overview o{.counts = {{queued, 1}}, .waits = {}};
    o.lost_spool = {"/mnt/spool", now};
    CHECK(to_text(o).find("1 job: 1 queued\nthe spool /mnt/spool is gone since 2026-11-24T22:05:01Z; is it not mounted?") == 0);
    o.lost_spool->since.reset();
    CHECK(to_text(o).find("the spool /mnt/spool is gone; is it not mounted?") != std::string::npos);
}

TEST_CASE("a failed job's way back names the cause where it takes one") {
    CHECK(advice_on_retry("stuck", "a/b") == "`motionspool retry a/b` tries it again");
    for (const std::string code : {"moderation", "bad-parameter", "written-off"})
        CHECK(advice_on_retry(code, "a/b").find("`motionspool retry a/b --cause " + code + "`") != std::string::npos);
    CHECK(advice_on_retry("invalid", "a/b").find("correct it") == 0);
    for (const auto* code : {"input-changed", "input-missing"})
        CHECK(advice_on_retry(code, "a/b").find("put that back, then `motionspool retry a/b`") != std::string::npos);
    CHECK(advice_on_failure("written-off").find("--cause written-off") != std::string_view::npos);
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
    for (const std::string part : {"2026-11-24T22:05:01Z", "44 credits", "`motionspool uncertain adopt spring/fox TASK`",
                                   "`motionspool uncertain write-off spring/fox`", "`motionspool uncertain resubmit spring/fox`", "paying twice"})
        CHECK(text.find(part) != std::string::npos);
    CHECK(text.find("callback") == std::string::npos);
    CHECK(advice_on_uncertain("spring/fox", now, 44_credits, true).find("its callback resolves this when it ends. Else look for the task") !=
          std::string::npos);
}

}  // namespace
}  // namespace motionspool::domain
