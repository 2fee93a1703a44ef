#pragma once
#include "app/evidence.hpp"
#include "app/tracker.hpp"

namespace motionspool::app {

/// What the operator does about a submission whose answer was lost. Each act answers with a sentence, or with a Problem that says what to do; what it changed
/// is on disk by then.
class Reconciler {
public:
    Reconciler(Clock&, store::Store&, Tracker&, Evidence&);
    /// A job was queued, or ended.
    std::function<void(JobId)> changed = [](JobId) {};

    /// The task is this job's: asks the provider about it, and takes it up if nothing speaks against it. Also a submission that was written off.
    asio::awaitable<Result<std::string>> adopt(JobId, std::string task);
    /// Counts the submission as spent and ends the job as failed (`written-off`).
    asio::awaitable<Result<std::string>> write_off(JobId);
    /// Counts the submission as spent and submits the job again: if the first was accepted after all, it is paid twice.
    asio::awaitable<Result<std::string>> resubmit(JobId);

private:
    [[nodiscard]] Result<store::Attempt> uncertain_of(const store::Job&);
    /// The submissions of which a task may be: the uncertain one, and those written off without one, newest first.
    [[nodiscard]] std::vector<store::Attempt> adoptable(JobId);
    [[nodiscard]] std::optional<std::string> trouble_with(const std::string& task, const kie::TaskRecord&);
    /// Whose the task is. A Problem: what speaks against the newest.
    [[nodiscard]] static Result<store::Attempt> maker_of(const kie::TaskRecord&, const std::vector<store::Attempt>&);

    Clock& clock_;
    store::Store& store_;
    Tracker& tracker_;
    Evidence& evidence_;
};

}  // namespace motionspool::app
