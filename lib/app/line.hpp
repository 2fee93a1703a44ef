#pragma once
#include <map>
#include <memory>
#include <variant>
#include <vector>
#include "app/groups.hpp"
#include "app/tariff.hpp"

namespace motionspool::app {

/// The waiting jobs in the order of their turn, as far as anybody looks: batch by batch, a page of each. A decision costs the same however many wait, and of
/// very many batches only some are read or looked at in one call, so that the loop belongs to others in between.
class Line {
public:
    Line(const config::Config&, store::Store&);
    /// Anything may have changed: jobs, batches, accounts.
    void look_again();
    /// Something was booked; nobody new waits.
    void booked();

    struct Now {
        Instant wall;
        Moment accounting;
    };
    /// It was enough for one slice of the loop: ask again, and it goes on from there.
    struct Unfinished {};
    using Next = std::variant<JobId, domain::LookAgain, Unfinished>;
    /// Who goes next.
    [[nodiscard]] Next next(const domain::World&, const Now&, const Entering&);
    /// That job was let in. @return what it will be booked to
    [[nodiscard]] Entered enter(JobId, const Now&);

    /// A waiting job, and what it would be booked to.
    struct Case {
        domain::Terms terms;
        domain::Candidate candidate;  ///< points to `terms`
        Entered entered;
    };
    [[nodiscard]] std::unique_ptr<Case> look_at(JobId, const Now&, const Entering&);
    /// The price of the first job whose turn it is; zero if none waits; nothing: ask again.
    [[nodiscard]] std::optional<Credits> next_price(const Now&, const Entering&);

    /// What is gathered, slice by slice, for jobs whose turn comes soon.
    struct Ahead {
        std::vector<store::Input> inputs;  ///< that are not uploaded, in the order of the jobs' turn
        int jobs = 0;                      ///< so many will go
        std::size_t at = 0;                ///< the next batch to look at
        bool several = false;              ///< batches: they take turns
        struct Lone {
            BatchId batch;
            store::Fitting fitting;
        };
        std::optional<Lone> last;  ///< seen, and not gathered: how far depends on whether it is the only one
    };
    /// Jobs that wait for a reason of their own are not counted: they keep nobody's inputs waiting. @return whether all is gathered; else ask again
    [[nodiscard]] bool look_ahead(Ahead&, const Now&, const Entering&);
    /// Since the last look_again(): somebody's turn came, and no job had its inputs uploaded.
    [[nodiscard]] bool lacks_inputs() const { return lacks_inputs_; }
    /// As of the last decision.
    [[nodiscard]] const domain::Tariff& tariff();
    [[nodiscard]] Books& books() { return books_; }
    [[nodiscard]] Groups& groups() { return groups_; }

private:
    struct Waiting {
        store::NextJob job;
        domain::Candidate candidate;
    };
    struct Lot {  ///< a batch
        store::OpenBatch batch;
        domain::Turn turn;
        domain::Terms terms;
        std::uint64_t terms_of = 0;
        BootTime terms_at{};
        store::Queue::Shortest shortest;
        std::string turns_as;
        std::vector<Waiting> page;
        std::uint64_t page_of = 0, passed_in = 0;
        bool whole = false;
        store::Fitting fits;  ///< what the page was asked for
    };
    struct Backoff {
        Instant not_before;
        BootTime until;
    };
    struct Reading {
        std::vector<std::unique_ptr<Lot>> lots;
        BatchId after;
    };
    /// Begins to read the batches anew, unless that was done a moment ago.
    void reload(const Now&);
    /// Some of them; after the last they take the place of the others.
    void read_on(const Now&);
    void reload_if_due(const Now&);
    /// Looks at them from the first again.
    void start_over(BootTime now);
    /// Nobody goes next: when to look again?
    [[nodiscard]] Next nobody(BootTime now);
    /// Its batches move back in line.
    void used_by(const std::string& share, Credits price);
    void refresh(Lot&, const Now&, const Entering&);
    void fetch(Lot&, int limit, const Now&, const Entering&);
    [[nodiscard]] std::optional<domain::LookAgain> own_reason(const Lot&, const Now&);
    /// The jobs of it that cost no more than there is room for.
    [[nodiscard]] store::Fitting fitting(const Lot&, const Now&);
    void gather(Ahead&, int most, const Now&);
    [[nodiscard]] std::optional<JobId> search(Lot&, const domain::World&, const Now&, const Entering&, domain::LookAgain&);
    [[nodiscard]] std::optional<JobId> search_page(Lot&, const domain::World&, const Now&, const Entering&, domain::LookAgain&);
    [[nodiscard]] domain::Candidate candidate_of(const store::NextJob&, const Now&);
    [[nodiscard]] std::optional<BootTime> backoff_of(const store::NextJob&, const Now&);

    const config::Config& config_;
    store::Store& store_;
    Books books_;
    Groups groups_;
    std::optional<domain::Tariff> tariff_;    ///< nothing: to be looked up
    std::vector<std::unique_ptr<Lot>> lots_;  ///< in the order of their turn
    std::uint64_t version_ = 1;               ///< of what is booked and entering
    std::map<JobId, Backoff> backing_off_;    ///< when first seen, an instant becomes a boot time, and no jump of the wall clock moves it any more
    std::optional<Reading> reading_;
    std::optional<BootTime> reloaded_;
    std::uint64_t pages_ = 1;  ///< pages read before are no longer good
    std::uint64_t pass_ = 1;   ///< one look at all of them, in however many slices
    BootTime pass_began_{};
    std::size_t at_ = 0;             ///< up to there all were passed over
    domain::LookAgain passed_over_;  ///< why, in this pass
    bool stale_ = true;
    bool owed_ = false;       ///< the batches are read anew in a moment
    bool look_anew_ = false;  ///< something changed during this pass
    bool lacks_inputs_ = false;
};

}  // namespace motionspool::app
