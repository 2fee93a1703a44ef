#pragma once
#include <map>
#include <optional>
#include "base/id.hpp"
#include "base/time.hpp"
#include "domain/outcome.hpp"

// Does the API key in use belong to the account that our tasks are in? To another account's key the provider says of every task that there is none.
namespace motionspool::domain {

/// What an answer says about that: the task is known, or not; nothing: it tells nothing.
[[nodiscard]] std::optional<bool> knows_task(const TaskNews&);

/// Why an answer tells nothing of the task, for people; nothing: it does.
[[nodiscard]] std::optional<std::string> silence(const TaskNews&);

struct Recognition {
    std::map<AttemptId, bool> unknown;  ///< whose tasks are asked about and not known; true: this very key made it
    std::optional<BootTime> since;      ///< since when every answer that tells was that the task is not known
};
/// Is one of them another key's?
[[nodiscard]] bool of_others(const Recognition&);
/// That a task is known which this very key made tells nothing while one of another key is not: any account knows its own.
[[nodiscard]] Recognition after_answer(Recognition, AttemptId, bool known, bool own, BootTime now);
/// Nobody asks about it any more.
[[nodiscard]] Recognition without(Recognition, AttemptId);

/// So long all tasks must have been unknown before that is taken for the key's fault: right after createTask every task is.
inline constexpr std::chrono::minutes unknown_for{10};
/// The key is probably another account's: nothing is submitted.
struct KeyDoubt {
    std::size_t tasks = 0;  ///< that are not known
    bool own = false;       ///< this very key made all of them
};
/// A single task that this very key made is the provider's loss, not the key's fault.
[[nodiscard]] std::optional<KeyDoubt> doubt(const Recognition&, BootTime now);

/// How long until a task that is not known is asked about again. @param usual if it were; @param unknown how long it has not been; @param own this key made it
/// @param left until its deadline
[[nodiscard]] std::chrono::milliseconds unknown_interval(std::chrono::milliseconds usual, std::chrono::milliseconds unknown, bool own,
                                                         std::chrono::milliseconds left);

}  // namespace motionspool::domain
