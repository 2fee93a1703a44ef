#include <doctest/doctest.h>
#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <span>
#include <utility>
#include <vector>
#include "domain/acts.hpp"
#include "domain/append.hpp"
#include "domain/attempt.hpp"
#include "domain/evidence.hpp"
#include "domain/job.hpp"
#include "domain/retry.hpp"
#include "outcome_cases.hpp"

// One job and the person on duty: crashes, lost answers, callbacks, adopt, write-off, resubmit, retry and cancel in every order there is, over the real tables
// and the real rules. What is counted is what the provider may charge for, against the risks that were taken knowingly.
namespace motionspool::domain {
namespace {
using namespace cases;
using A = AttemptState;
using J = JobState;

enum class Truth { unsent, turned_down, rendering, rendered, broken_free, broken_paid };
enum class Answer { none, accepted, lost, broke, word, proxy, hidden, refused, field, slow, moved, unreachable };
constexpr std::array of_made_tasks{Answer::accepted, Answer::lost, Answer::broke, Answer::word, Answer::proxy, Answer::hidden};
constexpr std::array of_no_task{Answer::refused, Answer::field, Answer::slow,  Answer::moved,  Answer::lost,
                                Answer::broke,   Answer::word,  Answer::proxy, Answer::hidden, Answer::unreachable};

Envelope envelope(Answer answer) {
    switch (answer) {
        case Answer::none: break;
        case Answer::accepted: return body(200, 200, "success", "t");
        case Answer::lost: return silence(700, "reset");
        case Answer::broke: return body(200, 500, "Internal error");
        case Answer::word: return body(200, 500, "upstream rate limit hit while saving record");
        case Answer::proxy: return no_json(404);
        case Answer::hidden: {
            auto hidden = body(200, 433, "no");
            hidden.hint = "7a1";
            return hidden;
        }
        case Answer::refused: return body(200, 422, "mode is not within the range of allowed options");
        case Answer::field: return body(200, 500, "This field is required");
        case Answer::moved: return no_json(307);
        case Answer::slow: return body(200, 429, "slow");
        case Answer::unreachable: return silence(0, "gone");
    }
    return {};
}

struct Try {
    A state = A::armed;
    Truth truth = Truth::unsent;
    Answer answer = Answer::none;
    bool hint = false;  ///< a callback has named its task
    friend auto operator<=>(const Try&, const Try&) = default;
    [[nodiscard]] bool exists() const { return truth != Truth::unsent && truth != Truth::turned_down; }
    [[nodiscard]] bool charged() const { return exists() && truth != Truth::broken_free; }
};

struct State {
    J job = J::queued;
    std::vector<Try> tries;
    bool written_off = false;  ///< what the job failed with
    int risks = 0;             ///< so often a person said: pay again, knowing that it may have been paid
    friend auto operator<=>(const State&, const State&) = default;
    [[nodiscard]] int charges() const {
        return static_cast<int>(std::ranges::count_if(tries, [](const Try& t) { return t.charged(); }));
    }
};

struct Design {
    std::function<Submission(const Envelope&)> judge = judge_submission;
    int most_risks = 1;
    std::function<Judgement(const Subject&, const std::optional<std::string>&)> retry = [](const Subject& job, const std::optional<std::string>& cause) {
        return domain::judge(Act::retry, job, cause);
    };
    std::function<std::optional<A>(std::span<const A>)> telling = domain::telling;
};

class Walk {
public:
    /// @param enough charges that nobody took the risk of end the walk
    explicit Walk(Design design, int enough = static_cast<int>(most_tries) + 1) : design_{std::move(design)} {
        std::vector<State> todo{State{}};
        while (!todo.empty() && most_beyond_risks < enough) {
            const State s = todo.back();
            todo.pop_back();
            if (!seen_.insert(s).second) continue;
            most_charges = std::max(most_charges, s.charges());
            most_beyond_risks = std::max(most_beyond_risks, s.charges() - s.risks);
            next_.clear();
            move(s);
            todo.insert(todo.end(), next_.begin(), next_.end());
        }
        states = seen_.size();
    }
    int most_charges = 0, most_beyond_risks = 0;
    std::size_t states = 0;
    std::set<std::pair<J, J>> job_ways;
    std::set<std::pair<std::optional<A>, A>> attempt_ways;

private:
    static constexpr std::size_t most_tries = 3;

