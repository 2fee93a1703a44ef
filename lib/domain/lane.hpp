#pragma once
#include <optional>
#include <string>
#include "base/time.hpp"
#include "domain/outcome.hpp"
#include "domain/rate.hpp"

namespace motionspool::domain {

/// Why nothing is submitted for now.
struct LanePause {
    enum class Why { provider, credits, rate };
    Why why = Why::provider;
    std::string text;    ///< for people
    BootTime until;      ///< then it is looked at again
    bool probe = false;  ///< reopens only after a free request (the balance) was answered well
    friend bool operator==(const LanePause&, const LanePause&) = default;
};
[[nodiscard]] std::string_view to_string(LanePause::Why);

/// The way to createTask, shared by all jobs: open, narrowed, or paused.
struct Lane {
    std::optional<LanePause> pause;
    int trouble_in_row = 0;  ///< answers (or missing ones) that were the lane's fault; decides how long the next pause is
    int uncertain_in_row = 0;
    bool one_at_a_time = false;  ///< until one submission is answered cleanly
    int width = 0;               ///< places of the rate window in use; halves when throttled, grows by one when as many tasks were accepted as it is wide
    int accepted = 0;            ///< tasks since it last grew
    std::chrono::milliseconds answer_time{0};  ///< how long answers take of late; zero: none has come yet
    friend bool operator==(const Lane&, const Lane&) = default;
};
[[nodiscard]] Lane open_lane(const std::optional<Rate>&);

/// What of a lane outlives the process: how often it is restarted must not decide how much is risked.
struct Narrowing {
    bool one_at_a_time = false;
    std::optional<int> width;  ///< nothing: that of the rate
    int trouble_in_row = 0, uncertain_in_row = 0;
    friend bool operator==(const Narrowing&, const Narrowing&) = default;
};
[[nodiscard]] Narrowing narrowing_of(const Lane&, const std::optional<Rate>&);
/// The lane of a process that starts. After three lost answers in a row, and when throttled, the rest of the pause is waited for; another pause ends with a
/// probe at once, for whoever has mended something.
/// @param paused the pause when the last process ended
/// @param lost that one ended between a submission and its answer
[[nodiscard]] Lane take_up(const Narrowing&, const std::optional<LanePause>& paused, bool lost, BootTime now, const std::optional<Rate>&);

/// The lane after one submission's outcome. An uncertain answer narrows it to one at a time, the third in a row pauses it; a refusal that is not the job's own
/// fault, and throttling, pause it with their reason.
[[nodiscard]] Lane after(Lane, const Submission&, BootTime now, const std::optional<Rate>&);

/// The lane of a process that the provider has not answered yet, nor one before it in this boot of the machine: what day it is is not known by the provider's
/// clock, and this machine's is often set by the same network.
[[nodiscard]] Lane unreached(Lane, const std::string& trouble, BootTime now);

/// The lane once an answer has taken so long; the longer of late, the slower forgotten.
[[nodiscard]] Lane timed(Lane, std::chrono::milliseconds took);
/// So many submissions may be unanswered at once: a handful, and more only where answers take so long that the rate could not be used otherwise. What breaks
/// down while they are under way costs that many uncertain jobs.
/// Without a rate it is the handful.
[[nodiscard]] std::size_t abreast(const Lane&, const std::optional<Rate>&);

/// What a probe (GET chat/credit) said when a pause was over.
struct Probe {
    bool answered = false;
    std::optional<Credits> balance;
    std::string trouble;
};
/// The lane after a probe: open for one submission, or paused again and longer. @param needed what the next job is estimated to cost
[[nodiscard]] Lane after_probe(Lane, const Probe&, Credits needed, BootTime now);

/// 5 s doubling to 5 min. @pre n >= 1
[[nodiscard]] std::chrono::milliseconds pause_length(int n);

}  // namespace motionspool::domain
