#include "domain/recognition.hpp"
#include <algorithm>

namespace motionspool::domain {
using namespace std::chrono_literals;

std::optional<bool> knows_task(const TaskNews& news) {
    if (std::holds_alternative<UnknownTask>(news)) return false;
    const bool known = std::holds_alternative<StillRunning>(news) || std::holds_alternative<Succeeded>(news) || std::holds_alternative<TaskFailed>(news);
    return known ? std::optional{true} : std::nullopt;
}

std::optional<std::string> silence(const TaskNews& news) {
    if (const auto* none = std::get_if<NoNews>(&news)) return none->why;
    if (const auto* refused = std::get_if<KeyRefused>(&news)) return "the provider refuses the API key (" + refused->message + ")";
    if (std::holds_alternative<PollTooFast>(news)) return "the provider asks for fewer questions";
    return std::nullopt;
}

bool of_others(const Recognition& r) {
    return std::ranges::any_of(r.unknown, [](const auto& task) { return !task.second; });
}

Recognition after_answer(Recognition r, AttemptId attempt, bool known, bool own, BootTime now) {
    if (known) {
        r.unknown.erase(attempt);
        if (!own || !of_others(r)) r.since.reset();
        return r;
    }
    r.unknown.insert_or_assign(attempt, own);
    if (!r.since) r.since = now;
    return r;
}

Recognition without(Recognition r, AttemptId attempt) {
    r.unknown.erase(attempt);
    if (r.unknown.empty()) r.since.reset();
    return r;
}

std::optional<KeyDoubt> doubt(const Recognition& r, BootTime now) {
    if (!r.since || now - *r.since < unknown_for) return std::nullopt;
    const bool own = !of_others(r);
    if (own && r.unknown.size() < 2) return std::nullopt;
    return KeyDoubt{r.unknown.size(), own};
}

std::chrono::milliseconds unknown_interval(std::chrono::milliseconds usual, std::chrono::milliseconds unknown, bool own, std::chrono::milliseconds left) {
    if (own || unknown < unknown_for) return usual;
    const auto at_the_deadline = left + left / 6 + 1s;  // so that an eighth less is no less
    return left > 0ms ? std::min<std::chrono::milliseconds>(1h, at_the_deadline) : std::chrono::milliseconds{1h};
}

}  // namespace motionspool::domain