    [[nodiscard]] static const Try* open_of(const State& s) {
        const auto it = std::ranges::find_if(s.tries, [](const Try& t) { return is_open(t.state); });
        return it == s.tries.end() ? nullptr : &*it;
    }

    /// The job's step; nothing if its table has no such way or it stands elsewhere.
    bool take_job(State& s, J from, J to) {
        if (s.job != from || !allowed(from, to)) return false;
        job_ways.emplace(from, to);
        s.job = to;
        return true;
    }
    bool take_attempt(Try& t, A to) {
        if (!entry_of(t.state, to)) return false;
        attempt_ways.emplace(t.state, to);
        t.state = to;
        t.answer = Answer::none;
        return true;
    }
    /// Both, or the attempt alone where the job no longer waits for it (cancelled with --discard, or served by another submission).
    void step(State s, std::size_t at, A to, J from, J job, bool written_off = false) {
        const bool elsewhere = s.job != from;
        if (!take_attempt(s.tries[at], to)) return;
        if (!elsewhere && !take_job(s, from, job)) return;
        if (!elsewhere) s.written_off = written_off;
        next_.push_back(std::move(s));
    }
    void job_step(State s, J from, J to) {
        if (take_job(s, from, to)) next_.push_back(std::move(s));
    }

    void move(const State& s) {
        for (const auto to : {J::uploading, J::queued, J::failed, J::cancelled}) {
            if (s.job == J::queued || s.job == J::uploading) job_step(s, s.job, to);
        }
        job_step(s, J::downloading, J::done);
        job_step(s, J::downloading, J::failed);
        arm(s);
        crash(s);
        by_hand(s);
        for (std::size_t at = 0; at < s.tries.size(); at++) {
            provider(s, at);
            answer(s, at);
            follow(s, at);
            evidence(s, at);
        }
    }

    void arm(State s) {
        if (s.tries.size() >= most_tries || open_of(s) != nullptr) return;
        if (!take_job(s, J::queued, J::submitting)) return;
        attempt_ways.emplace(std::nullopt, A::armed);
        s.tries.emplace_back();
        next_.push_back(std::move(s));
    }

    /// Answers on their way are lost, but for one whose commit failed: its task may be with the money side-file.
    void crash(const State& s) {
        for (const bool kept : {false, true}) {
            State after = s;
            for (auto& t : after.tries) {
                const bool accepted = t.answer == Answer::accepted;
                t.answer = Answer::none;
                if (t.state != A::armed) continue;
                const bool known = kept && accepted;
                if (!take_attempt(t, known ? A::submitted : A::uncertain)) return;
                if (after.job == J::submitting) (void)take_job(after, J::submitting, known ? J::running : J::uncertain);
            }
            if (after.job == J::uploading) (void)take_job(after, J::uploading, J::queued);
            next_.push_back(std::move(after));
        }
    }

    void provider(const State& s, std::size_t at) {
        const auto now = [&](Truth truth, Answer answer) {
            State after = s;
            after.tries[at].truth = truth;
            if (s.tries[at].state == A::armed) after.tries[at].answer = answer;
            next_.push_back(std::move(after));
        };
        const auto& t = s.tries[at];
        const bool may_arrive = t.state == A::armed || t.state == A::uncertain || t.state == A::written_off;
        if (t.truth == Truth::unsent && may_arrive) {
            for (const auto answer : of_made_tasks) now(Truth::rendering, answer);
            for (const auto answer : of_no_task) now(Truth::turned_down, answer);
        }
        if (t.truth == Truth::rendering) {
            for (const auto end : {Truth::rendered, Truth::broken_free, Truth::broken_paid}) now(end, t.answer);
        }
    }

