#include "app/accounting_clock.hpp"

namespace motionspool::app {

void AccountingClock::heard(const http::Headers& headers) {
    const auto text = http::find(headers, "Date");
    const auto date = text ? parse_http_date(*text) : std::nullopt;
    if (date) heard_ = Moment{*date, clock_.boot()};
}

Moment AccountingClock::moment() const {
    const auto boot = clock_.boot();
    if (!heard_) return {clock_.now(), boot};
    return {heard_->at + (boot - heard_->boot), boot};
}

}  // namespace motionspool::app
