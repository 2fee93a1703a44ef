#pragma once
#include "app/line.hpp"
#include "config/config.hpp"
#include "domain/overview.hpp"
#include "domain/schedule.hpp"
#include "store/store.hpp"

namespace motionspool::app {

/// How things stand as far as the database tells, the daemon running or not: what the rules of domain/schedule ask about.
class Standing {
public:
    /// @param now, boot, boot_id of this moment, from one clock
    Standing(store::Store&, const config::Config&, Instant now, BootTime boot, const std::string& boot_id);
    /// What a job waits for; nothing if it does not wait, or if it is its turn.
    [[nodiscard]] std::optional<domain::Blocked> waiting(const store::JobView&) const;
    /// The same of a queued job, but for uploads that fail.
    [[nodiscard]] std::optional<domain::Blocked> waiting(JobId) const;
    [[nodiscard]] const domain::World& world() const { return world_; }
    /// What keeps all jobs back from the daemon's next start on.
    void expect_quarantine(const std::string& why) { world_.quarantine = why; }
    /// Everything at a glance. @param most so many queued jobs are asked what they wait for; negative: all
    [[nodiscard]] domain::Overview overview(int most) const;

private:
    /// What a queued job waits for, but for those whose uploads go before its own.
    [[nodiscard]] std::optional<domain::Blocked> but_for_its_place(const store::JobView&) const;
    /// The job has an input that is not uploaded, and in no trouble.
    [[nodiscard]] std::optional<domain::Blocked> by_upload(JobId) const;
    void count_waiting(int most, domain::Overview&) const;
    store::Store& store_;
    const config::Config& config_;
    Instant now_;
    BootTime boot_;
    Moment accounting_;
    std::optional<domain::RateLog> log_;
    domain::World world_;
    mutable Line line_;  ///< remembers what it looked up
    mutable std::optional<std::vector<store::Input>> uploads_;
    bool callbacks_ = false;
};

/// What the manifest calls a job's image or motion. @param what "image" or "motion"
[[nodiscard]] std::string name_of_input(store::Store&, const store::Job&, const std::string& what, Instant now);
/// Notes that the spool is not there, and since when; a spool that was missed before is missed since then.
void miss_spool(store::Store&, Instant now);
/// It is there.
void spool_is_here(store::Store&);
/// Filesystems below `output.keep_free`.
[[nodiscard]] std::optional<domain::LowDisk> low_disk(const config::Config&);
/// The `pause` in force, if there is one.
[[nodiscard]] std::optional<domain::Stopped> pause_of(store::Store&, Instant now, BootTime boot);
/// The lane's pause as it was noted.
[[nodiscard]] std::optional<domain::LanePause> lane_pause(store::Store&, Instant now, BootTime boot);
/// Who holds places of limits.running.
void count_running(store::Store&, const config::Config&, BootTime boot, const std::string& boot_id, domain::World&);
/// The rate window as the attempts tell it.
[[nodiscard]] domain::RateLog rate_log(store::Store&, const domain::Rate&, const std::string& boot_id);

}  // namespace motionspool::app
