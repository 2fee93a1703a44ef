#include "domain/retry.hpp"
#include <algorithm>
#include <array>
#include "base/seeded.hpp"

namespace motionspool::domain {
using namespace std::chrono_literals;

std::string_view to_string(Oddity oddity) {
    switch (oddity) {
        case Oddity::field_required: return "field-required";
        case Oddity::unexplained: return "unexplained";
    }
    return {};
}

std::chrono::milliseconds retry_delay(int n) { return std::min<std::chrono::milliseconds>(2s * (1 << std::clamp(n - 1, 0, 10)), longest_retry_delay); }

std::chrono::milliseconds jittered(std::chrono::milliseconds longest, std::uint64_t random) {
    return std::chrono::milliseconds{static_cast<std::int64_t>(random % static_cast<std::uint64_t>(longest.count() + 1))};
}

bool may_retry(FailCause cause, std::optional<Credits> consumed, int attempts_made, int attempts_allowed, int unexplained_before) {
    if (seeded("retry-what-cost") && cause == FailCause::provider_failed) return attempts_made < attempts_allowed;
    if (!consumed || *consumed != Credits{} || attempts_made >= attempts_allowed) return false;
    switch (cause) {
        case FailCause::image_fetch:
        case FailCause::provider_failed: return true;
        case FailCause::unexplained: return unexplained_before == 0;
        case FailCause::moderation:
        case FailCause::no_upper_body:
        case FailCause::no_character:
        case FailCause::bad_parameter:
        case FailCause::result_missing: return false;
    }
    return false;
}

std::optional<std::chrono::minutes> wait_for_field(int before) {
    constexpr std::array waits{2min, 5min, 10min};
    if (before < 0 || before >= static_cast<int>(waits.size())) return std::nullopt;
    return waits[static_cast<std::size_t>(before)];
}

std::optional<FailCause> own_fault(Refusal refusal) {
    switch (refusal) {
        case Refusal::bad_parameter:
        case Refusal::field_required: return FailCause::bad_parameter;
        case Refusal::no_upper_body: return FailCause::no_upper_body;
        case Refusal::no_character: return FailCause::no_character;
        case Refusal::image_fetch: return FailCause::image_fetch;
        case Refusal::credits:
        case Refusal::key_limit:
        case Refusal::key:
        case Refusal::forbidden:
        case Refusal::maintenance:
        case Refusal::disabled:
        case Refusal::edge: return std::nullopt;
    }
    return std::nullopt;
}

std::chrono::milliseconds poll_interval(std::chrono::milliseconds age, std::chrono::milliseconds deadline, bool called_back) {
    if (age >= deadline) return 5min;
    if (called_back) return age < 90s ? 90s - age : std::clamp<std::chrono::milliseconds>(age / 2, 1min, 5min);
    if (age < 30s) return 2500ms;
    if (age < 2min) return 7s;
    if (age < 15min) return 20s;
    return 60s;
}

}  // namespace motionspool::domain
