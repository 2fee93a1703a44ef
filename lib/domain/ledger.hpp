#pragma once
#include <optional>
#include "base/credits.hpp"
#include "domain/attempt.hpp"

namespace motionspool::domain {

/// What one attempt's entries add up to.
struct Account {
    Credits reserved;     ///< held for it now
    Credits spent;        ///< counted as spent
    bool closed = false;  ///< its one release or settle has been written
    friend bool operator==(const Account&, const Account&) = default;
};

struct LedgerEntry {
    Entry entry = Entry::none;
    Credits amount;          ///< reserve: the estimate; settle: what it cost; adjust: the difference, either sign
    bool estimated = false;  ///< the provider did not say; the estimate stands in
    friend bool operator==(const LedgerEntry&, const LedgerEntry&) = default;
};

/// The entry a transition writes, or nothing. A failure that consumed something, or of which that is not known, settles it; one that closes an account already
/// closed adjusts it to the truth.
/// @throws std::logic_error for a transition the table does not have
[[nodiscard]] std::optional<LedgerEntry> entry_for(const Account&, std::optional<AttemptState> from, AttemptState to, Credits estimate,
                                                   std::optional<Credits> consumed);

/// @throws std::logic_error for a second reserve or close, or an adjust before the close
[[nodiscard]] Account apply(Account, const LedgerEntry&);

}  // namespace motionspool::domain
