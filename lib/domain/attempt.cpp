#include "domain/attempt.hpp"
#include <algorithm>
#include <array>

namespace motionspool::domain {
namespace {
using enum AttemptState;

constexpr std::array names{"armed", "not_sent", "refused", "uncertain", "submitted", "succeeded", "failed", "overdue", "written_off"};

constexpr std::array transitions{
    AttemptTransition{std::nullopt, armed, Entry::reserve},
    AttemptTransition{armed, submitted, Entry::none},
    AttemptTransition{armed, refused, Entry::release},
    AttemptTransition{armed, uncertain, Entry::none},
    AttemptTransition{armed, not_sent, Entry::release},
    AttemptTransition{submitted, succeeded, Entry::settle},
    AttemptTransition{submitted, failed, Entry::release},
    AttemptTransition{submitted, overdue, Entry::settle},
    AttemptTransition{uncertain, submitted, Entry::none},
    AttemptTransition{uncertain, written_off, Entry::settle},
    AttemptTransition{overdue, submitted, Entry::none},
    AttemptTransition{written_off, submitted, Entry::none},
    // written off for a newer one that is still open: its end alone counts
    AttemptTransition{written_off, succeeded, Entry::settle},
    AttemptTransition{written_off, failed, Entry::release},
};
}  // namespace

std::string_view to_string(AttemptState state) { return names[static_cast<std::size_t>(state)]; }

std::optional<AttemptState> attempt_state(std::string_view text) {
    const auto it = std::ranges::find(names, text);
    if (it == names.end()) return std::nullopt;
    return static_cast<AttemptState>(it - names.begin());
}

std::string_view in_words(AttemptState state) {
    switch (state) {
        case armed: return "being sent";
        case not_sent: return "not sent: no byte left, nothing was paid";
        case refused: return "refused by the provider, nothing was paid";
        case uncertain: return "sent, but no clear answer came: it may have been accepted and paid";
        case submitted: return "accepted, the task is under way";
        case succeeded: return "the task succeeded";
        case failed: return "the task failed";
        case overdue: return "accepted, but the task had not ended within limits.task_deadline";
        case written_off: return "no clear answer came; written off, counted as paid";
    }
    return {};
}

bool is_open(AttemptState state) { return state == armed || state == submitted || state == uncertain; }

std::string_view to_string(Entry entry) {
    switch (entry) {
        case Entry::reserve: return "reserve";
        case Entry::release: return "release";
        case Entry::settle: return "settle";
        case Entry::adjust: return "adjust";
        case Entry::none: return "none";
    }
    return {};
}

std::span<const AttemptTransition> attempt_transitions() { return transitions; }

std::optional<Entry> entry_of(std::optional<AttemptState> from, AttemptState to) {
    const auto it = std::ranges::find_if(transitions, [&](const AttemptTransition& t) { return t.from == from && t.to == to; });
    if (it == transitions.end()) return std::nullopt;
    return it->entry;
}

}  // namespace motionspool::domain
