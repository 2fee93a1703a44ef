#include "system/random.hpp"
#include <sys/random.h>
#include <array>
#include <stdexcept>
#include <string_view>
#include "base/text.hpp"

namespace motionspool::system {

namespace {

/// Up to 256 bytes are given whole and uninterrupted (getrandom(2)).
std::array<char, 32> random_bytes() {
    std::array<char, 32> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) throw std::runtime_error("the kernel gives no random bytes");
    return bytes;
}

}  // namespace

std::string random_token() {
    const auto bytes = random_bytes();
    return to_hex({bytes.data(), bytes.size()});
}

std::mt19937_64 seeded_engine() {
    const auto bytes = random_bytes();
    std::seed_seq seed(bytes.begin(), bytes.end());
    return std::mt19937_64{seed};
}

}  // namespace motionspool::system
