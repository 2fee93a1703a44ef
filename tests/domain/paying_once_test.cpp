#include <doctest/doctest.h>
#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <string>
#include <vector>
#include "domain/acts.hpp"
#include "domain/attempt.hpp"
#include "domain/job.hpp"
#include "domain/retry.hpp"
#include "outcome_cases.hpp"

// Every interleaving there is of one job's life: the real tables, the real judgement of answers, crashes and lost answers anywhere. What is looked for is a
// state in which the provider holds more than one charge.
namespace motionspool::domain {
namespace {
using namespace cases;
using A = AttemptState;
using J = JobState;

/// The provider's side of an attempt, which the daemon does not see.
enum class Truth { unsent, turned_down, rendering, rendered, broken_free, broken_paid };
bool charged(Truth truth) { return truth == Truth::rendering || truth == Truth::rendered || truth == Truth::broken_paid; }

/// What createTask may answer.
enum class Answer {
    none,
    accepted,
    lost,
    broke,
    empty,
    gateway,
    word,    ///< of throttling, in a sentence nobody knows
    crash,   ///< "Segmentation violation"
    proxy,   ///< an empty 404: the provider's own answer may have been lost on the way
    full,    ///< an empty 429, likewise
    hidden,  ///< a refusal's code, and a task's id somewhere in the body
    poor,
    fast,
    wrong,
    field,
    edge,
    page,  ///< a 404 that is plainly the edge's
    moved,
    unreachable
};
constexpr std::array of_made_tasks{Answer::accepted, Answer::lost,  Answer::broke, Answer::empty, Answer::gateway,
                                   Answer::word,     Answer::crash, Answer::proxy, Answer::full,  Answer::hidden};
constexpr std::array of_no_task{Answer::poor,  Answer::fast,    Answer::wrong, Answer::field, Answer::edge,  Answer::page,  Answer::moved, Answer::lost,
                                Answer::broke, Answer::gateway, Answer::empty, Answer::word,  Answer::crash, Answer::proxy, Answer::full,  Answer::hidden};
Envelope envelope(Answer answer) {
    switch (answer) {
        case Answer::none: break;
        case Answer::accepted: return body(200, 200, "success", "t");
        case Answer::lost: return silence(700, "reset");
        case Answer::broke: return body(200, 500, "Internal error");
        case Answer::empty: return body(200, 200);
        case Answer::gateway: return no_json(502);
        case Answer::word: return body(200, 500, "upstream rate limit hit while saving record");
        case Answer::crash: return body(200, 500, "Segmentation violation");
        case Answer::proxy: return no_json(404);
        case Answer::full: return no_json(429);
        case Answer::hidden: {
            auto hidden = body(200, 433, "no");
            hidden.hint = "7a1";
            return hidden;
        }
        case Answer::poor: return body(200, 402, "no");
        case Answer::fast: return body(200, 429, "slow");
        case Answer::wrong: return body(200, 422, "mode is not within the range of allowed options");
        case Answer::field: return body(200, 500, "This field is required");
        case Answer::edge: return no_json(403);
        case Answer::page: return no_json(404, page_of("404 Not Found"));
        case Answer::moved: return no_json(307);
        case Answer::unreachable: return silence(0, "gone");
    }
    return {};
}

struct Try {
    A state = A::armed;
    Truth truth = Truth::unsent;
    Answer answer = Answer::none;  ///< on its way back; a crash loses it
    friend auto operator<=>(const Try&, const Try&) = default;
};
struct State {
    J job = J::queued;
    std::vector<Try> tries;
    friend auto operator<=>(const State&, const State&) = default;
};

/// The design under test, so that broken ones can show what this finds.
struct Design {
    std::function<Submission(const Envelope&)> judge = judge_submission;
    std::function<bool(A)> open = is_open;
    std::vector<JobTransition> jobs{job_transitions().begin(), job_transitions().end()};
    std::vector<AttemptTransition> attempts{attempt_transitions().begin(), attempt_transitions().end()};
    std::function<bool(FailCause, std::optional<Credits>, int, int)> retry = [](FailCause cause, std::optional<Credits> consumed, int made, int most) {
        return may_retry(cause, consumed, made, most);
    };
    /// What `retry` does to a failed job; by its last attempt, and the code it failed with.
    std::function<std::optional<Deed>(const Subject&)> by_hand = [](const Subject& job) { return domain::judge(Act::retry, job).deed; };
};

constexpr int most_tries = 3;
class Walk {
public:
    /// @param enough charges end the walk
    explicit Walk(Design design, int enough = most_tries + 1) : design_{std::move(design)}, enough_{enough} { go({}); }
    int most_charges = 0;
    std::size_t states = 0;
    std::set<J> jobs_seen;
    std::set<A> attempts_seen;

private:
    void go(const State& first) {
        std::vector<State> todo{first};
        while (!todo.empty() && most_charges < enough_) {
            const State state = todo.back();
            todo.pop_back();
            if (!seen_.insert(state).second) continue;
            note(state);
            next_.clear();
            move(state);
            todo.insert(todo.end(), next_.begin(), next_.end());
        }
        states = seen_.size();
    }
    void note(const State& s) {
        most_charges = std::max(most_charges, static_cast<int>(std::ranges::count_if(s.tries, [](const Try& t) { return charged(t.truth); })));
        jobs_seen.insert(s.job);
        for (const auto& t : s.tries) attempts_seen.insert(t.state);
    }

