#include <doctest/doctest.h>
#include <algorithm>
#include "whole/watcher.hpp"
#include "whole/work.hpp"

namespace motionspool::whole {
namespace {

/// A job whose task misbehaves as its prompt says, and what must come of it.
struct Case {
    std::string id, faults, state, error;
};

std::vector<Order> orders_of(const std::vector<Case>& cases) {
    std::vector<Order> list;
    for (const auto& one : cases) list.push_back(order(one.id, one.id + " " + one.faults));
    return list;
}

/// Runs them all at once, with a watcher that opens each video as it appears.
void run_cases(const std::vector<Case>& cases, const std::string& limits) {
    Rig rig{{.limits = limits}};
    rig.start();
    Watcher watcher{rig.output(), {sha256_of(media("wave.mp4"))}};
    const auto list = orders_of(cases);
    rig.drop("faulty", manifest_of("faulty", list));
    rig.wait_until_settled(cases.size(), 2 * patience);
    const auto tally = compare_histories(rig, list);
    std::map<std::string, json::object> rows;
    for (const auto& row : rig.jobs()) rows.emplace(text_at(row.as_object(), "job"), row.as_object());
    for (const auto& one : cases) {
        const auto& row = rows.at(one.id);
        const auto code = row.at("error").is_null() ? "" : text_at(row.at("error").as_object(), "code");
        CHECK_MESSAGE(text_at(row, "state") == one.state, one.id);
        CHECK_MESSAGE(code == one.error, one.id);
        MESSAGE(one.id << ": " << text_at(row, "state") << " " << code);
    }
    CHECK(rig.stop() == Ended{0, 0});
    watcher.stop();
    CHECK(watcher.faults().empty());
    const auto expected = std::ranges::count_if(cases, [](const Case& one) { return one.state == "done"; });
    CHECK(watcher.seen() == static_cast<std::size_t>(expected));
    CHECK(tally.leftovers == 0);
    MESSAGE(cases.size() << " jobs: " << tally.done << " done; " << watcher.seen() << " videos looked at as they appeared, " << watcher.faults().size()
                         << " not whole");
}

TEST_CASE("whatever goes wrong on the way of a result, its file is whole or not there") {
    run_cases({{"cut", "[sim:cut-download*2]", "done", ""},
               {"last-byte", "[sim:short-download*1]", "done", ""},
               {"html", "[sim:html-download*1]", "done", ""},
               {"empty-body", "[sim:empty-download*1]", "done", ""},
               {"expired", "[sim:expired-link]", "done", ""},
               {"redirected", "[sim:redirect-download]", "done", ""},
               {"no-range", "[sim:cut-download*1] [sim:ignore-range]", "done", ""},
               {"result-500", "[sim:download-500*1]", "done", ""},
               {"poll-500", "[sim:poll-500*1]", "done", ""},
               {"poll-garbage", "[sim:poll-garbage*1]", "done", ""},
               {"poll-drop", "[sim:poll-drop*1]", "done", ""},
               {"null-at-first", "[sim:create-422-not-found]", "done", ""},
               {"odd-state", "[sim:odd-state]", "done", ""},
               {"plain", "", "done", ""}},
              "submissions: 1000 per 1s, polls: 1000 per 1s, running: 1000");
}

TEST_CASE("a task that brings no video ends its job with the reason, and a free failure is tried again") {
    run_cases({{"moderated", "[sim:fail-moderation]", "failed", "moderation"},
               {"no-body", "[sim:fail-no-upper-body]", "failed", "no-upper-body"},
               {"no-character", "[sim:fail-no-character]", "failed", "no-character"},
               {"rejected", "[sim:fail-rejected]", "failed", "moderation"},
               {"no-url", "[sim:empty-result]", "failed", "result-missing"},
               {"null-result", "[sim:null-result]", "failed", "result-missing"},
               {"no-result", "[sim:absent-result]", "failed", "result-missing"},
               {"charged", "[sim:fail-charged]", "failed", "provider-failed"},
               {"unanswered", "[sim:500-before]", "uncertain", ""},
               {"plain", "", "done", ""}},
              "submissions: 1000 per 1s, polls: 1000 per 1s, running: 1000, attempts: 2");
}

TEST_CASE("a task that never ends is given up at the deadline, and counted as spent") {
    Rig rig{{.limits = "submissions: 1000 per 1s, polls: 1000 per 1s, running: 1000, task_deadline: 4s"}};
    rig.start();
    rig.drop("faulty", manifest_of("faulty", {order("never", "never [sim:stuck]")}));
    rig.wait_until_settled(1);
    const auto job = rig.jobs().at(0).as_object();
    CHECK(text_at(job, "state") == "failed");
    CHECK(text_at(job.at("error").as_object(), "code") == "stuck");
    CHECK(job.at("credits_spent").as_int64() == 44);
    CHECK(rig.journal().creations().size() == 1);
    MESSAGE("stuck: " << text_at(job.at("error").as_object(), "message"));
}

TEST_CASE("a task that fails free of charge is submitted again, up to limits.attempts, and never beside a live one") {
    Rig rig{{.limits = "submissions: 1000 per 1s, polls: 1000 per 1s, running: 1000, attempts: 2"}};
    rig.start();
    rig.drop("faulty", manifest_of("faulty", {order("always", "always [sim:fail-internal]"), order("once", "once [sim:fail-internal*1]")}));
    rig.wait_until_settled(2);
    const auto tasks = rig.journal().tasks();
    CHECK(tasks.count("always [sim:fail-internal]") == 2);
    CHECK(tasks.count("once [sim:fail-internal*1]") == 2);
    const auto states = rig.states();
    CHECK(states == std::map<std::string, std::size_t>{{"done", 1}, {"failed", 1}});
    std::int64_t spent = 0;
    for (const auto& job : rig.jobs()) spent += job.as_object().at("credits_spent").as_int64();
    CHECK(spent == 44);
}

}  // namespace
}  // namespace motionspool::whole
