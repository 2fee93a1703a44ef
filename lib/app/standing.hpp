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
    /// Everything at a glance.
    [[nodiscard]] domain::Overview overview(store::Store&) const;

private:
    /// The job has an input that is not uploaded, and in no trouble.
    [[nodiscard]] std::optional<domain::Blocked> by_upload(JobId) const;
    store::Store& store_;
    Instant now_;
    BootTime boot_;
    std::optional<domain::RateLog> log_;
    domain::World world_;
    mutable Line line_;  ///< remembers what it looked up
    mutable std::optional<std::vector<store::Input>> uploads_;
    bool callbacks_ = false;
};

/// Filesystems below `output.keep_free`.
[[nodiscard]] std::optional<domain::LowDisk> low_disk(const config::Config&);
/// The `pause` in force, if there is one.
[[nodiscard]] std::optional<domain::Stopped> pause_of(store::Store&, Instant now, BootTime boot);
/// The lane's pause as it was noted.
[[nodiscard]] std::optional<domain::LanePause> lane_pause(store::Store&, Instant now, BootTime boot);
/// The rate window as the attempts tell it.
[[nodiscard]] domain::RateLog rate_log(store::Store&, const domain::Rate&, const std::string& boot_id);

}  // namespace motionspool::app
