#pragma once
#include "reading.hpp"

namespace motionspool {

/// A job that is not as its author wants it, and why.
struct Trouble {
    std::string job, state, why;
};

/// How a batch ended, or stands where only a person can go on.
struct BatchEnd {
    store::BatchRow batch;
    std::map<domain::JobState, std::size_t> counts;
    std::vector<Trouble> troubles;
};

/// @return nothing while something still happens by itself; the callback of an uncertain job counts as that until limits.task_deadline
[[nodiscard]] std::optional<BatchEnd> end_of(Reading&, const config::Config&, const store::BatchRow&, const std::map<domain::JobState, std::size_t>& counts);
/// For people: how many are done, the first five troubles, where the report is.
[[nodiscard]] std::string to_text(const config::Config&, const BatchEnd&);
[[nodiscard]] std::string to_json(const config::Config&, const BatchEnd&);

}  // namespace motionspool
