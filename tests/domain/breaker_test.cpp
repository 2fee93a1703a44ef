#include "domain/breaker.hpp"
#include <doctest/doctest.h>
#include <vector>

namespace motionspool::domain {
namespace {
using namespace std::chrono_literals;

constexpr Instant t0{1'795'514'701s};
const BreakerRule rule{3, 15min};

/// Newest first, one minute apart, the newest ended at t0.
std::vector<GroupAttempt> group(const std::vector<std::string>& causes) {
    std::vector<GroupAttempt> attempts;
    for (const auto& cause : causes) attempts.push_back({cause, t0 - attempts.size() * 1min});
    return attempts;
}
std::optional<Tripped> at(Instant now, const std::vector<std::string>& causes, Instant released = {}) { return tripped(group(causes), rule, released, now); }

TEST_CASE("so many failures of one cause in a row hold the group until one may try") {
    CHECK(at(t0, {"moderation", "moderation", "moderation"}) == Tripped{"moderation", 3, 15min});
    CHECK(at(t0 + 5min, {"moderation", "moderation", "moderation", ""}) == Tripped{"moderation", 3, 10min});
    CHECK(at(t0 + 15min, {"moderation", "moderation", "moderation"}) == Tripped{"moderation", 3, 0min});
}

TEST_CASE("fewer, of several causes, or with a success among them hold nothing") {
    CHECK_FALSE(at(t0, {}));
    CHECK_FALSE(at(t0, {"moderation", "moderation"}));
    CHECK_FALSE(at(t0, {"moderation", "provider-failed", "moderation"}));
    CHECK_FALSE(at(t0, {"moderation", "moderation", ""}));
    CHECK_FALSE(at(t0, {"", "", ""}));
}

TEST_CASE("a success heals, a failure of the one that tried begins the wait anew") {
    CHECK_FALSE(at(t0 + 1s, {"", "moderation", "moderation", "moderation"}));
    CHECK(at(t0 + 1s, {"moderation", "moderation", "moderation", "moderation"}) == Tripped{"moderation", 3, 15min - 1s});
}

TEST_CASE("failures before a release do not count") {
    CHECK_FALSE(at(t0 + 1min, {"moderation", "moderation", "moderation"}, t0));
    CHECK_FALSE(at(t0 + 1min, {"moderation", "moderation", "moderation"}, t0 - 2min));  // the oldest of three ended then
    CHECK(at(t0 + 1min, {"moderation", "moderation", "moderation"}, t0 - 2min - 1s));
}

TEST_CASE("a wall clock that was set back holds nobody: one may try") {
    CHECK(at(t0 - 24h * 3650, {"moderation", "moderation", "moderation"}) == Tripped{"moderation", 3, 0min});
}

}  // namespace
}  // namespace motionspool::domain
