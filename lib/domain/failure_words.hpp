#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace motionspool::domain {

/// Why a task ended without a video. The names are `error.code` of the interface.
enum class FailCause : std::uint8_t {
    moderation,
    no_upper_body,
    no_character,
    image_fetch,
    bad_parameter,
    provider_failed,  ///< a passing trouble, in words that are known
    unexplained,      ///< in words nobody knows, or none: `provider-failed`, too, but repeated once at most
    result_missing,
};
[[nodiscard]] std::string to_string(FailCause);

/// By words anywhere in the text of a task that has ended: a wrong guess there pays for nothing that was not free.
[[nodiscard]] FailCause cause_of_failure(std::string_view text);
/// What is told of a failure: the provider's text, and which input it speaks of where it says so ("…; it is about the motion").
[[nodiscard]] std::string failure_told(FailCause, const std::string& text);

}  // namespace motionspool::domain
