#pragma once
#include "simulator/answers.hpp"

namespace motionspool::simulator {

/// createTask's answer to a fault of stage refusal: nothing was accepted. @pre row_of(fault).stage == Stage::refusal
[[nodiscard]] Planned refused_by(Fault, const World&, Visit&);

/// createTask's answer to a fault of stage answer, made of the good one: the task was accepted. @pre row_of(fault).stage == Stage::answer
[[nodiscard]] Planned spoiled_by(Fault, Planned good, const std::string& task, const World&, Visit&);

inline constexpr std::string_view insufficient = "Credits insufficient : Your current balance isn't enough to run this request. Please top up to continue.";
inline constexpr std::string_view too_frequent = "Your call frequency is too high. Please try again later.";
inline constexpr std::string_view no_permission = "You do not have access permissions";

}  // namespace motionspool::simulator
