#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include "base/time.hpp"
#include "domain/attempt.hpp"
#include "domain/job.hpp"

// What proves that a task at the provider is the one an attempt made. There is no idempotency key: this is all there is.
namespace motionspool::domain {

/// A callback's secret is good for so long after ARMED.
inline constexpr std::chrono::milliseconds token_life = std::chrono::days{14};
[[nodiscard]] bool token_lives(Instant armed, Instant now);

/// 64 lower-case hexadecimal digits at the end of "{path}/callback/…"; nothing for any other target, a query included.
/// @param path of `webhook.public_url`, "" or "/motionspool"
[[nodiscard]] std::optional<std::string> token_in(std::string_view target, std::string_view path);
/// The URL the provider is given. @param public_url without a slash at its end
[[nodiscard]] std::string callback_url(std::string_view public_url, std::string_view token);
/// The public URL a callback URL was made of.
[[nodiscard]] std::string_view public_url_in(std::string_view callback_url);
/// Whatever follows the last slash of a callback URL.
[[nodiscard]] std::string_view last_part(std::string_view callback_url);
/// Stands in the database where the secret was sent.
inline constexpr std::string_view secret_left_out = "(secret)";

/// Opaque, yet printable ASCII without spaces and at most 200 characters: what a task id from outside may be.
[[nodiscard]] bool is_task_id(std::string_view);

/// What a task is made from, as far as it is told: createTask's body, or recordInfo's `param`.
struct TaskParam {
    std::optional<std::string> model, prompt, image, motion, mode, orientation, callback;
    friend bool operator==(const TaskParam&, const TaskParam&) = default;
};

/// What recordInfo says about where a task comes from.
struct TaskOrigin {
    TaskParam param;
    std::optional<Instant> created;    ///< on the provider's clock
    std::optional<bool> our_callback;  ///< is the callback URL it echoes the attempt's own? nothing: it echoes none
};

/// Why a task cannot be what an attempt made: a field that is told differs. Nothing if none does.
[[nodiscard]] std::optional<std::string> contradiction(const TaskParam& sent, const TaskOrigin& told);
/// The same for a task a person names, who may be wrong: something must be told, and it must have been created from ARMED −5 to +15 min.
[[nodiscard]] std::optional<std::string> objection(const TaskParam& sent, Instant armed, const TaskOrigin& told);

/// What a genuine callback is a reason for.
enum class CallbackMeaning {
    wake,      ///< its task is followed: ask now
    ask_late,  ///< its task was given up: ask now
    hint,      ///< no task is known for its attempt: ask about the one it names
    other,     ///< another task than the attempt's, or one for an attempt that made none: a person should know
    nothing,   ///< its end is known
};
[[nodiscard]] CallbackMeaning meaning_of(AttemptState, const std::optional<std::string>& task, std::string_view named);

/// Does a job that stands there still want a result, so that late evidence takes it along? Nothing: not now (its newer submission is between request and
/// answer).
[[nodiscard]] std::optional<bool> wants_result(JobState);

}  // namespace motionspool::domain
