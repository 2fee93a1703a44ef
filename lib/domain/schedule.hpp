#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>
#include "base/credits.hpp"
#include "base/id.hpp"
#include "domain/breaker.hpp"
#include "domain/clocks.hpp"
#include "domain/lane.hpp"
#include "domain/rate.hpp"

// Which job goes next, and why one waits. Pure: whatever it needs is in the arguments.
namespace motionspool::domain {

/// What a queued job waits for; the names are `waiting_for` of the interface, in the order in which they are reported.
enum class Why { review, hold, approval, quarantine, pause, output, provider, disk, window, breaker, backoff, budget, credits, running, rate };
[[nodiscard]] std::string_view to_string(Why);

struct Blocked {
    Why why;
    std::optional<BootTime> until;  ///< when that changes by itself, if it is known
    std::string numbers;            ///< for people: "100 of 100 tasks are running"
    std::string remedy{};           ///< what ends it, where that is not the same for all that wait for the like; BATCH and JOB stand for its names
    bool may_pass = false;          ///< it may end without a person, though nobody knows when
    friend bool operator==(const Blocked&, const Blocked&) = default;
};
/// Does it wait for something that only a person can give?
[[nodiscard]] bool needs_a_person(const Blocked&);

/// A filesystem below `output.keep_free`.
struct LowDisk {
    std::string where;
    std::uint64_t free = 0, keep = 0;
};

/// A folder that the service works in is not there: unmounted, renamed, or another one lies under its path.
struct Away {
    std::string folder, directory;  ///< "the output folder", its path
    friend bool operator==(const Away&, const Away&) = default;
};

/// `pause`: nothing is submitted because a person said so.
struct Stopped {
    std::string text;               ///< for people
    std::optional<BootTime> until;  ///< nothing: until a person says otherwise
};

/// The provider's account.
struct Funds {
    std::optional<Credits> available;  ///< nothing: the balance could not be read; then only `keep` holds jobs back
    Credits keep;                      ///< what must be left
    Credits entering;                  ///< for those let in and not yet ARMED
};

/// What is the same for all jobs.
struct World {
    std::optional<std::string> quarantine;  ///< why, if an old database was put back
    std::optional<Away> away;
    std::optional<LowDisk> low_disk;
    Lane lane;
    std::size_t running = 0;             ///< tasks at the provider, and submissions under way
    std::optional<std::size_t> limit;    ///< of `running` and `lost`
    std::size_t lost = 0;                ///< tasks that may run, as the answers to their submissions were lost a short while ago
    std::optional<BootTime> lost_until;  ///< when the first of them is given up
    std::size_t entering = 0;            ///< let in and not yet ARMED: they count as running, too
    std::size_t unanswered = 0;          ///< submissions between ARMED and their answer
    std::optional<std::size_t> places;   ///< so many answers the money side-file could keep; nothing: whoever asks does not know
    bool let_in = false;                 ///< asked for a job that has its place among them already
    const RateLog* rate = nullptr;       ///< nothing: no limit
    std::optional<Stopped> pause;
    Funds funds;
    std::optional<std::string> key_doubt{};  ///< why the API key is probably another account's
};

/// One budget, as the accounts stand.
struct Purse {
    std::string what;  ///< "the batch's budget"
    Credits limit, spent, reserved;
    Credits entering;                ///< for those let in and not yet ARMED
    std::optional<BootTime> renews;  ///< when it is full again by itself; nothing: never
    std::string raised_by{};         ///< "credits.per_day"
    bool dated = false;              ///< a day's, a month's, a window's: which one it is depends on the date
    [[nodiscard]] Credits left() const { return limit - spent - reserved - entering; }
};

/// A window that is closed.
struct Shut {
    std::string name, opens_at;     ///< "night", "Tue 2026-11-24 22:00"
    std::optional<BootTime> opens;  ///< nothing: never
};

/// What is the same for all jobs of a batch.
struct Terms {
    bool review = false;  ///< waits for `release`, once it is estimated above credits.ask_above
    bool held = false;
    std::optional<Shut> window;
    std::vector<Purse> purses;
    Credits estimate{}, ask_above{};   ///< of a batch in review, where anybody asks for its words
    std::optional<Dispute> dispute{};  ///< nobody knows the date
};
/// The most a job of the batch may cost now; nothing: no purse sets a limit.
[[nodiscard]] std::optional<Credits> room(const Terms&);

/// A group the job belongs to is held by the breaker.
struct Held {
    std::string what;  ///< "image", "motion"
    Tripped tripped;
    BootTime until;           ///< then one job tries
    bool trial_runs = false;  ///< that one is under way
    std::string name{};       ///< the image's or motion's, where anybody asks for its words
    std::chrono::milliseconds probe_after{0};
};

/// What is a job's own.
struct Candidate {
    JobId id;
    std::optional<BootTime> not_before;  ///< backing off until then
    Credits price;                       ///< what it is estimated to cost
    bool held = false;
    std::optional<Held> breaker;
    const Terms* terms = nullptr;         ///< its batch's; nothing: nothing against it
    std::optional<Credits> configured{};  ///< by the configured prices alone, if charges that were seen have raised `price`
};

/// The lane's reason that nothing at all may be submitted now.
[[nodiscard]] std::optional<Blocked> lane_blocked(const World&, BootTime now);
/// Why this job may not be submitted now: the first that applies.
[[nodiscard]] std::optional<Blocked> blocked(const Candidate&, const World&, BootTime now);

/// Nothing to submit now; look again then, or when something changes.
struct LookAgain {
    std::optional<BootTime> at;
    std::optional<Why> lane;  ///< the lane's reason that ended the search; nothing: every candidate has a reason of its own
};
/// The first candidate that is not blocked. A job's own reason is skipped over; a lane's ends the search, so that cheap jobs do not starve dear ones.
[[nodiscard]] std::variant<JobId, LookAgain> decide(const World&, std::span<const Candidate> in_order, BootTime now);

/// A batch's place in line.
struct Turn {
    int priority = 0;
    Credits used;  ///< by its share: reserved, and spent in the last 24 hours
    int weight = 1;
    std::int64_t age = 0;  ///< lower came first
};
/// Higher priority first, over everything; then the share with the least used / weight; then age.
[[nodiscard]] bool goes_before(const Turn&, const Turn&);

}  // namespace motionspool::domain
