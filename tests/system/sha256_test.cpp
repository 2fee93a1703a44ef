#include "system/sha256.hpp"
#include <doctest/doctest.h>

namespace motionspool::system {
namespace {

// FIPS 180-4 examples, from NIST's "SHA256.pdf".
constexpr const char* of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr const char* of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* of_a_million_a = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

TEST_CASE("SHA-256 gives NIST's example values") {
    CHECK(sha256_hex("") == of_nothing);
    CHECK(sha256_hex("abc") == of_abc);
    CHECK(sha256_hex(std::string(1'000'000, 'a')) == of_a_million_a);
}

TEST_CASE("pieces of any size, empty ones too, hash like the whole") {
    const std::string piece(999, 'a');
    Sha256 hash;
    for (int i = 0; i < 1001; ++i) hash.update(piece);
    hash.update(std::span<const char>{});
    hash.update(std::string(1, 'a'));
    CHECK(hash.hex() == of_a_million_a);
}

TEST_CASE("the digest's bytes are those of the digits") {
    Sha256 hash;
    hash.update(std::string_view{"abc"});
    const Sha256Digest digest = hash.finish();
    CHECK(digest.front() == 0xba);
    CHECK(digest.back() == 0xad);
}

}  // namespace
}  // namespace motionspool::system
