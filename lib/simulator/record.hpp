#pragma once
#include "simulator/world.hpp"

namespace motionspool::simulator {

/// The `data` of recordInfo, or of a callback: the same but for the older names of the credits and, on request, the id at `task_id`.
struct RecordForm {
    ConsumedAs consumed;
    bool odd_id = false;
};
[[nodiscard]] std::string record_data(const World&, const Task&, Moment, RecordForm);

/// The result's first URL.
[[nodiscard]] std::string result_url(const World&, const Task&);

}  // namespace motionspool::simulator
