#pragma once
#include <string_view>
#include "base/complaint.hpp"

namespace motionspool::config {

/// Says in plain words what yaml-cpp 0.7 found wrong: its messages are for programmers, and the cause is often a common slip.
/// @param at where the parser noticed it
/// @param message yaml-cpp's own
/// @param last_event where the last value began that was read well
[[nodiscard]] Complaint explain_syntax_error(std::string_view bytes, Offset at, std::string_view message, Offset last_event);

/// Does a text begin with one of “ ” „ ‟ ‘ ’ ‚ « » ‹ ›?
[[nodiscard]] bool begins_with_typographic_quote(std::string_view);
[[nodiscard]] bool ends_with_typographic_quote(std::string_view);

}  // namespace motionspool::config
