#pragma once
#include <random>
#include <string>

namespace motionspool::system {

/// 256 bits from the kernel as 64 lower-case hexadecimal digits: nobody guesses it. @throws std::runtime_error if the kernel gives none
[[nodiscard]] std::string random_token();

/// An engine seeded by the kernel, for jitter. Not for secrets.
[[nodiscard]] std::mt19937_64 seeded_engine();

}  // namespace motionspool::system
