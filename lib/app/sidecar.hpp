#pragma once
#include "app/settings.hpp"
#include "store/store.hpp"

namespace motionspool::app {

/// OUTPUT/BATCH/_info/JOB.json (a draft's: JOB.draft.json).
[[nodiscard]] std::filesystem::path sidecar_of(const config::OutputSettings&, const store::Job&);

/// Writes what is known of a delivered video into its sidecar. @throws std::system_error
/// @return its folder, whose fsync makes it durable
[[nodiscard]] std::filesystem::path write_sidecar(const Settings&, store::Store&, const store::Job&, const store::Attempt&, const store::Placing&, Instant now);

}  // namespace motionspool::app
