#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace motionspool::simulator {

[[nodiscard]] std::string sha256_hex(std::string_view bytes);
[[nodiscard]] std::string base64(std::string_view bytes);
/// @return nothing unless the text is base64 with its padding
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

/// The callback's X-Webhook-Signature: base64(HMAC-SHA256(key, task id + "." + Unix seconds)). The body is not covered.
[[nodiscard]] std::string signature(std::string_view key, std::string_view task, std::int64_t unix_seconds);

}  // namespace motionspool::simulator
