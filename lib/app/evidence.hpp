#pragma once
#include <functional>
#include "async/clock.hpp"
#include "kie/evidence.hpp"
#include "store/store.hpp"

namespace motionspool::app {

/// Makes a task the one of an attempt whose answer was lost or that was written off, once what the provider says about the task bears it out.
class Evidence {
public:
    Evidence(Clock&, store::Store&);
    /// The attempt has a task now and is to be followed.
    std::function<void(AttemptId)> submitted = [](AttemptId) {};
    /// The job is `downloading` now: an attempt that was written off brought the result before its successor did.
    std::function<void(JobId)> rendered = [](JobId) {};

    enum class Outcome { taken, not_now, refused };  ///< not_now: look again later
    struct Verdict {
        Outcome outcome = Outcome::not_now;
        std::string why;  ///< refused
    };
    /// @param record what recordInfo says about `task` @param by "a callback", "the operator": for the job's log
    [[nodiscard]] Verdict take(AttemptId, const std::string& task, const kie::TaskRecord& record, std::string_view by);

    /// Where the task comes from, seen from this attempt.
    [[nodiscard]] static domain::TaskOrigin origin_of(const store::Attempt&, const kie::TaskRecord&);
    /// What the attempt sent. @throws std::logic_error if its body cannot be read
    [[nodiscard]] static domain::TaskParam sent_by(const store::Attempt&);

private:
    [[nodiscard]] Verdict take_up(const store::Attempt&, const store::Job&, const std::string& task, std::string_view by);
    [[nodiscard]] Verdict take_end(const store::Attempt&, const store::Job&, const std::string& task, const domain::TaskNews&, std::string_view by);
    [[nodiscard]] Verdict changed(const store::Attempt&, const store::Job&, const store::AttemptChange&);

    Clock& clock_;
    store::Store& store_;
};

}  // namespace motionspool::app
