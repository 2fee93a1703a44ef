#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace motionspool::simulator {

/// A request's target, split at its question mark; nothing is decoded.
struct Target {
    std::string_view path, query;
};
[[nodiscard]] Target split_target(std::string_view target);

/// %41 → A. @return nothing if a percent sign is not followed by two hexadecimal digits
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view);
/// Everything but unreserved characters and '/' is encoded.
[[nodiscard]] std::string percent_encoded_path(std::string_view);
/// The decoded value of a parameter ("a=1&b=2"); nothing if it is not there.
[[nodiscard]] std::optional<std::string> query_value(std::string_view query, std::string_view name);

}  // namespace motionspool::simulator
