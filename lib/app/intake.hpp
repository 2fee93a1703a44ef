#pragma once
#include <functional>
#include <stdexcept>
#include "app/examine.hpp"
#include "app/incoming_notes.hpp"
#include "app/settings.hpp"
#include "app/strikes.hpp"
#include "app/taking.hpp"
#include "async/clock.hpp"
#include "async/wakeup.hpp"
#include "spool/layout.hpp"
#include "spool/settling.hpp"
#include "spool/watcher.hpp"
#include "store/store.hpp"

namespace motionspool::app {

/// The spool under its path is no longer the one that was opened: begin anew with the one that is there.
struct SpoolReplaced : std::runtime_error {
    using std::runtime_error::runtime_error;
};
/// It belongs to another state directory now; two daemons on one spool would pay twice.
struct SpoolTaken : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Takes drops in: notices them, waits until they have settled and everything they name is there, and claims them; then they are Taking's.
class Intake {
public:
    Intake(const Settings&, Clock&, store::Store&, media::Probe&, UrlInputs&, const spool::Layout&, Places&, spool::Watcher&);
    /// A batch's jobs are durably recorded and its drop lies in `accepted/`.
    void on_accepted(std::function<void(BatchId)> then) { taking_.accepted = std::move(then); }
    /// What a job that was appended again goes on with.
    void on_taken_up(std::function<void(AttemptId)> follow, std::function<void(JobId)> deliver) {
        taking_.follow = std::move(follow);
        taking_.deliver = std::move(deliver);
    }

    /// Finishes the moves that were under way when the last process ended. Drops it had claimed and not recorded are taken again by run().
    void recover();
    /// How many entries the watcher had not told of.
    [[nodiscard]] std::size_t found_by_rescan() const { return found_by_rescan_; }
    /// Looks into incoming/ again and again, until cancelled; while the spool is away it waits. @throws SpoolReplaced, SpoolTaken
    asio::awaitable<void> run();
    /// Tells run() what the watcher sees, until cancelled.
    asio::awaitable<void> listen();

private:
    asio::awaitable<void> wait_for_spool();
    asio::awaitable<void> wait_for_state();
    /// Just before a drop is claimed: both are still there.
    [[nodiscard]] bool may_claim();
    /// One look at all of incoming/, in slices: what is there, what of it is new or has changed, and what has become of what is due.
    asio::awaitable<void> look();
    /// @return whether incoming/ could be read
    asio::awaitable<bool> scan();
    asio::awaitable<void> observe(bool told);
    asio::awaitable<void> take_due();
    /// What waits for a change inside it is watched there. Notes when something becomes due by mere waiting.
    asio::awaitable<void> look_inside_what_waits();
    asio::awaitable<void> consider(spool::Due);
    /// @return nothing if it stays where it is, for now or for good; that is noted then
    asio::awaitable<std::optional<Examination>> examine(spool::Due, Drop);
    void refused(const spool::Due&, const spool::Refusal&);
    /// The server's own trouble: it is tried again, and nothing is held against the drop.
    void held_up(const std::string& name, const std::string& trouble);
    asio::awaitable<void> claim_and_take(Drop, std::optional<Examination>);
    asio::awaitable<std::optional<Drop>> claim(const Drop&);
    /// It cannot be taken now; what is in its way may lie outside it.
    void try_again(const std::string& name, const std::string& why);
    /// What a scan showed for the first time. @param told something had happened since the one before
    void count(std::size_t fresh, bool told);
    /// So that a person knows why something is noticed late.
    void say_once(bool& said, const std::string& text);
    [[nodiscard]] spool::Enough slice() const;

    const Settings& settings_;
    Clock& clock_;
    store::Store& store_;
    const spool::Layout& layout_;
    Places& places_;
    spool::Watcher& watcher_;
    Examiner examiner_;
    Strikes strikes_;
    Taking taking_;
    IncomingNotes notes_;
    spool::Settling settling_;
    Wakeup wakeup_;
    std::optional<BootTime> next_;  ///< when something becomes due by mere waiting, as of the last look
    BootTime rested_{};             ///< the next scan is not before
    std::size_t found_by_rescan_ = 0;
    bool looked_ = false, happened_ = false;
    struct {
        bool overflow = false, exhausted = false, untold = false;
    } said_;
};

}  // namespace motionspool::app
