#include "system/hmac.hpp"
#include <doctest/doctest.h>

namespace motionspool::system {
namespace {

TEST_CASE("the signature of the documented vector is the documented one") {
    CHECK(hmac_sha256_base64("sim-webhook-key-0001", "281e5b0c9d3f4a6e8b7c1d2e3f4a5b6c.1767700000") == "Mtoz6DDdHPpAy6J2T0itjZR7KoqQ2p93PK9YauAU/1Y=");
}

TEST_CASE("RFC 4231's second case") { CHECK(hmac_sha256_base64("Jefe", "what do ya want for nothing?") == "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM="); }

TEST_CASE("RFC 4231's second case in hexadecimal digits") {
    CHECK(hmac_sha256_hex("Jefe", "what do ya want for nothing?") == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("secrets are the same byte by byte, and of one length") {
    CHECK(same_secret("", ""));
    CHECK(same_secret("abc", "abc"));
    for (const auto* other : {"", "ab", "abcd", "abd", "Abc"}) CHECK_FALSE(same_secret("abc", other));
}

}  // namespace
}  // namespace motionspool::system
