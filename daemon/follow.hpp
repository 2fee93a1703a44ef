#pragma once
#include "base/time.hpp"
#include "config/config.hpp"
#include "spool/names.hpp"

namespace motionspool {

/// Shows a drop's progress until its batch ends: one line that is rewritten on a terminal, a line a change elsewhere.
/// @param drop its name in incoming/
/// @return 0 all done; 1 a job failed or was cancelled, or what is left needs a person; 65 it was rejected; 128 + the signal that ended the watching; @throws
/// Exit 69
[[nodiscard]] int follow(const config::Config&, const spool::NameParts& drop, Instant since, bool json);

}  // namespace motionspool
