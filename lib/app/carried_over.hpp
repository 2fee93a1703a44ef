#pragma once
#include "config/config.hpp"
#include "store/store.hpp"

namespace motionspool::app {

/// What the database holds was put there under the configuration of an earlier run. At start, before anything is sent: what follows from it is set right where
/// the configuration is another now, and what goes on otherwise than its author expected, or cannot go on, is said in the log and in the batches' own.
void carry_over(store::Store&, const config::Config&, Instant now);

}  // namespace motionspool::app
