#include "domain/acts.hpp"
#include <doctest/doctest.h>
#include <map>
#include <vector>

namespace motionspool::domain {
namespace {
using enum JobState;

const std::vector<JobState> all{queued, uploading, submitting, uncertain, running, downloading, done, failed, cancelled};

Subject in(JobState state) { return {state, false, "", std::nullopt}; }
Subject held_in(JobState state) { return {state, true, "", std::nullopt}; }
Subject failed_with(const std::string& code, std::optional<AttemptState> attempt = AttemptState::failed) { return {failed, false, code, attempt}; }

TEST_CASE("what each act does to a job in each state") {
    using D = Deed;
    const auto no = std::optional<Deed>{};
    const std::map<Act, std::vector<std::optional<Deed>>> table{
        // queued, uploading, submitting, uncertain, running, downloading, done, failed, cancelled
        {Act::hold, {D::hold, D::hold, D::hold, D::hold, D::hold, D::hold, no, no, no}},
        {Act::release, {no, no, no, no, no, no, no, no, no}},
        {Act::cancel, {D::cancel, D::cancel, no, no, no, no, no, no, no}},
        {Act::discard, {D::cancel, D::cancel, D::discard, D::discard, D::discard, D::discard, no, no, no}},
        {Act::retry, {no, no, no, no, no, no, no, D::queue, no}},
    };
    for (const auto& [act, deeds] : table) {
        for (std::size_t i = 0; i < all.size(); i++) {
            const auto name = std::string{to_string(act)};
            INFO(name << " of a job that is " << to_string(all[i]));
            const auto verdict = judge(act, in(all[i]));
            CHECK(verdict.deed == deeds[i]);
            CHECK(verdict.why_not.empty() == verdict.deed.has_value());
        }
    }
}

TEST_CASE("every deed is a way the table of transitions has") {
    for (const auto state : all) {
        for (const auto act : {Act::cancel, Act::discard}) {
            if (judge(act, in(state)).deed) CHECK(allowed(state, cancelled));
        }
    }
    CHECK(allowed(failed, queued));
    CHECK(allowed(failed, running));
    CHECK(allowed(failed, downloading));
}

TEST_CASE("what is held already is not held, and what is not held is not released; a release also lets those go that the breaker holds back") {
    for (const auto state : {queued, uploading, submitting, uncertain, running, downloading}) {
        const auto name = std::string{to_string(state)};
        CAPTURE(name);
        CHECK(judge(Act::hold, held_in(state)).why_not == "is held already");
        CHECK(judge(Act::release, held_in(state)).deed == Deed::release);
        CHECK_FALSE(judge(Act::release, in(state)).deed);
        auto tripped = in(state);
        tripped.tripped = true;
        CHECK(judge(Act::release, tripped).deed.has_value() == (state == queued || state == uploading));
    }
}

TEST_CASE("a retry of what is cancelled says how it comes back") {
    CHECK(judge(Act::retry, in(cancelled)).why_not == "is cancelled: drop it again, or `append:` it to the batch");
    CHECK(judge(Act::retry, in(done)).why_not == "is done");
}

TEST_CASE("what runs is held only for its next turn, and can be released again") {
    CHECK(judge(Act::release, {running, true, "", std::nullopt}).deed == Deed::release);
    CHECK(judge(Act::release, {done, true, "", std::nullopt}).deed == std::nullopt);
}

TEST_CASE("a retry never pays anew for what was rendered or may still be") {
    const std::map<AttemptState, std::optional<Deed>> table{
        {AttemptState::armed, std::nullopt},     {AttemptState::not_sent, Deed::queue},   {AttemptState::refused, Deed::queue},
        {AttemptState::uncertain, std::nullopt}, {AttemptState::submitted, std::nullopt}, {AttemptState::succeeded, Deed::deliver},
        {AttemptState::failed, Deed::queue},     {AttemptState::overdue, Deed::follow},   {AttemptState::written_off, std::nullopt},
    };
    for (const auto& [attempt, deed] : table) {
        const auto name = std::string{to_string(attempt)};
        INFO("its attempt is " << name);
        CHECK(judge(Act::retry, failed_with("some", attempt)).deed == deed);
        if (deed == Deed::queue) CHECK_FALSE(is_open(attempt));
    }
    CHECK(judge(Act::retry, failed_with("input-missing", std::nullopt)).deed == Deed::queue);
}

TEST_CASE("of several submissions the one decides that may still bring something, however old") {
    using A = AttemptState;
    const std::map<std::vector<A>, std::optional<A>> table{
        {{}, std::nullopt},
        {{A::failed}, A::failed},
        {{A::refused, A::failed}, A::failed},
        {{A::overdue, A::written_off}, A::overdue},
        {{A::written_off, A::failed}, A::written_off},
        {{A::succeeded, A::overdue, A::failed}, A::succeeded},
        {{A::submitted, A::succeeded}, A::submitted},
    };
    for (const auto& [attempts, found] : table) CHECK(telling(attempts) == found);
    CHECK(judge(Act::retry, failed_with("stuck", A::written_off), "written-off").deed == Deed::queue);
}

TEST_CASE("a retry without a cause leaves alone what would be refused again or may have been paid") {
    for (const std::string code : {"moderation", "bad-parameter", "written-off"}) {
        CAPTURE(code);
        const auto skipped = judge(Act::retry, failed_with(code));
        CHECK_FALSE(skipped.deed);
        CHECK(skipped.why_not.find("--cause " + code) != std::string_view::npos);
        CHECK(judge(Act::retry, failed_with(code), code).deed == Deed::queue);
    }
    for (const std::string code : {"image-fetch", "provider-failed", "input-changed", "no-upper-body", "result-missing"})
        CHECK(judge(Act::retry, failed_with(code)).deed == Deed::queue);
}

TEST_CASE("a cause picks its jobs alone, and no cause makes a job good that its manifest has wrong") {
    CHECK(judge(Act::retry, failed_with("moderation"), "image-fetch").why_not == "failed for another cause");
    for (const auto& cause : std::vector<std::optional<std::string>>{std::nullopt, "invalid"})
        CHECK(judge(Act::retry, failed_with("invalid", std::nullopt), cause).why_not.find("correct it") != std::string_view::npos);
}

}  // namespace
}  // namespace motionspool::domain
