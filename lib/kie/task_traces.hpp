#pragma once
#include <string>
#include <string_view>
#include "http/message.hpp"

namespace motionspool::kie {

/// What in an answer (or in what has arrived of one) to createTask looks like a task's id, wherever it stands: under another key, on another level, in a text,
/// in JSON within a text, in a page, in the address a redirect leads to. Then it is no proof that there is none. Empty: nothing.
/// @param sent what the request held, body and key: what is echoed of it is no task's id
[[nodiscard]] std::string task_hinted_at(const http::Response&, std::string_view sent);

}  // namespace motionspool::kie
