#pragma once
#include <optional>
#include "base/time.hpp"

// What day it is, by two clocks of which either may be wrong: this machine's, and the one the provider's answers tell (`Date`).
namespace motionspool::domain {

/// Two clocks that are no further apart are both right: time zones set wrong, and what an answer took.
inline constexpr std::chrono::hours clocks_may_differ{26};

/// They are further apart: nobody knows the date.
struct Dispute {
    Instant wall, provider;
    friend bool operator==(const Dispute&, const Dispute&) = default;
};

/// The time that days, months and windows go by.
struct AccountingTime {
    Instant at;
    std::optional<Dispute> dispute;
    friend bool operator==(const AccountingTime&, const AccountingTime&) = default;
};
/// The provider's clock while both agree, the machine's as long as the provider was never heard. While they do not, the later one, by which nothing is booked
/// to a day that may be over; but see Terms::dispute.
/// @param provider what its last `Date` and the boot time since come to
[[nodiscard]] AccountingTime accounting_time(Instant wall, std::optional<Instant> provider);

}  // namespace motionspool::domain
