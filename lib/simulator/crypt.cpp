#include "simulator/crypt.hpp"
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <array>
#include <stdexcept>
#include "base/text.hpp"

namespace motionspool::simulator {
namespace {

const unsigned char* as_bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
using Digest = std::array<unsigned char, 32>;
std::string_view as_text(const Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

}  // namespace

std::string sha256_hex(std::string_view bytes) {
    Digest digest{};
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) throw std::runtime_error("SHA-256 failed in OpenSSL");
    return to_hex(as_text(digest));
}

std::string base64(std::string_view bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // EVP_EncodeBlock writes a NUL behind it
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), as_bytes(bytes), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::string bytes(text.size() / 4 * 3, '\0');
    const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), as_bytes(text), static_cast<int>(text.size()));
    if (length < 0) return std::nullopt;
    const auto padding = text.ends_with("==") ? 2u : text.ends_with('=') ? 1u : 0u;  // decoded as zero bytes
    bytes.resize(static_cast<std::size_t>(length) - padding);
    return bytes;
}

std::string signature(std::string_view key, std::string_view task, std::int64_t unix_seconds) {
    const auto message = std::string{task} + "." + std::to_string(unix_seconds);
    Digest digest{};
    unsigned int length = 0;
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), as_bytes(message), message.size(), digest.data(), &length) == nullptr)
        throw std::runtime_error("HMAC-SHA256 failed in OpenSSL");
    return base64(as_text(digest));
}

}  // namespace motionspool::simulator
