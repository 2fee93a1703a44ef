#include "app/tariff.hpp"

namespace motionspool::app {

domain::Tariff tariff_of(const config::Config& config, store::Store& store) {
    const auto learned = [&](domain::Mode mode) { return store.funds.learned(config.provider.model, mode); };
    return {config.credits.prices(), learned(domain::Mode::p720), learned(domain::Mode::p1080)};
}

Credits price_of(const store::JobView& job, const domain::Tariff& tariff) {
    return tariff.price(job.length, job.mode == to_string(domain::Mode::p1080) ? domain::Mode::p1080 : domain::Mode::p720);
}

}  // namespace motionspool::app
