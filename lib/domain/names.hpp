#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace motionspool::domain {

/// NFC of valid UTF-8; invalid input is returned as it is.
[[nodiscard]] std::string nfc(std::string_view);
/// What two names that must differ are compared by: NFC, case folded.
[[nodiscard]] std::string name_key(std::string_view);

/// What is wrong with a batch, job, share or label name: letters and digits of any script, `.`, `_`, `-`; 1 to 100 characters, at most 180 bytes; no leading
/// dot or dash, no trailing dot; not a Windows device name (CON, NUL, COM1, … with or without extension).
/// @return a sentence part ("is empty; expected …"), or nothing if the name is good
[[nodiscard]] std::optional<std::string> name_problem(std::string_view);

/// A good name from any text: NFC, what is not allowed becomes `-`, leading dots and dashes and trailing dots go, a Windows device gets a leading `_`, nothing
/// left is "unnamed"; one too long is cut and gets `-` and six hex digits of a hash of the whole text.
[[nodiscard]] std::string derived_name(std::string_view);

/// The last component of a path or URL (its query aside) without its extension: "cast/fox.png" → "fox".
[[nodiscard]] std::string stem(std::string_view path_or_url);

}  // namespace motionspool::domain
