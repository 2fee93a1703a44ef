#pragma once
#include <functional>
#include <map>
#include <set>
#include "app/settings.hpp"
#include "async/clock.hpp"
#include "async/wakeup.hpp"
#include "domain/schedule.hpp"
#include "http/client.hpp"
#include "store/store.hpp"

namespace motionspool::app {

/// Lets waiting jobs in, one after the other, as the rules of domain/schedule allow, and keeps what the rules ask about: the rate window, the lane, the disk.
class Gate {
public:
    Gate(const Settings&, Clock&, store::Store&, http::Client&);
    /// A job was let in; it must call exactly one of armed() and gave_up(). Set before run().
    std::function<void(JobId)> let_in = [](JobId) {};

    /// Takes up the rate window where the last process left it. Before anything is sent.
    void recover();
    /// Runs until cancelled.
    asio::awaitable<void> run();
    /// Something changed: jobs arrived or got ready, a task ended.
    void look_again();
    /// After connecting: may this job still be armed? Other answers may have closed the lane meanwhile.
    [[nodiscard]] bool still_open() const;

    void armed(JobId, AttemptId, BootTime);
    /// The ARMED commit is done, however long it took: its place in the rate window counts from now.
    void sent(AttemptId, BootTime);
    /// Let in, and not armed: no connection (`trouble`), or no longer its turn (empty).
    /// @param at_home it is this machine's trouble
    void gave_up(JobId, const std::string& trouble, bool at_home = false);
    void answered(AttemptId, const domain::Submission&, BootTime);
    [[nodiscard]] const domain::Lane& lane() const { return lane_; }

private:
    /// What takes a look at the disk and the database; nothing of it changes while jobs are let in, unless one is armed.
    [[nodiscard]] domain::World world();
    /// The rest of it.
    void update(domain::World&) const;
    [[nodiscard]] std::optional<BootTime> let_in_who_may();
    void refill();
    struct Backoff {
        Instant not_before;
        BootTime until;
    };
    [[nodiscard]] std::optional<BootTime> backoff_of(const store::Jobs::Next&, const std::map<JobId, Backoff>& known);
    [[nodiscard]] Backoff begin_backoff(Instant not_before) const;
    void set_lane(domain::Lane);
    asio::awaitable<void> probe();
    [[nodiscard]] bool probe_is_due() const;

    const Settings& settings_;
    Clock& clock_;
    store::Store& store_;
    http::Client& http_;
    Wakeup wakeup_;
    std::optional<domain::Rate> rate_;
    domain::RateLog log_;
    domain::Lane lane_;
    std::set<JobId> entering_;
    std::size_t unanswered_ = 0;
    std::map<AttemptId, BootTime> sent_;   ///< and not yet answered
    std::uint64_t arms_ = 0;               ///< submissions armed since the start
    std::vector<domain::Candidate> next_;  ///< the first few whose turn it is; empty: ask the store
    std::map<JobId, Backoff>
        backing_off_;  ///< of the first few: when first seen, an instant becomes a boot time, and no jump of the wall clock moves it any more
    BootTime refilled_{};
    bool stale_ = true;
};

}  // namespace motionspool::app
