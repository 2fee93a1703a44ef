#pragma once
#include <optional>
#include <span>
#include <string_view>

namespace motionspool::domain {

/// One paid submission. A job has at most one that is open.
enum class AttemptState {
    armed,      ///< the intent is durable; the request may be on its way
    not_sent,   ///< proven that not one byte left
    refused,    ///< the provider turned it down; it costs nothing
    uncertain,  ///< the answer was lost; it may have been accepted
    submitted,  ///< a task is known
    succeeded,
    failed,
    overdue,      ///< the task never ended within `task_deadline`
    written_off,  ///< the operator gave up an uncertain one
};
[[nodiscard]] std::string_view to_string(AttemptState);
[[nodiscard]] std::optional<AttemptState> attempt_state(std::string_view);

/// For people: "accepted, the task is under way".
[[nodiscard]] std::string_view in_words(AttemptState);

/// Could it still cost or bring something? While one is open, the job gets no other.
[[nodiscard]] bool is_open(AttemptState);

/// What a transition does to the reservation.
enum class Entry { reserve, release, settle, adjust, none };
[[nodiscard]] std::string_view to_string(Entry);

struct AttemptTransition {
    std::optional<AttemptState> from;  ///< nothing: the ARMED commit makes the attempt
    AttemptState to;
    Entry entry;  ///< failed: release only if it is known to have cost nothing, else settle
};
/// Every way an attempt may change; the store refuses any other.
[[nodiscard]] std::span<const AttemptTransition> attempt_transitions();
[[nodiscard]] std::optional<Entry> entry_of(std::optional<AttemptState> from, AttemptState to);

}  // namespace motionspool::domain
