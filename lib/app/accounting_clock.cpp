#include "app/accounting_clock.hpp"
#include <sstream>

namespace motionspool::app {
namespace {

constexpr const char* fact = "provider_clock";  ///< the boot's id, a boot time and the provider's time at it, in milliseconds

/// How far the provider's clock is ahead of this boot's time.
std::optional<std::chrono::milliseconds> noted(store::Store& store, const std::string& boot_id) {
    std::istringstream in{store.notes.fact(fact).value_or("")};
    std::string boot;
    std::int64_t then = 0, at = 0;
    if (!(in >> boot >> then >> at) || boot != boot_id) return std::nullopt;
    return std::chrono::milliseconds{at - then};
}

}  // namespace

void AccountingClock::recover(store::Store& store) {
    const auto ahead = noted(store, clock_.boot_id());
    if (ahead) heard_ = Heard{Instant{clock_.boot().time_since_epoch() + *ahead}, clock_.boot()};
}

void AccountingClock::heard(const http::Headers& headers, store::Store* store) {
    const auto text = http::find(headers, "Date");
    const auto date = text ? parse_http_date(*text) : std::nullopt;
    if (!date) return;
    heard_ = Heard{*date, clock_.boot()};
    if (store == nullptr) return;
    store->notes.set_fact(
        fact, clock_.boot_id() + " " + std::to_string(clock_.boot().time_since_epoch().count()) + " " + std::to_string(date->time_since_epoch().count()));
}

Moment AccountingClock::moment() const {
    const auto boot = clock_.boot();
    std::optional<Instant> provider;
    if (heard_) provider = heard_->at + (boot - heard_->boot);
    const auto time = domain::accounting_time(clock_.now(), provider);
    unsure_ = unsure_ || time.dispute || !heard_;
    return {time.at, boot, time.dispute};
}

bool AccountingClock::right_again(const Moment& now) { return heard_ && !now.dispute && std::exchange(unsure_, false); }

Moment accounting_moment(store::Store& store, Instant wall, BootTime boot, const std::string& boot_id) {
    std::optional<Instant> provider;
    if (const auto ahead = noted(store, boot_id)) provider = Instant{boot.time_since_epoch() + *ahead};
    const auto time = domain::accounting_time(wall, provider);
    return {time.at, boot, time.dispute};
}

}  // namespace motionspool::app
