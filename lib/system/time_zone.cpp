#include "system/time_zone.hpp"
#include <date/tz.h>

namespace motionspool::system {

domain::Zone time_zone(const std::string& name) {
    const auto* zone = name == "system" ? date::current_zone() : date::locate_zone(name);
    return [zone](Instant at) { return zone->get_info(std::chrono::floor<std::chrono::seconds>(at)).offset; };
}

std::string time_zone_name(const std::string& name) { return name == "system" ? date::current_zone()->name() : name; }

}  // namespace motionspool::system