    [[nodiscard]] bool job_may(J from, J to) const {
        return std::ranges::any_of(design_.jobs, [&](const JobTransition& t) { return t.from == from && t.to == to; });
    }
    [[nodiscard]] bool attempt_may(A from, A to) const {
        return std::ranges::any_of(design_.attempts, [&](const AttemptTransition& t) { return t.from == from && t.to == to; });
    }

    /// The step, if both tables have it and the job stands where it is expected; what the store does. A job that was given up stays cancelled.
    void step(State s, std::size_t at, A to, J from, J job) {
        const bool given_up = s.job == J::cancelled;
        if ((!given_up && (s.job != from || !job_may(from, job))) || !attempt_may(s.tries[at].state, to)) return;
        s.tries[at].state = to;
        s.tries[at].answer = Answer::none;
        if (!given_up) s.job = job;
        next_.push_back(std::move(s));
    }
    void now(const State& s, std::size_t at, Truth truth, Answer answer = Answer::none) {
        State after = s;
        after.tries[at].truth = truth;
        if (answer != Answer::none) after.tries[at].answer = answer;
        next_.push_back(std::move(after));
    }

    void move(const State& s) {
        crash(s);
        retry_by_hand(s);
        for (const auto& t : design_.jobs) wander(s, t);
        const bool any_open = std::ranges::any_of(s.tries, [&](const Try& t) { return design_.open(t.state); });
        if (s.job == J::queued && !any_open && s.tries.size() < most_tries && job_may(J::queued, J::submitting)) {
            State armed = s;
            armed.job = J::submitting;
            armed.tries.emplace_back();
            next_.push_back(armed);
        }
        for (std::size_t at = 0; at < s.tries.size(); at++) {
            provider(s, at);
            daemon(s, at);
            for (const auto& t : design_.attempts) wander(s, at, t);
        }
    }

    /// Every way of the job's table that no attempt takes it along.
    void wander(const State& s, const JobTransition& t) {
        static const std::set<std::pair<J, J>> along{
            {J::queued, J::submitting}, {J::submitting, J::running}, {J::submitting, J::queued},   {J::submitting, J::failed}, {J::submitting, J::uncertain},
            {J::uncertain, J::running}, {J::uncertain, J::failed},   {J::running, J::downloading}, {J::running, J::queued},    {J::running, J::failed},
            {J::failed, J::running},    {J::failed, J::queued},      {J::failed, J::downloading}};
        if (along.contains({t.from, t.to}) || s.job != t.from) return;
        State after = s;
        after.job = t.to;
        next_.push_back(after);
    }
    /// Every way of the attempts' table that is not told of below, taken without the job.
    void wander(const State& s, std::size_t at, const AttemptTransition& t) {
        static const std::set<std::pair<A, A>> told{{A::armed, A::submitted},   {A::armed, A::refused},        {A::armed, A::uncertain},
                                                    {A::armed, A::not_sent},    {A::submitted, A::succeeded},  {A::submitted, A::failed},
                                                    {A::submitted, A::overdue}, {A::uncertain, A::submitted},  {A::uncertain, A::written_off},
                                                    {A::overdue, A::submitted}, {A::written_off, A::submitted}};
        if (!t.from || told.contains({*t.from, t.to}) || s.tries[at].state != *t.from) return;
        State after = s;
        after.tries[at].state = t.to;
        next_.push_back(after);
    }

