#include "domain/append.hpp"
#include <doctest/doctest.h>
#include <vector>

namespace motionspool::domain {
namespace {
using namespace literals;

std::optional<AppendDeed> deed(JobState state, std::optional<AttemptState> attempt = std::nullopt, bool same_work = false) {
    return judge_append({state, attempt, same_work}).deed;
}

TEST_CASE("an id of a failed or cancelled job is replaced by the appended one") {
    for (const auto state : {JobState::failed, JobState::cancelled}) {
        CHECK(deed(state) == AppendDeed::replace);
        for (const auto attempt : {AttemptState::not_sent, AttemptState::refused, AttemptState::failed}) {
            CHECK(deed(state, attempt, false) == AppendDeed::replace);
            CHECK(deed(state, attempt, true) == AppendDeed::replace);
        }
    }
}

TEST_CASE("an id of a job that is done or still going is refused, whatever is appended") {
    CHECK(judge_append({JobState::done, AttemptState::succeeded, true}).why_not == "is done; choose another id, or leave the job out");
    for (const auto state : {JobState::queued, JobState::uploading, JobState::submitting, JobState::uncertain, JobState::running, JobState::downloading}) {
        const auto verdict = judge_append({state, std::nullopt, false});
        CHECK_FALSE(verdict.deed.has_value());
        CHECK(verdict.why_not == "has not ended; choose another id, or cancel that one first");
    }
}

TEST_CASE("the same work is not paid for twice: what was paid is taken up") {
    CHECK(deed(JobState::failed, AttemptState::succeeded, true) == AppendDeed::deliver);
    CHECK(deed(JobState::cancelled, AttemptState::succeeded, true) == AppendDeed::deliver);
    CHECK(deed(JobState::failed, AttemptState::overdue, true) == AppendDeed::follow);
    CHECK(deed(JobState::cancelled, AttemptState::submitted, true) == AppendDeed::resume);
    for (const auto attempt : {AttemptState::succeeded, AttemptState::overdue, AttemptState::submitted})
        CHECK(deed(JobState::cancelled, attempt, false) == AppendDeed::replace);
}

TEST_CASE("what was written off is risked again by other work alone") {
    CHECK(deed(JobState::failed, AttemptState::written_off, false) == AppendDeed::replace);
    CHECK(judge_append({JobState::failed, AttemptState::written_off, true}).why_not.find("--cause written-off") != std::string_view::npos);
}

TEST_CASE("a job given up while nobody knew whether it was paid for keeps its id until somebody does") {
    for (const auto attempt : {AttemptState::armed, AttemptState::uncertain}) {
        for (const bool same : {false, true}) {
            const auto verdict = judge_append({JobState::cancelled, attempt, same});
            CHECK_FALSE(verdict.deed.has_value());
            CHECK(verdict.why_not.find("uncertain list") != std::string_view::npos);
        }
    }
}

TEST_CASE("what is appended is asked about when it is above the limit, or crosses it, and not again for what was released") {
    CHECK_FALSE(asks_again(9000_credits, 9000_credits, std::nullopt));
    CHECK_FALSE(asks_again(0_credits, 5000_credits, 5000_credits));
    CHECK(asks_again(0_credits, 5001_credits, 5000_credits));
    CHECK(asks_again(4000_credits, 1001_credits, 5000_credits));
    CHECK_FALSE(asks_again(4000_credits, 1000_credits, 5000_credits));
    CHECK_FALSE(asks_again(8000_credits, 100_credits, 5000_credits));
}

TEST_CASE("a batch that is not there is named, with the one that may be meant") {
    const std::vector<std::string_view> batches{"spring-mascots", "autumn"};
    CHECK(no_batch_to_append_to("spring-mascot", batches) == "there is no batch \"spring-mascot\" to append to; did you mean \"spring-mascots\"?");
    CHECK(no_batch_to_append_to("winter", batches) == "there is no batch \"winter\" to append to; write `batch: winter` if it shall be a new one");
}

}  // namespace
}  // namespace motionspool::domain
