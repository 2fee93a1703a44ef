#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace motionspool {

[[nodiscard]] std::string lower_ascii(std::string_view);
[[nodiscard]] bool equal_ignoring_case(std::string_view, std::string_view);               ///< ASCII
[[nodiscard]] bool contains_ignoring_case(std::string_view text, std::string_view part);  ///< ASCII
[[nodiscard]] std::string_view trim(std::string_view);                                    ///< spaces, tabs, line ends
[[nodiscard]] std::string join(std::span<const std::string> parts, std::string_view between);
/// A text from outside as it may stand in a line for people: spaces where it has line breaks or other control characters, which could steer a terminal.
[[nodiscard]] std::string one_line(std::string_view);
[[nodiscard]] std::string to_hex(std::string_view bytes);  ///< lower case

/// The candidate a person most likely meant: within two edits (one for words of up to four bytes), where swapped neighbours are one edit and
/// upper or lower case is none. Of equals the first. Empty if there is none.
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

/// "1 job", "3 jobs".
[[nodiscard]] std::string count_of(std::size_t n, std::string_view singular, std::string_view plural = "");

}  // namespace motionspool
