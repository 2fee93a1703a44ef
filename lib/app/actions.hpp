#pragma once
#include <functional>
#include <map>
#include <string>
#include <variant>
#include <vector>
#include "async/clock.hpp"
#include "config/config.hpp"
#include "domain/acts.hpp"
#include "domain/selection.hpp"
#include "store/store.hpp"

namespace motionspool::app {

/// What an act did, or would do.
struct Answer {
    std::string text;                               ///< a sentence: "cancelled 3 jobs, 132 credits"
    std::size_t jobs = 0;                           ///< acted on
    Credits credits;                                ///< they are estimated at; of a retry: what it may cost
    std::map<std::string, std::size_t> left_alone;  ///< why ("has ended"), and how many jobs
    std::vector<std::string> notes;                 ///< sentences on what else is to be known
};

/// Why nothing was done.
struct Refusal {
    enum class Kind { usage, not_found, refused };
    Kind kind = Kind::usage;
    std::string text;
};
using Answered = std::variant<Answer, Refusal>;

/// An act on jobs.
struct Order {
    domain::Act act = domain::Act::hold;
    std::string target;                ///< BATCH, BATCH/JOB or a glob
    std::optional<std::string> cause;  ///< retry: only what failed for it
    bool dry_run = false;              ///< says what it would do, and does nothing
};

/// What a person on duty does to jobs, batches and the whole. Nothing here pays; what was done is durable once the store's commits are.
class Actions {
public:
    Actions(const config::Config&, Clock&, store::Store&);
    /// Jobs of the batch changed.
    std::function<void(BatchId)> changed = [](BatchId) {};
    /// The pause changed.
    std::function<void()> paused = [] {};
    /// A person says to go on. @return whether the API key was in doubt
    std::function<bool()> resumed = [] { return false; };
    /// A failed job is `running` or `downloading` again: it goes on from there.
    std::function<void(AttemptId)> follow = [](AttemptId) {};
    std::function<void(JobId)> deliver = [](JobId) {};

    /// By slices: other coroutines have the loop in between, and a job that changed meanwhile is judged as it is then.
    asio::awaitable<Answered> act(Order);
    /// priority, share, window, budget of a live batch: all of them, or none. @param settings "KEY=VALUE"
    [[nodiscard]] Answered set(const std::string& batch, const std::vector<std::string>& settings, bool dry_run);
    /// Nothing is submitted until then, or until resume().
    [[nodiscard]] Answered pause(std::optional<Instant> until, const std::string& reason);
    [[nodiscard]] Answered resume();

private:
    [[nodiscard]] std::optional<store::Attempt> overdue_of(JobId);
    struct Tally;
    [[nodiscard]] bool held_by_breaker(Tally&, JobId);
    /// What a job that is paid anew has cost already.
    void count_spent(Tally&, JobId);
    void count(Tally&, const store::Operations::Row&);
    [[nodiscard]] bool carry_out(Tally&, domain::Deed, const store::Operations::Row&);
    void finish(Tally&);
    [[nodiscard]] std::variant<store::BatchRow, Refusal> find(const std::string& key, const std::string& shown);

    const config::Config& config_;
    Clock& clock_;
    store::Store& store_;
};

}  // namespace motionspool::app
