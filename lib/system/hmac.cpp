#include "system/hmac.hpp"
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <array>
#include <stdexcept>

namespace motionspool::system {
namespace {

using Digest = std::array<unsigned char, 32>;

Digest hmac_sha256(std::string_view key, std::string_view text) {
    Digest digest{};
    unsigned int length = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    if (::HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, text.size(), digest.data(), &length) == nullptr)
        throw std::runtime_error("OpenSSL cannot compute HMAC-SHA256");
    return digest;
}

}  // namespace

std::string hmac_sha256_base64(std::string_view key, std::string_view text) {
    const auto digest = hmac_sha256(key, text);
    std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> encoded{};
    const int count = ::EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(digest.size()));
    return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(count)};
}

std::string hmac_sha256_hex(std::string_view key, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const auto byte : hmac_sha256(key, text)) hex.append({digits[byte >> 4U], digits[byte & 15U]});
    return hex;
}

bool same_secret(std::string_view a, std::string_view b) { return a.size() == b.size() && ::CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0; }

}  // namespace motionspool::system
