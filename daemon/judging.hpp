#pragma once
#include <memory>
#include "examining.hpp"
#include "reading.hpp"

namespace motionspool {

/// The database, if there is one that this user may read.
[[nodiscard]] std::unique_ptr<Reading> database_of(const config::Config&);

/// Says of a manifest what intake would, as far as the database tells: that its batch is there, or not, that it was dropped before, which ids are taken.
/// @pre it is acceptable, and hashed
void judge_by_what_is_there(Reading&, NamedManifest&);

/// Warns of what was rendered before, as far as the database tells: for who asks about a manifest that may have been dropped already.
/// @pre it is acceptable, and hashed
void warn_by_what_is_there(Reading&, NamedManifest&);

}  // namespace motionspool
