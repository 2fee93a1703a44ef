#pragma once
#include <optional>
#include "base/credits.hpp"
#include "domain/media.hpp"

namespace motionspool::domain {

/// How much the provider was seen to charge for each mode, in thousandths of the estimate; 1000 as estimated, never less.
struct Surcharges {
    int p720 = 1000, p1080 = 1000;
    [[nodiscard]] int& of(Mode mode) { return mode == Mode::p720 ? p720 : p1080; }
    [[nodiscard]] int of(Mode mode) const { return mode == Mode::p720 ? p720 : p1080; }
    friend bool operator==(const Surcharges&, const Surcharges&) = default;
};

/// The ratio of what a job cost to its estimate, rounded up; nothing if it cost no more. @pre estimate > 0
[[nodiscard]] std::optional<int> surcharge(Credits estimate, Credits cost);
/// What was learned of one mode's price.
struct Learned {
    int permille = 1000;            ///< of the estimate
    int below = 0, dearest = 1000;  ///< videos in a row that cost less, and the dearest of them
    friend bool operator==(const Learned&, const Learned&) = default;
};
/// More than four times the estimate is a matter for a person, and not learned.
[[nodiscard]] bool beyond_belief(int permille);
/// After one more video of that price: a dearer one counts at once, and three cheaper ones in a row make it the dearest of them. @pre not beyond belief
[[nodiscard]] Learned learn(Learned, int permille);
/// An estimate raised by what was seen, rounded up.
[[nodiscard]] Credits priced(Credits estimate, int permille);

}  // namespace motionspool::domain
