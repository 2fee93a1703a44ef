#pragma once
#include <string_view>

namespace motionspool::domain {

/// Does something stand in the text that looks like the id of a task? 32 hexadecimal digits, "task_…" with a digit in it, or whatever follows "taskId:".
/// @param sent the request: what it held already (the name of an upload, a callback's secret, the key) is no new task's
[[nodiscard]] bool holds_task_id(std::string_view text, std::string_view sent);

}  // namespace motionspool::domain
