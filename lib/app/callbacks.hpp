#pragma once
#include "app/evidence.hpp"
#include "app/tracker.hpp"
#include "async/task_group.hpp"

namespace motionspool::app {

/// Genuine callbacks. Nothing they say is believed: each is a reason to ask the provider, and what it answers counts. For a submission whose answer was lost
/// the task it names is the one to ask about.
class Callbacks {
public:
    /// @param group owns what goes on after a callback was answered
    Callbacks(Clock&, store::Store&, Tracker&, Evidence&, TaskGroup& group);
    /// Takes up what the last process had not looked into yet.
    void recover();
    /// A callback whose signature, if it needs one, was found good. Repeats have no effect.
    /// @return whether its secret is that of an attempt of the last 14 days; what it says is on disk by then
    asio::awaitable<bool> take(std::string secret, std::string task);
    /// The outcome of a submission has been recorded: callbacks may have come before it.
    void answered(AttemptId);

private:
    void note(const store::Attempt&, const std::string& task);
    void remember(const store::Attempt&, const std::string& task);
    /// Tells a person, once a task: the provider may have made two of one submission.
    void alarm(const store::Attempt&, const std::string& task, const std::string& why);
    asio::awaitable<void> look_into(AttemptId, std::string task);
    /// @return whether there is nothing more to find out, here and below
    [[nodiscard]] bool settle_without_asking(AttemptId, const std::string& task);
    [[nodiscard]] bool settle(AttemptId, const std::string& task, const kie::TaskRecord&);
    [[nodiscard]] bool forget_unknown(const store::Attempt&, const std::string& task);

    Clock& clock_;
    store::Store& store_;
    Tracker& tracker_;
    Evidence& evidence_;
    TaskGroup& group_;
    std::set<std::pair<AttemptId, std::string>> looking_;
};

}  // namespace motionspool::app
