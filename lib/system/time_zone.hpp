#pragma once
#include <string>
#include "domain/calendar.hpp"

namespace motionspool::system {

/// A zone of the tz database by its name, "Europe/Berlin", or "system": the machine's own. @throws std::runtime_error if there is none
[[nodiscard]] domain::Zone time_zone(const std::string& name);
/// Its name; the machine's own for "system". @throws likewise
[[nodiscard]] std::string time_zone_name(const std::string& name);

}  // namespace motionspool::system
