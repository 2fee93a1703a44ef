#pragma once
#include <functional>
#include "app/accounting_clock.hpp"
#include "app/settings.hpp"
#include "async/clock.hpp"
#include "async/wakeup.hpp"
#include "domain/schedule.hpp"
#include "http/client.hpp"
#include "store/store.hpp"

namespace motionspool::app {

/// The account at the provider: reads its balance, and says what of it is left for new jobs. Reading is free.
class Balance {
public:
    Balance(const Settings&, Clock&, AccountingClock&, store::Store&, http::Client&);
    /// The balance was read, or could not be for the first time.
    std::function<void()> changed = [] {};

    /// An answer has come, and with it, mostly, the provider's time.
    std::function<void()> heard = [] {};

    /// Reads it at the start, now and then, and while jobs wait for it. Until cancelled.
    asio::awaitable<void> run();
    /// Reads it now; what it says is kept.
    asio::awaitable<domain::Probe> read();
    /// Has it been read, or tried to, since the start? Before that nothing is submitted.
    [[nodiscard]] bool looked() const { return looked_; }
    /// Has the provider answered, well or not, since the start? @return whether; else trouble() says what came instead
    [[nodiscard]] bool reached() const { return reached_; }
    [[nodiscard]] const std::string& trouble() const { return trouble_; }
    /// Do jobs wait for it? Then it is read again and again.
    void wanted(bool);
    /// A task or a submission ended.
    void something_ended() { wakeup_.ring(); }

private:
    [[nodiscard]] BootTime next_time() const;
    [[nodiscard]] bool last_one_closed() const;
    void take(Credits, std::int64_t entry);
    void warn_if_low(Credits);
    void look_for_others(Credits, std::int64_t entry);

    const Settings& settings_;
    Clock& clock_;
    AccountingClock& accounting_;
    store::Store& store_;
    http::Client& http_;
    Wakeup wakeup_;
    bool looked_ = false, reached_ = false, wanted_ = false, low_ = false, failed_ = false;
    int reads_ = 0;  ///< in a row while wanted, or while it fails
    bool was_quiet_ = true;
    std::string trouble_;
    BootTime read_at_{};
};

/// What is left for new jobs: the last balance without the price of every reservation that was open when it was asked for, or made since.
/// Nothing is known to be left if that balance is old. @param now wall time, as balances are noted in
[[nodiscard]] domain::Funds funds_of(store::Store&, const config::Config&, Instant now);

}  // namespace motionspool::app
