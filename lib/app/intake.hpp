#pragma once
#include <functional>
#include "app/arrival.hpp"
#include "app/examine.hpp"
#include "app/settings.hpp"
#include "async/clock.hpp"
#include "async/wakeup.hpp"
#include "spool/layout.hpp"
#include "spool/settling.hpp"
#include "spool/watcher.hpp"
#include "store/store.hpp"

namespace motionspool::app {

/// Takes drops in: notices them, waits until they have settled, claims, examines, records, and hands out the receipt (the rename into `accepted/`), or rejects
/// with a report.
class Intake {
public:
    Intake(const Settings&, Clock&, store::Store&, media::Probe&, const spool::Layout&, spool::Watcher&);
    /// A batch's jobs are durably recorded and its drop lies in `accepted/`.
    std::function<void(BatchId)> accepted = [](BatchId) {};

    /// Finishes the moves that were under way when the last process ended. Drops it had claimed and not recorded are taken again by run().
    void recover();
    /// Looks into incoming/ again and again, until cancelled.
    asio::awaitable<void> run();
    /// Tells run() what the watcher sees, until cancelled.
    asio::awaitable<void> listen();

private:
    struct Drop {
        std::string entry;
        bool folder = true;
    };
    asio::awaitable<void> look();
    asio::awaitable<void> consider(spool::Due);
    asio::awaitable<std::optional<Drop>> claim(const Drop&);
    /// @param dropped_as its name in incoming/, which the batch is called after
    asio::awaitable<void> take(Drop, std::string dropped_as, std::optional<Examination> earlier);
    asio::awaitable<void> accept(Drop, Examination, std::string batch_name);
    void reject(const Drop&, const Examination&);
    void note_in_incoming(const std::string& name, std::string_view suffix, const std::string& text);
    void leave(const std::string& name, const std::string& text);
    /// The rename into accepted/; what cannot be moved now is tried again by run().
    void move_accepted(const store::BatchRow&);
    void hand_out_receipts();
    [[nodiscard]] Result<spool::Place> place_in(int folder, const Drop&) const;
    /// Reads a drop's manifest out of one of the spool's folders. A problem is for people.
    [[nodiscard]] std::variant<Examination, spool::Refusal> read(int folder, const Drop&) const;
    [[nodiscard]] spool::Enough slice() const;

    const Settings& settings_;
    Clock& clock_;
    store::Store& store_;
    const spool::Layout& layout_;
    spool::Watcher& watcher_;
    Examiner examiner_;
    spool::Settling settling_;
    Wakeup wakeup_;
    std::map<std::string, std::string> note_stems_;  ///< of what lies in incoming/
    bool receipts_left_ = false;
    std::vector<Drop> again_;  ///< claimed by the last process, and not recorded
};

}  // namespace motionspool::app
