#pragma once
#include "app/books.hpp"
#include "async/clock.hpp"
#include "http/message.hpp"

namespace motionspool::app {

/// The time that days, months and windows go by: the provider's last `Date` plus the boot time since, so that nobody's budget depends on this machine's wall
/// clock; that one before the provider was ever heard.
class AccountingClock {
public:
    explicit AccountingClock(Clock& clock) : clock_{clock} {}
    /// An answer of the provider has come.
    void heard(const http::Headers&);
    [[nodiscard]] Moment moment() const;

private:
    Clock& clock_;
    std::optional<Moment> heard_;
};

}  // namespace motionspool::app
