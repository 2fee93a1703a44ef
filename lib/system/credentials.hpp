#pragma once
#include <filesystem>
#include <optional>
#include "base/result.hpp"
#include "system/secret.hpp"

namespace motionspool::system {

/// The provider's key: `file` (the configured one; empty: none), else the credential "kie-api-key" in $CREDENTIALS_DIRECTORY, else $KIE_API_KEY.
/// One line end is cut off. $KIE_API_KEY is taken out of the environment wherever the key comes from, its bytes in /proc/PID/environ included, so
/// that no child and no reader of /proc sees it: a second call does not find it there.
/// A key that is empty, longer than 4096 bytes, or holds spaces or control characters is a problem; no problem's text holds any part of the key.
[[nodiscard]] Result<Secret> read_api_key(const std::filesystem::path& file);

/// The key that signs callbacks, by the same rules: `file`, else the credential "kie-webhook-key"; there is no environment variable.
/// @return no value inside if none is configured
[[nodiscard]] Result<std::optional<Secret>> read_webhook_key(const std::filesystem::path& file);

}  // namespace motionspool::system
