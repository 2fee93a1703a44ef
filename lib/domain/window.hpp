#pragma once
#include <array>
#include <optional>
#include "domain/calendar.hpp"

namespace motionspool::domain {

/// When jobs may be submitted, in local time. One whose `to` is not after its `from` ends the next day.
struct WindowTimes {
    std::array<bool, 7> days{};    ///< on which it begins; Monday first
    std::chrono::minutes from{0};  ///< after midnight
    std::chrono::minutes to{0};
};

/// How a window stands at an instant.
struct WindowStand {
    std::optional<std::chrono::local_days> day;  ///< open: the day it began, to which all of it belongs; nothing: closed
    Instant changes;                             ///< when it closes, or opens next
};
/// @pre some day is set, and `from` and `to` differ
[[nodiscard]] WindowStand stand_of(const WindowTimes&, Instant now, const Zone&);

}  // namespace motionspool::domain
