#pragma once
#include <string>
#include <string_view>

namespace motionspool::system {

/// base64(HMAC-SHA256(key, text)), with padding: 44 characters. @throws std::runtime_error if OpenSSL refuses (no memory)
[[nodiscard]] std::string hmac_sha256_base64(std::string_view key, std::string_view text);

/// The same in lower-case hexadecimal digits, 64 of them.
[[nodiscard]] std::string hmac_sha256_hex(std::string_view key, std::string_view text);

/// Compares in a time that depends on the lengths only.
[[nodiscard]] bool same_secret(std::string_view a, std::string_view b);

}  // namespace motionspool::system
