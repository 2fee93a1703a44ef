#pragma once
#include "spool/input.hpp"

namespace motionspool::spool {

/// Finds and opens the one manifest of a folder drop (names.hpp says which names it may have; a warning is for `.txt` behind). None is `missing`, several are
/// `ambiguous`.
[[nodiscard]] InputOutcome open_manifest(int folder);

/// Opens a lone manifest in `folder` (a regular file, no link).
[[nodiscard]] InputOutcome open_lone_manifest(int folder, const std::string& name);

}  // namespace motionspool::spool
