#pragma once
#include <functional>
#include <set>
#include "app/appending.hpp"
#include "app/drop.hpp"
#include "app/examine.hpp"
#include "app/places.hpp"
#include "app/reject_report.hpp"
#include "app/settings.hpp"
#include "app/strikes.hpp"
#include "async/clock.hpp"
#include "domain/calendar.hpp"
#include "spool/layout.hpp"
#include "store/store.hpp"

namespace motionspool::app {

/// What becomes of a drop once it lies in `.taking/`: it is examined and recorded, and gets the receipt (the rename into `accepted/`); or it is rejected with a
/// report.
class Taking {
public:
    Taking(const Settings&, Clock&, store::Store&, Examiner&, Strikes&, const spool::Layout&, Places&);
    /// A batch's jobs are durably recorded and its drop lies in `accepted/`.
    std::function<void(BatchId)> accepted = [](BatchId) {};
    /// A job that was appended again is `running` or `downloading` once more: it goes on from there.
    std::function<void(AttemptId)> follow = [](AttemptId) {};
    std::function<void(JobId)> deliver = [](JobId) {};

    /// @param dropped_as its name in incoming/, which the batch is called after
    /// @param earlier an examination of it before it was claimed
    asio::awaitable<void> take(Drop, std::string dropped_as, std::optional<Examination> earlier);
    /// Does what the last process had begun, or what went wrong: receipts, and drops that were claimed and not recorded.
    asio::awaitable<void> take_what_is_left();
    /// Finishes the moves that were under way when the last process ended; take_what_is_left() does the rest.
    void recover();

private:
    asio::awaitable<Examination> examine(const Drop&, std::optional<Examination> earlier);
    asio::awaitable<void> accept(Drop, Examination, std::string batch_name);
    /// A drop with more jobs for a batch that is there.
    asio::awaitable<void> append_to(store::BatchRow, Drop, Examination, std::vector<MetJob>);
    void reject(const Drop&, const Examination&);
    /// @return did it get onto the disk?
    bool write(const RejectReport&);
    /// The rename into accepted/; what cannot be moved now is tried again.
    void move_accepted(const store::BatchRow&);
    void hand_out_receipts();
    void explain_rejected();

    const Settings& settings_;
    Clock& clock_;
    store::Store& store_;
    Examiner& examiner_;
    Strikes& strikes_;
    const spool::Layout& layout_;
    Places& places_;
    const domain::Zone zone_;
    bool receipts_left_ = false;
    std::vector<Drop> again_;              ///< claimed, and not recorded
    std::set<std::string> troubled_;       ///< of those, which could not be looked at, as has been said
    std::vector<RejectReport> unwritten_;  ///< of drops that lie in rejected/
};

}  // namespace motionspool::app
