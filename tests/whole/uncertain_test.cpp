#include <doctest/doctest.h>
#include <boost/json/parse.hpp>
#include "whole/work.hpp"

namespace motionspool::whole {
namespace {

std::string state_of(const Rig& rig, const std::string& job) {
    for (const auto& row : rig.jobs()) {
        if (text_at(row.as_object(), "job") == job) return text_at(row.as_object(), "state");
    }
    return "none";
}

/// A batch of ten, whose fifth job's answer is lost as the fault says.
std::vector<Order> ten_with(const std::string& fault) {
    auto list = orders("lossy", 10);
    list[4].prompt += " [sim:" + fault + "]";
    return list;
}

TEST_CASE("a submission whose answer is lost becomes uncertain, is never sent again, and holds nobody up") {
    for (const std::string fault :
         {"lost-answer", "500-after", "504", "truncated-json", "code-500-after", "word-rate-limit", "empty-429-after", "code-402-with-task"}) {
        CAPTURE(fault);
        Rig rig;
        rig.start();
        const auto list = ten_with(fault);
        rig.drop("lossy", manifest_of("lossy", list));
        rig.wait_until_settled(10);
        const auto before = compare_histories(rig, list);
        CHECK(before.done == 9);
        CHECK(before.uncertain == 1);
        CHECK(before.tasks == 10);
        CHECK(state_of(rig, list[4].id) == "uncertain");
        CHECK(rig.stop() == Ended{0, 0});
        rig.start();
        rig.drop("later", manifest_of("later", {order("later", "later")}));  // whoever submits that would submit the lost one
        wait_until("a later job is done", [&] { return state_of(rig, "later") == "done"; });
        CHECK(state_of(rig, list[4].id) == "uncertain");
        CHECK(rig.journal().creations().size() == 11);
        CHECK(rig.journal().tasks().count(list[4].prompt) == 1);
        MESSAGE(fault << ": " << before.done << " done, " << before.uncertain << " uncertain, " << rig.journal().tasks().count(list[4].prompt)
                      << " task for it on the server, " << rig.journal().creations().size() << " createTasks in all, after a restart, too");
    }
}

TEST_CASE("a job that is uncertain keeps its credits reserved and says when and why in its history") {
    Rig rig;
    rig.start();
    const auto list = ten_with("lost-answer");
    rig.drop("lossy", manifest_of("lossy", list));
    rig.wait_until_settled(10);
    const auto said = rig.run({"show", "lossy/" + list[4].id, "--json"});
    REQUIRE(said.code == 0);
    const auto job = json::parse(said.out).as_object();
    CHECK(job.at("credits_reserved").as_int64() == 44);
    CHECK(job.at("credits_spent").as_int64() == 0);
    CHECK(job.at("task").is_null());
    REQUIRE(job.at("attempt_list").as_array().size() == 1);
    CHECK(text_at(job.at("attempt_list").as_array().front().as_object(), "state") == "uncertain");
    CHECK(said.out.find("uncertain: ") != std::string::npos);
}

}  // namespace
}  // namespace motionspool::whole
