#include "system/sha256.hpp"
#include <openssl/evp.h>
#include <stdexcept>
#include "base/text.hpp"

namespace motionspool::system {

namespace {

EVP_MD_CTX* as_context(void* context) { return static_cast<EVP_MD_CTX*>(context); }

void require(bool good) {
    if (!good) throw std::runtime_error("OpenSSL cannot compute SHA-256");
}

}  // namespace

void Sha256::Free::operator()(void* context) const noexcept { EVP_MD_CTX_free(as_context(context)); }

Sha256::Sha256() : context_{EVP_MD_CTX_new()} { require(context_ && EVP_DigestInit_ex(as_context(context_.get()), EVP_sha256(), nullptr) == 1); }

void Sha256::update(std::span<const char> piece) { require(EVP_DigestUpdate(as_context(context_.get()), piece.data(), piece.size()) == 1); }

Sha256Digest Sha256::finish() {
    Sha256Digest digest{};
    require(EVP_DigestFinal_ex(as_context(context_.get()), digest.data(), nullptr) == 1);
    return digest;
}

std::string Sha256::hex() {
    const Sha256Digest digest = finish();
    return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string sha256_hex(std::string_view bytes) {
    Sha256 hash;
    hash.update(bytes);
    return hash.hex();
}

}  // namespace motionspool::system