    void answer(const State& s, std::size_t at) {
        const auto& t = s.tries[at];
        if (t.state != A::armed || t.answer == Answer::none) return;
        const auto outcome = design_.judge(envelope(t.answer));
        if (std::holds_alternative<Accepted>(outcome)) return step(s, at, A::submitted, J::submitting, J::running);
        if (std::holds_alternative<Uncertain>(outcome) || t.hint) return step(s, at, A::uncertain, J::submitting, J::uncertain);
        if (std::holds_alternative<NotSent>(outcome)) return step(s, at, A::not_sent, J::submitting, J::queued);
        step(s, at, A::refused, J::submitting, J::queued);
        step(s, at, A::refused, J::submitting, J::failed);
    }

    /// Polls of its task, in time and late.
    void follow(const State& s, std::size_t at) {
        const auto& t = s.tries[at];
        if (t.state == A::overdue && t.truth != Truth::rendering) step(s, at, A::submitted, J::failed, J::running);
        if (t.state != A::submitted) return;
        step(s, at, A::overdue, J::running, J::failed);
        if (t.truth == Truth::rendered) step(s, at, A::succeeded, J::running, J::downloading);
        if (t.truth != Truth::broken_free && t.truth != Truth::broken_paid) return;
        const auto consumed = t.truth == Truth::broken_free ? Credits{} : Credits::whole(5);
        step(s, at, A::failed, J::running, J::failed);
        if (may_retry(FailCause::provider_failed, consumed, 1, static_cast<int>(most_tries))) step(s, at, A::failed, J::running, J::queued);
    }

    /// A callback on the attempt's own URL, or `adopt`: both end with recordInfo's word about a task that exists.
    void evidence(const State& s, std::size_t at) {
        const auto& t = s.tries[at];
        if (!t.exists()) return;
        if (t.state == A::armed && !t.hint && meaning_of(t.state, std::nullopt, "t") == CallbackMeaning::hint) {
            State hinted = s;
            hinted.tries[at].hint = true;
            next_.push_back(std::move(hinted));
        }
        if (t.state != A::uncertain && t.state != A::written_off) return;
        const auto* open = open_of(s);
        if (open != nullptr && open != &t) {
            if (t.state != A::written_off || !wants_result(s.job)) return;
            const auto from = s.job == J::uncertain ? J::uncertain : J::running;
            if (t.truth == Truth::rendered) step(s, at, A::succeeded, from, J::downloading);
            if (t.truth == Truth::broken_free || t.truth == Truth::broken_paid) step_alone(s, at, A::failed);
            return;
        }
        const auto wanted = wants_result(s.job);
        if (!wanted) return;
        if (*wanted && s.job != J::running)
            step(s, at, A::submitted, s.job, J::running);
        else
            step_alone(s, at, A::submitted);
    }
    void step_alone(State s, std::size_t at, A to) {
        if (take_attempt(s.tries[at], to)) next_.push_back(std::move(s));
    }

    void by_hand(const State& s) {
        for (std::size_t at = 0; at < s.tries.size(); at++) {
            if (s.tries[at].state != A::uncertain) continue;
            step(s, at, A::written_off, J::uncertain, J::failed, true);
            if (s.job != J::uncertain || s.risks >= design_.most_risks) continue;
            State again = s;
            again.risks++;
            step(again, at, A::written_off, J::uncertain, J::queued);
        }
        if (judge(Act::cancel, subject(s)).deed || judge(Act::discard, subject(s)).deed) job_step(s, s.job, J::cancelled);
        append(s);
        retry(s, design_.retry(subject(s), std::nullopt).deed, 0);
        if (s.risks < design_.most_risks) retry(s, design_.retry(subject(s), "written-off").deed, 1);
    }

