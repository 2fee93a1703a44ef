#pragma once
#include "app/books.hpp"
#include "async/clock.hpp"
#include "http/message.hpp"

namespace motionspool::app {

/// The time that days, months and windows go by (domain/clocks.hpp): the provider's last `Date` plus the boot time since, held against the wall clock.
class AccountingClock {
public:
    explicit AccountingClock(Clock& clock) : clock_{clock} {}
    /// Takes up what a process before heard in this boot of the machine.
    void recover(store::Store&);
    /// An answer of the provider has come. Readers are told what it says.
    void heard(const http::Headers&, store::Store* = nullptr);
    [[nodiscard]] Moment moment() const;
    /// Both clocks agree, and since they did so last (or the start) something may have been booked by one alone. Says so once. @param now of moment()
    [[nodiscard]] bool right_again(const Moment& now);
    /// Has the provider told its time, to this process or to one before it in this boot of the machine?
    [[nodiscard]] bool has_heard() const { return heard_.has_value(); }

private:
    Clock& clock_;
    struct Heard {
        Instant at;
        BootTime boot;
    };
    std::optional<Heard> heard_;
    mutable bool unsure_ = true;
};

/// The same as far as the database tells. @param wall, boot, boot_id of one moment
[[nodiscard]] Moment accounting_moment(store::Store&, Instant wall, BootTime boot, const std::string& boot_id);

}  // namespace motionspool::app
