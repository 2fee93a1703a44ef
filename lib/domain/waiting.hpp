#pragma once
#include "domain/schedule.hpp"

// What a job waits for, in words for people. The rules are in schedule.cpp.
namespace motionspool::domain {

[[nodiscard]] std::string words_for_review(const Terms&);
/// To be appended to what a job is estimated at, if that is more than the configured prices make it.
[[nodiscard]] std::string words_for_raise(Credits configured);
[[nodiscard]] std::string words_for_hold(bool batch);
[[nodiscard]] std::string words_for(const Shut&);
[[nodiscard]] std::string words_for(const Held&);
[[nodiscard]] std::string words_for(const Purse&, Credits price);
/// What makes room in it for a job of this price.
[[nodiscard]] std::string remedy_for(const Purse&, Credits price);
[[nodiscard]] std::string words_for(const Away&);
[[nodiscard]] std::string words_for(const LowDisk&);
/// @param raised words_for_raise(), if there is one
[[nodiscard]] std::string words_for(const Funds&, Credits price, const std::string& raised = {});

}  // namespace motionspool::domain