    /// Its id is appended again, with the same work.
    void append(const State& s) {
        const auto deed = judge_append({s.job, subject(s).attempt, true}).deed;
        if (!deed) return;
        if (*deed == AppendDeed::resume) job_step(s, s.job, J::running);
        if (*deed == AppendDeed::deliver) job_step(s, s.job, J::downloading);
        for (std::size_t at = 0; *deed == AppendDeed::follow && at < s.tries.size(); at++) {
            if (s.tries[at].state == A::overdue) step(s, at, A::submitted, s.job, J::running);
        }
        if (*deed != AppendDeed::replace) return;
        if (s.job == J::failed) job_step(s, J::failed, J::cancelled);
        State fresh = s;  // another row, and the same work
        fresh.job = J::queued;
        std::erase_if(fresh.tries, [](const Try& t) { return t.state == A::failed; });
        next_.push_back(std::move(fresh));
    }

    [[nodiscard]] Subject subject(const State& s) const {
        Subject job{s.job, false, s.written_off ? "written-off" : "provider-failed", std::nullopt};
        std::vector<A> attempts;
        for (const auto& t : s.tries) attempts.push_back(t.state);
        job.attempt = design_.telling(attempts);
        return job;
    }

    /// What is known to have failed is booked and over: its charge is no second one for what comes.
    void retry(State s, std::optional<Deed> deed, int risk) {
        if (!deed || *deed == Deed::follow) return;  // that is late evidence
        if (!take_job(s, J::failed, *deed == Deed::deliver ? J::downloading : J::queued)) return;
        s.risks += risk;
        s.written_off = false;
        std::erase_if(s.tries, [](const Try& t) { return t.state == A::failed; });
        next_.push_back(std::move(s));
    }

    Design design_;
    std::set<State> seen_;
    std::vector<State> next_;
};

TEST_CASE("without a risk taken knowingly, no order of crashes, lost answers, callbacks and commands charges a job twice") {
    const Walk walk{Design{.most_risks = 0}};
    CHECK(walk.most_charges == 1);
    MESSAGE(walk.states << " states");
}

TEST_CASE("with one resubmission a job is charged twice at most, and with none of it more than the risks that were taken") {
    const Walk walk{Design{.most_risks = 1}};
    CHECK(walk.most_charges == 2);
    CHECK(walk.most_beyond_risks == 1);
    MESSAGE(walk.states << " states");
    for (const auto& t : job_transitions()) {
        INFO("job " << to_string(t.from) << " to " << to_string(t.to));
        CHECK(walk.job_ways.contains({t.from, t.to}));
    }
    for (const auto& t : attempt_transitions()) {
        INFO("attempt to " << to_string(t.to));
        CHECK(walk.attempt_ways.contains({t.from, t.to}));
    }
}

TEST_CASE("the walk finds what broken designs pay") {
    Design resends{.most_risks = 0};
    resends.judge = [](const Envelope& answer) -> Submission { return answer.http_status == 0 ? Submission{NotSent{}} : judge_submission(answer); };
    CHECK(Walk{resends, 3}.most_charges == 3);
    Design trusts_500{.most_risks = 0};
    trusts_500.judge = [](const Envelope& answer) -> Submission {
        return answer.code == 500 ? Submission{Refused{Refusal::bad_parameter, {}}} : judge_submission(answer);
    };
    CHECK(Walk{trusts_500, 3}.most_charges == 3);
    Design trusts_words{.most_risks = 0};
    trusts_words.judge = [](const Envelope& answer) -> Submission {
        return answer.message.find("rate limit") != std::string::npos ? Submission{SlowDown{}} : judge_submission(answer);
    };
    CHECK(Walk{trusts_words, 3}.most_charges == 3);
    Design believes_the_code;  // looks at the last submission and what the job failed with, not at older ones that were taken up again
    believes_the_code.telling = [](std::span<const A> attempts) { return attempts.empty() ? std::nullopt : std::optional{attempts.back()}; };
    believes_the_code.retry = [](const Subject& job, const std::optional<std::string>& cause) {
        const bool gave_up_something_else = job.state == J::failed && job.attempt == A::written_off && job.error_code != "written-off";
        return gave_up_something_else ? Judgement{Deed::queue, {}} : domain::judge(Act::retry, job, cause);
    };
    CHECK(Walk{believes_the_code, 2}.most_beyond_risks == 2);
}

}  // namespace
}  // namespace motionspool::domain
