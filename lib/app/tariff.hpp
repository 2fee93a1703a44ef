#pragma once
#include "config/config.hpp"
#include "store/store.hpp"

namespace motionspool::app {

/// What videos cost now: by today's configuration, and by what the model it names was seen to charge.
[[nodiscard]] domain::Tariff tariff_of(const config::Config&, store::Store&);
/// What a job would be reserved for by it.
[[nodiscard]] Credits price_of(const store::JobView&, const domain::Tariff&);

}  // namespace motionspool::app
