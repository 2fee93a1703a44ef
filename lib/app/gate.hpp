#pragma once
#include <functional>
#include "app/balance.hpp"
#include "app/line.hpp"
#include "app/places.hpp"
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
    Gate(const Settings&, Clock&, AccountingClock&, store::Store&, Balance&, Places&);
    /// A job was let in; it must call exactly one of armed() and gave_up(). Set before run().
    std::function<void(JobId)> let_in = [](JobId) {};
    /// It was somebody's turn whose inputs are not uploaded.
    std::function<void()> lacks_inputs = [] {};
    /// So many submissions may be unanswered at once, as their answers can be kept outside the database, too.
    std::function<std::optional<std::size_t>()> answers_kept = [] { return std::nullopt; };

    /// Takes up the rate window and the lane where the last process left them. Before anything is sent.
    /// @param lost it left submissions without an answer
    void recover(bool lost);
    /// Runs until cancelled.
    asio::awaitable<void> run();
    /// Something changed: jobs arrived or got ready, a task ended.
    void look_again();
    /// The clocks may agree again, or no longer. @return what they say
    Moment look_at_clocks();
    /// What an attempt that is armed now is booked to.
    struct Booking {
        Entered entered;
        std::string day;  ///< accounting date
    };
    /// After connecting: may this job, which was let in, still be armed? Other answers may have closed the lane meanwhile, a person may hold the job, a day's
    /// budget may have ended with the day. @return nothing: it may not
    [[nodiscard]] std::optional<Booking> still_open(JobId);
    /// The inputs that the next jobs need and that are not uploaded, in the order of their turn; in slices. @return whether all are gathered; else ask again
    [[nodiscard]] bool look_ahead(Line::Ahead&);

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
    [[nodiscard]] domain::World world();  ///< but for the places among the running and in the rate window: none is asked for
    [[nodiscard]] domain::World whole_world();
    /// The rest of it.
    void update(domain::World&) const;
    [[nodiscard]] Line::Now moment();
    /// Pauses the lane until the provider has answered once in this boot of the machine.
    void look_whether_reached();
    [[nodiscard]] std::optional<BootTime> let_in_who_may();
    void closed_by(const std::optional<domain::Why>&);
    void set_lane(domain::Lane);
    /// What the next process takes up, and readers without the daemon are told.
    void note_lane();
    asio::awaitable<void> probe();
    [[nodiscard]] bool probe_is_due() const;
    void say_prices();
    void say_trips();

    const Settings& settings_;
    Clock& clock_;
    AccountingClock& accounting_;
    store::Store& store_;
    Balance& balance_;
    Places& places_;
    Wakeup wakeup_;
    std::optional<domain::Rate> rate_;
    domain::RateLog log_;
    domain::Lane lane_;
    Line line_;
    Entering entering_;
    std::size_t unanswered_ = 0;
    std::map<AttemptId, BootTime> sent_;  ///< and not yet answered
    std::uint64_t arms_ = 0;              ///< submissions armed since the start
    BootTime refreshed_{};
    std::set<std::string> said_;  ///< charges that raise estimates
    bool disputed_ = false;
    bool unreached_ = false;  ///< the lane is paused as the provider has not answered yet
};

}  // namespace motionspool::app
