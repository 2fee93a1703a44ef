#pragma once
#include <string>
#include <string_view>
#include "http/message.hpp"

namespace motionspool::kie {

/// What in an answer (or in what has arrived of one) to createTask looks like a task's id, wherever it stands: under another key, on another level, in a text,
/// in JSON within a text, in a page, in a header, in the address a redirect leads to, behind the end. Then it is no proof that there is none. Where the answer
/// cannot be searched (an encoding, text in 16 bits, more than its head tells), the words that say so. Empty: nothing, and all of it was seen.
/// @param sent what the request held, body and key: what is echoed of it is no task's id
[[nodiscard]] std::string task_hinted_at(const http::Response&, std::string_view sent);

}  // namespace motionspool::kie
