#pragma once
#include <map>
#include <set>
#include "app/batch_statuses.hpp"
#include "app/settings.hpp"
#include "async/clock.hpp"
#include "async/wakeup.hpp"
#include "domain/overview.hpp"
#include "domain/report.hpp"
#include "spool/layout.hpp"
#include "store/store.hpp"

namespace motionspool::app {

/// Tells people how things stand: NAME.status.txt beside accepted drops, STATUS.txt, and the reports when a batch has ended and its drop moves to finished/.
class Reporter {
public:
    Reporter(const Settings&, Clock&, store::Store&, const spool::Layout&);
    /// A job of the batch changed.
    void touched(BatchId);
    /// Takes up batches where the last process left them.
    void recover();
    /// Runs until cancelled.
    asio::awaitable<void> run();
    /// The last word in STATUS.txt: it does not run.
    void stopped();

private:
    /// What is to be said of one batch now: filed if it is over, else its status, unless that was written a moment ago.
    asio::awaitable<void> look_at(BatchId);
    /// When something is to be done though nothing happens.
    [[nodiscard]] BootTime next() const;
    /// In slices.
    asio::awaitable<void> touch_all();
    /// @return false if something kept it from that; the next overview tries again
    asio::awaitable<bool> file(store::BatchRow);
    /// A batch that is open again after it had ended: its drop goes back to accepted/, and the reports of that end go.
    void take_back(const store::BatchRow&);
    /// Moves a drop, and notices that it has been moved already. @return its name there; nothing if it has to be tried again
    [[nodiscard]] std::optional<std::string> bring_to_finished(const store::BatchRow&);
    [[nodiscard]] std::optional<std::string> bring_back(const store::BatchRow&);
    bool write_reports(const store::BatchRow&, const std::string& entry);
    void write_status(const store::BatchRow&);
    void write_status(const store::BatchRow& drop, const std::string& text);
    void write_overview();
    void put_overview(const std::string& text);
    [[nodiscard]] domain::Overview overview();
    bool note(int folder, const store::BatchRow&, const std::string& entry, const std::string& suffix, const std::string& text);
    void remove_note(int folder, const store::BatchRow&, const std::string& entry, const std::string& suffix);
    /// Its drop has not been moved to finished/ yet; what lies there by its name is not a later batch's.
    [[nodiscard]] bool lies_in_accepted(const store::BatchRow&);
    [[nodiscard]] domain::BatchReport report_of(const store::BatchRow&);

    const Settings& settings_;
    Clock& clock_;
    store::Store& store_;
    const spool::Layout& layout_;
    Wakeup wakeup_;
    BatchStatuses statuses_;
    std::set<BatchId> touched_;
    struct Told {
        BootTime at;
        std::size_t print = 0;  ///< of its text
    };
    std::map<BatchId, Told> told_;                 ///< statuses, as last written
    std::set<std::pair<BootTime, BatchId>> owed_;  ///< those that have changed since, and when they may be written again
    std::optional<BootTime> overview_at_;
};

/// The machine-readable report of a batch.
[[nodiscard]] std::string to_json(const domain::BatchReport&);

}  // namespace motionspool::app
