#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include "app/examine.hpp"
#include "app/standing.hpp"
#include "app/tariff.hpp"
#include "options.hpp"
#include "system/real_clock.hpp"

namespace motionspool {

/// The database, opened for reading, whether the daemon runs or not. @throws Exit 69 if there is none yet, 74 if it cannot be read, 77
[[nodiscard]] std::unique_ptr<SQLite::Database> open_database(const config::Config&);

/// The database as reading commands see it, whether the daemon runs or not.
class Reading {
public:
    /// @throws Exit 69, 74, 77, as open_database()
    explicit Reading(const config::Config&);
    store::Store& store() { return store_; }
    [[nodiscard]] app::Standing standing();
    /// Somebody listens for them; what was sent under another configuration may name an address where nobody does.
    [[nodiscard]] bool takes_callbacks() const { return !config_.webhook.listen.empty(); }
    [[nodiscard]] domain::Tariff tariff() { return app::tariff_of(config_, store_); }
    /// Why the next start is in quarantine, if the daemon does not run.
    [[nodiscard]] std::optional<std::string> quarantine_ahead();
    [[nodiscard]] Instant now() const { return clock_.now(); }
    [[nodiscard]] Instant wall_time_of(BootTime) const;
    /// Complains about ids of an appended drop that the batch has already, as app::meet() does. @pre its inputs are hashed
    /// Then warns of jobs that earlier batches render already. @param appends nothing: it is no appended drop
    void meet(std::optional<BatchId> appends, app::Examination&);

private:
    const config::Config& config_;
    asio::io_context io_;
    system::RealClock clock_;
    store::Store store_;
};

/// Says on standard error that the daemon runs with other settings than this file's, if it does: what is told of waiting follows the file.
void warn_of_another_configuration(Reading&, const ConfigFile&);

/// A job as `jobs --json` shows it.
[[nodiscard]] boost::json::object as_json(const store::JobView&, const std::optional<domain::Blocked>& waiting);

/// "trouble since …: TEXT; tried again at …".
[[nodiscard]] std::string in_words(const store::LaneNote& trouble);

/// "BATCH" or "BATCH/JOB" as comparison keys.
struct Address {
    std::string batch_key;
    std::optional<std::string> job_key;
};
[[nodiscard]] Address parse_address(const std::string&);

/// The one job that "BATCH/JOB" names. @throws Exit 64, 66
[[nodiscard]] store::JobView require_job(Reading&, const std::string& address);

/// Text in columns, as wide as their widest cell, the last one as it is; the first row is the heading.
[[nodiscard]] std::string table(const std::vector<std::vector<std::string>>& rows);

}  // namespace motionspool
