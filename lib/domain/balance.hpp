#pragma once
#include <chrono>
#include <optional>
#include <string>
#include "base/credits.hpp"
#include "base/time.hpp"

namespace motionspool::domain {

/// When the balance is asked for again, after `reads` answers (or failures) in a row that let nobody go: 5 s growing to 60 s.
[[nodiscard]] std::chrono::milliseconds next_reading(int reads);

/// Does a balance read then still tell something? Others may spend from the account, and a wall clock that was set tells no age.
[[nodiscard]] bool still_tells(Instant read, Instant now);

/// Two readings of the balance between which every reservation was closed: what is missing that the ledger does not explain; nothing if all is explained, or
/// more is there (a top-up).
[[nodiscard]] std::optional<Credits> drift(Credits before, Credits now, Credits spent_between);

}  // namespace motionspool::domain
