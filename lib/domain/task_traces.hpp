#pragma once
#include <string_view>

namespace motionspool::domain {

/// What stands in the text and looks like the id of a task: 32 hexadecimal digits, "task_…" with a digit in it, or whatever follows "taskId:"; empty: nothing.
/// @param sent the request: what it held already (the name of an upload, a callback's secret, the key) is no new task's
[[nodiscard]] std::string_view task_id_in(std::string_view text, std::string_view sent);

}  // namespace motionspool::domain
