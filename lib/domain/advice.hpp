#pragma once
#include <string>
#include <string_view>
#include "base/credits.hpp"
#include "base/time.hpp"

namespace motionspool::domain {

/// What an uncertain job means and what a person can do about it, in a sentence or two.
/// @param address "BATCH/JOB"; @param sent when the submission went out whose answer was lost; @param callback it named a callback URL
[[nodiscard]] std::string advice_on_uncertain(const std::string& address, Instant sent, Credits at_stake, bool callback);

/// How the person on duty has a failed job tried again: a sentence. @param code of its error
[[nodiscard]] std::string advice_on_retry(std::string_view code, const std::string& address);

/// What the author of a failed job can do, by the code of its error; "" for a code that speaks for itself.
[[nodiscard]] std::string_view advice_on_failure(std::string_view code);

}  // namespace motionspool::domain
