#include "domain/retry.hpp"
#include <doctest/doctest.h>
#include <limits>
#include <set>

namespace motionspool::domain {
namespace {
using namespace std::chrono_literals;
using namespace motionspool::literals;
using enum FailCause;

TEST_CASE("a retry's delay doubles from 2 s and stops at 5 min") {
    const std::chrono::seconds expected[] = {2s, 4s, 8s, 16s, 32s, 64s, 128s, 256s, 300s, 300s};
    for (int n = 1; n <= 10; n++) CHECK(retry_delay(n) == expected[n - 1]);
    CHECK(retry_delay(std::numeric_limits<int>::max()) == longest_retry_delay);
}

TEST_CASE("full jitter takes every length from nothing to the longest") {
    std::set<std::chrono::milliseconds> seen;
    for (std::uint64_t random = 0; random < 50; random++) seen.insert(jittered(9ms, random));
    CHECK(seen.size() == 10);
    CHECK(*seen.begin() == 0ms);
    CHECK(*seen.rbegin() == 9ms);
    CHECK(jittered(0ms, 4711) == 0ms);
    CHECK(jittered(5min, std::numeric_limits<std::uint64_t>::max()) <= 5min);
}

TEST_CASE("only a cause that may pass, at no cost, with attempts left is tried anew") {
    struct Row {
        FailCause cause;
        bool passes;
    };
    for (const auto& [cause, passes] : {Row{moderation, false}, Row{no_upper_body, false}, Row{no_character, false}, Row{image_fetch, true},
                                        Row{bad_parameter, false}, Row{provider_failed, true}, Row{unexplained, true}, Row{result_missing, false}}) {
        const auto shown = to_string(cause);  // clang 14 captures no structured binding
        INFO(shown);
        CHECK(may_retry(cause, 0_credits, 1, 3) == passes);
        CHECK(may_retry(cause, 0_credits, 2, 3) == passes);
        CHECK_FALSE(may_retry(cause, 0_credits, 3, 3));
        CHECK_FALSE(may_retry(cause, 0_credits, 4, 3));
        CHECK_FALSE(may_retry(cause, 0_credits, 1, 1));
        CHECK_FALSE(may_retry(cause, Credits::from_milli(1), 1, 3));
        CHECK_FALSE(may_retry(cause, Credits::from_milli(-1), 1, 3));
        CHECK_FALSE(may_retry(cause, std::nullopt, 1, 3));
    }
}

TEST_CASE("a task that ended in words nobody knows is repeated once, however many attempts are left") {
    CHECK(may_retry(unexplained, 0_credits, 1, 9, 0));
    CHECK_FALSE(may_retry(unexplained, 0_credits, 2, 9, 1));
    CHECK_FALSE(may_retry(unexplained, 0_credits, 3, 9, 2));
    CHECK(may_retry(unexplained, 0_credits, 2, 3, 0));  // after one in known words
    CHECK_FALSE(may_retry(unexplained, std::nullopt, 1, 9, 0));
    CHECK_FALSE(may_retry(unexplained, Credits::from_milli(1), 1, 9, 0));
    CHECK(may_retry(provider_failed, 0_credits, 2, 9, 1));
}

TEST_CASE("a field that is said to be missing is waited for three times, and then it is a bad parameter") {
    CHECK(wait_for_field(0) == 2min);
    CHECK(wait_for_field(1) == 5min);
    CHECK(wait_for_field(2) == 10min);
    for (const int before : {3, 4, 100, -1}) CHECK_FALSE(wait_for_field(before));
    for (int before = 0; before < 3; before++) CHECK(*wait_for_field(before) <= longest_backoff);
    CHECK(retry_delay(99) <= longest_backoff);
}

TEST_CASE("a refusal is the job's own fault or the lane's") {
    CHECK(own_fault(Refusal::bad_parameter) == bad_parameter);
    CHECK(own_fault(Refusal::field_required) == bad_parameter);
    CHECK(own_fault(Refusal::no_character) == no_character);
    CHECK(own_fault(Refusal::no_upper_body) == no_upper_body);
    CHECK(own_fault(Refusal::image_fetch) == image_fetch);
    for (const auto why : {Refusal::credits, Refusal::key, Refusal::forbidden, Refusal::maintenance, Refusal::disabled, Refusal::edge})
        CHECK_FALSE(own_fault(why));
}

TEST_CASE("a task whose end will be told is left alone for 90 s, and then asked about seldom, in case the callback got lost") {
    CHECK(poll_interval(0s, 2h, true) == 90s);
    CHECK(poll_interval(89s, 2h, true) == 1s);
    CHECK(poll_interval(90s, 2h, true) == 60s);
    CHECK(poll_interval(4min, 2h, true) == 2min);
    CHECK(poll_interval(1h, 2h, true) == 5min);
    CHECK(poll_interval(2h, 2h, true) == 5min);
    for (auto age = 0s; age < 2h; age += 1s) CHECK(poll_interval(age, 2h, true) > 0s);
}

TEST_CASE("a task is asked about ever more slowly as it gets older") {
    struct Row {
        std::chrono::milliseconds age, interval;
    };
    for (const auto& [age, interval] : {Row{0s, 2500ms}, Row{29'999ms, 2500ms}, Row{30s, 7s}, Row{119'999ms, 7s}, Row{2min, 20s}, Row{899'999ms, 20s},
                                        Row{15min, 60s}, Row{5h, 60s}, Row{6h - 1ms, 60s}, Row{6h, 5min}, Row{72h, 5min}}) {
        const auto shown = age.count();
        INFO(shown);
        CHECK(poll_interval(age, 6h) == interval);
    }
    CHECK(poll_interval(1min, 1min) == 5min);
}

}  // namespace
}  // namespace motionspool::domain