    /// `retry`, at any time. What is known to have failed is booked and over: its charge is no second one for what comes.
    void retry_by_hand(State s) {
        if (s.job != J::failed) return;
        Subject job{J::failed, false, "provider-failed", std::nullopt};
        if (!s.tries.empty()) job.attempt = s.tries.back().state;
        if (job.attempt == A::written_off) job.error_code = "written-off";
        const auto deed = design_.by_hand(job);
        if (!deed || *deed == Deed::follow) return;  // as late evidence
        s.job = *deed == Deed::deliver ? J::downloading : J::queued;
        std::erase_if(s.tries, [](const Try& t) { return t.state == A::failed; });
        if (job_may(J::failed, s.job)) next_.push_back(std::move(s));
    }

    /// The process ends: answers on their way are lost; at its start every armed attempt becomes uncertain.
    void crash(State s) {
        for (auto& t : s.tries) {
            t.answer = Answer::none;
            if (t.state != A::armed) continue;
            if (!attempt_may(A::armed, A::uncertain)) continue;
            t.state = A::uncertain;
            if (s.job != J::cancelled) s.job = J::uncertain;
        }
        if (s.job == J::uploading) s.job = J::queued;
        next_.push_back(std::move(s));
    }

    void provider(const State& s, std::size_t at) {
        const auto& t = s.tries[at];
        const bool under_way = t.truth == Truth::unsent && (t.state == A::armed || t.state == A::uncertain);  // after a crash the bytes may still arrive
        if (under_way) {
            const bool hears = t.state == A::armed;
            for (const auto answer : of_made_tasks) now(s, at, Truth::rendering, hears ? answer : Answer::none);
            for (const auto answer : of_no_task) now(s, at, Truth::turned_down, hears ? answer : Answer::none);
            if (hears) now(s, at, Truth::turned_down, Answer::unreachable);
        }
        if (t.truth == Truth::rendering) {
            for (const auto end : {Truth::rendered, Truth::broken_free, Truth::broken_paid}) now(s, at, end);
        }
    }

    void daemon(const State& s, std::size_t at) {
        const auto& t = s.tries[at];
        if (t.state == A::armed && t.answer != Answer::none) return hear(s, at, design_.judge(envelope(t.answer)));
        const bool exists = t.truth == Truth::rendering || t.truth == Truth::rendered || t.truth == Truth::broken_free || t.truth == Truth::broken_paid;
        if (t.state == A::uncertain) {
            step(s, at, A::written_off, J::uncertain, J::failed);
            if (exists) step(s, at, A::submitted, J::uncertain, J::running);
        }
        if ((t.state == A::overdue || t.state == A::written_off) && exists) step(s, at, A::submitted, J::failed, J::running);
        if (t.state != A::submitted) return;
        step(s, at, A::overdue, J::running, J::failed);
        if (t.truth == Truth::rendered) step(s, at, A::succeeded, J::running, J::downloading);
        if (t.truth == Truth::broken_free) fail(s, at, Credits{});
        if (t.truth == Truth::broken_paid) fail(s, at, Credits::whole(5));
        if (t.truth == Truth::broken_paid || t.truth == Truth::broken_free) fail(s, at, std::nullopt);
    }

    void fail(const State& s, std::size_t at, std::optional<Credits> consumed) {
        step(s, at, A::failed, J::running, J::failed);
        if (design_.retry(FailCause::provider_failed, consumed, static_cast<int>(s.tries.size()), most_tries)) step(s, at, A::failed, J::running, J::queued);
    }

