#pragma once
#include <map>
#include <memory>
#include <vector>
#include "app/groups.hpp"

namespace motionspool::app {

/// The waiting jobs in the order of their turn, as far as anybody looks: batch by batch, a page of each. A decision costs the same however many wait.
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
    /// Who goes next.
    [[nodiscard]] std::variant<JobId, domain::LookAgain> next(const domain::World&, const Now&, const Entering&);
    /// That job was let in. @return what it will be booked to
    [[nodiscard]] Entered enter(JobId, const Now&);

    /// A waiting job, and what it would be booked to.
    struct Case {
        domain::Terms terms;
        domain::Candidate candidate;  ///< points to `terms`
        Entered entered;
    };
    [[nodiscard]] std::unique_ptr<Case> look_at(JobId, const Now&, const Entering&);
    /// The price of the first job whose turn it is; zero if none waits.
    [[nodiscard]] Credits next_price(const Now&, const Entering&);
    /// Batches that have no reason of their own to wait, in the order of their turn.
    [[nodiscard]] std::vector<BatchId> in_turn(const Now&, const Entering&);
    /// The inputs that the next jobs of those batches need and that are not uploaded, in the order of their turn. Jobs that wait for a reason of their own
    /// are not counted: they keep nobody's inputs waiting.
    [[nodiscard]] std::vector<store::Input> to_upload(const Now&, const Entering&);
    /// Since the last look_again(): somebody's turn came, and no job had its inputs uploaded.
    [[nodiscard]] bool lacks_inputs() const { return lacks_inputs_; }
    [[nodiscard]] const domain::Surcharges& surcharges() const { return surcharges_; }
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
        std::optional<Credits> cheapest;
        std::vector<Waiting> page;
        bool fetched = false, whole = false;
        std::optional<Credits> fits;       ///< what the page was asked to cost at most
        std::vector<std::string> without;  ///< contents left out of it
    };
    struct Backoff {
        Instant not_before;
        BootTime until;
    };
    void reload(const Now&);
    /// Its batches move back in line.
    void used_by(const std::string& share, Credits price);
    void refresh(Lot&, const Now&, const Entering&);
    void fetch(Lot&, int limit, const Now&, const Entering&);
    [[nodiscard]] std::optional<domain::LookAgain> own_reason(const Lot&, const Now&) const;
    [[nodiscard]] std::optional<JobId> search(Lot&, const domain::World&, const Now&, const Entering&, domain::LookAgain&);
    [[nodiscard]] std::optional<JobId> search_page(Lot&, const domain::World&, const Now&, const Entering&, domain::LookAgain&);
    [[nodiscard]] domain::Candidate candidate_of(const store::NextJob&, const Now&);
    [[nodiscard]] std::optional<BootTime> backoff_of(const store::NextJob&, const Now&);

    store::Store& store_;
    Books books_;
    Groups groups_;
    domain::Surcharges surcharges_;
    std::vector<std::unique_ptr<Lot>> lots_;  ///< in the order of their turn
    std::uint64_t version_ = 1;               ///< of what is booked and entering
    std::map<JobId, Backoff> backing_off_;    ///< when first seen, an instant becomes a boot time, and no jump of the wall clock moves it any more
    std::optional<BootTime> reloaded_;
    bool stale_ = true;
    bool owed_ = false;  ///< the batches are read anew in a moment
    bool lacks_inputs_ = false;
};

}  // namespace motionspool::app
