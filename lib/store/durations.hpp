#pragma once
#include <chrono>
#include <optional>
#include "domain/media.hpp"
#include "store/database.hpp"

namespace motionspool::store {

/// How long the provider took for a job of this mode, from its submission to its end: the median of the last fifty; nothing if there was none yet.
[[nodiscard]] std::optional<std::chrono::milliseconds> usual_duration(SQLite::Database&, domain::Mode);

}  // namespace motionspool::store