    void hear(const State& s, std::size_t at, const Submission& outcome) {
        if (std::holds_alternative<Accepted>(outcome))
            step(s, at, A::submitted, J::submitting, J::running);
        else if (std::holds_alternative<Uncertain>(outcome))
            step(s, at, A::uncertain, J::submitting, J::uncertain);
        else if (std::holds_alternative<NotSent>(outcome))
            step(s, at, A::not_sent, J::submitting, J::queued);
        else {
            step(s, at, A::refused, J::submitting, J::queued);
            step(s, at, A::refused, J::submitting, J::failed);
        }
    }

    Design design_;
    int enough_;
    std::set<State> seen_;
    std::vector<State> next_;
};

TEST_CASE("no interleaving of crashes, lost answers and late evidence charges a job twice") {
    const Walk walk{Design{}};
    CHECK(walk.most_charges == 1);
    CHECK(walk.states > 500);
    CHECK(walk.jobs_seen.size() == 9);
    CHECK(walk.attempts_seen.size() == 9);
}

/// What a design pays that reads one answer as a refusal.
int paid_by_trusting(Answer trusted) {
    Design design;
    design.judge = [trusted](const Envelope& answer) -> Submission {
        const auto here = envelope(trusted);
        const bool same = answer.http_status == here.http_status && answer.code == here.code && answer.message == here.message && answer.page == here.page;
        return same ? Submission{SlowDown{}} : judge_submission(answer);
    };
    return Walk{design, 3}.most_charges;
}

TEST_CASE("the walk finds what a design pays that believes a word, an empty page, or a code beside a task") {
    for (const auto trusted : {Answer::word, Answer::crash, Answer::proxy, Answer::full, Answer::hidden}) {
        CAPTURE(static_cast<int>(trusted));
        CHECK(paid_by_trusting(trusted) == 3);
    }
    for (const auto trusted : {Answer::poor, Answer::field, Answer::page, Answer::moved}) {
        CAPTURE(static_cast<int>(trusted));
        CHECK(paid_by_trusting(trusted) == 1);
    }
}

TEST_CASE("the walk finds what broken designs pay") {
    Design resends;  // on silence
    resends.judge = [](const Envelope& answer) -> Submission { return answer.http_status == 0 ? Submission{NotSent{}} : judge_submission(answer); };
    CHECK(Walk{resends, 3}.most_charges == 3);
    Design trusts_500;
    trusts_500.judge = [](const Envelope& answer) -> Submission {
        return answer.code == 500 ? Submission{Refused{Refusal::bad_parameter, {}}} : judge_submission(answer);
    };
    CHECK(Walk{trusts_500, 3}.most_charges == 3);
    Design forgets_gateways;
    forgets_gateways.judge = [](const Envelope& answer) -> Submission { return answer.http_status == 502 ? Submission{SlowDown{}} : judge_submission(answer); };
    CHECK(Walk{forgets_gateways, 3}.most_charges == 3);
    Design retries_paid_failures;
    retries_paid_failures.retry = [](FailCause, std::optional<Credits> consumed, int made, int most) {
        return (!consumed || *consumed >= Credits{}) && made < most;
    };
    CHECK(Walk{retries_paid_failures, 3}.most_charges == 3);
}

TEST_CASE("the walk finds a table with one way too many") {
    const auto with_job = [](J from, J to) {
        Design design;
        design.jobs.push_back({from, to});
        return design;
    };
    Design retries_all;  // what is overdue or written off, too
    retries_all.by_hand = [](const Subject&) { return std::optional{Deed::queue}; };
    CHECK(Walk{retries_all, 2}.most_charges == 2);
    CHECK(Walk{with_job(J::done, J::queued), 2}.most_charges == 2);
    CHECK(Walk{with_job(J::downloading, J::queued), 2}.most_charges == 2);
    auto lets_go = with_job(J::uncertain, J::queued);
    CHECK(Walk{lets_go}.most_charges == 1);  // an open attempt still stands in the way
    lets_go.attempts.push_back({A::uncertain, A::not_sent, Entry::release});
    CHECK(Walk{lets_go, 2}.most_charges == 2);
    auto looks_away = with_job(J::uncertain, J::queued);
    looks_away.open = [](A state) { return state == A::armed || state == A::submitted; };
    CHECK(Walk{looks_away, 2}.most_charges == 2);
}

}  // namespace
}  // namespace motionspool::domain
