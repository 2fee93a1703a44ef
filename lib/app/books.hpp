#pragma once
#include <map>
#include <string>
#include <vector>
#include "config/config.hpp"
#include "domain/overview.hpp"
#include "domain/schedule.hpp"
#include "domain/window.hpp"
#include "store/store.hpp"

namespace motionspool::app {

/// One moment on both clocks.
struct Moment {
    Instant at;                              ///< accounting time
    BootTime boot;                           ///< for waiting
    std::optional<domain::Dispute> dispute;  ///< nobody knows the date
};

/// A job between being let in and ARMED: what it will be booked to.
struct Entered {
    Credits price;
    std::vector<std::string> accounts;
    std::string image, motion;  ///< contents
};
using Entering = std::map<JobId, Entered>;

/// What the accounts and the calendar say to a batch: its terms, and what an attempt of it is booked to. Remembers what it looked up until told to forget.
class Books {
public:
    Books(const config::Config&, store::Store&);
    /// Something was booked, or may have been.
    void forget() {
        sums_.clear();
        estimates_.clear();
    }

    /// "2026-11-24", by credits.day_starts and timezone.
    [[nodiscard]] std::string day(Instant at);
    /// What is booked to dates far ahead, by a clock that was wrong, counts for today from now on. @param at accounting time of which both clocks are sure
    /// @return so many credits
    Credits take_back(Instant at);
    /// Every name an attempt armed now is booked to.
    [[nodiscard]] std::vector<std::string> accounts_of(const store::OpenBatch&, Instant at);
    [[nodiscard]] domain::Terms terms_of(const store::OpenBatch&, Moment, const Entering&);
    /// Adds the numbers of a batch in review, for people.
    void tell_review(const store::OpenBatch&, domain::Terms&);
    [[nodiscard]] domain::Turn turn_of(const store::OpenBatch&, Instant at);
    /// The day, and every budget that is not a batch's own, with what is booked to it now.
    [[nodiscard]] std::vector<domain::BudgetUse> budgets(Instant at);
    /// An instant of accounting time, for people.
    [[nodiscard]] std::string in_words(Instant at) const { return domain::in_words(at, zone_); }

private:
    struct Today {
        std::chrono::local_days date;
        std::string text;
        Instant began, ends, month_ends;
    };
    const Today& today(Instant at);
    const domain::WindowStand* stand_of(const std::string& window, Instant at);
    [[nodiscard]] const config::Share* share_of(const store::OpenBatch&) const;
    [[nodiscard]] store::Booked since(const std::string& prefix, const std::string& first);
    /// When a window that closes then is open for another day.
    [[nodiscard]] Instant opens_anew(const std::string& window, Instant closes) const;
    void add_window(const store::OpenBatch&, Moment, const Entering&, domain::Terms&);

    const config::Config& config_;
    store::Store& store_;
    domain::Zone zone_;
    Today today_{};
    struct Window {
        Instant looked;
        domain::WindowStand stand;
    };
    std::map<std::string, Window> windows_;
    std::map<std::string, store::Booked> sums_;
    std::map<BatchId, Credits> estimates_;
};

}  // namespace motionspool::app
