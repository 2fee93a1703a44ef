#pragma once
#include "app/examine.hpp"
#include "app/money.hpp"
#include "domain/plan.hpp"

namespace motionspool::app {

/// What is known of a manifest before it is dropped.
struct PlannedManifest {
    std::size_t jobs = 0, bad = 0;  ///< to be rendered; `invalid` from the start
    Credits credits;                ///< for those to be rendered, as estimated
    std::size_t uploads = 0;        ///< contents that no earlier manifest of the plan has, and that do not lie at the provider
    std::uint64_t upload_bytes = 0;
    domain::Plan plan;
};

/// Gathers what domain::plan() asks about: from the configuration, and from the database where there is one.
class Planning {
public:
    /// @param store nothing: as if nothing had ever been submitted
    Planning(const config::Config&, store::Store* store, Moment now, const std::string& boot_id);
    /// @pre acceptable, and hashed
    void add(const Examination&);
    [[nodiscard]] std::vector<PlannedManifest> plan() const;
    /// The usual time for a job; nothing: nobody knows yet, and five minutes are taken.
    [[nodiscard]] std::optional<std::chrono::milliseconds> usual(domain::Mode) const;
    [[nodiscard]] std::string in_words(Instant at) const { return domain::in_words(at, zone_); }

private:
    void gather_world(const std::string& boot_id);
    void gather_ahead();
    std::size_t purse(domain::PlannedPurse);
    void purses_for_all();
    void add_purses(const Examination&, domain::PlannedBatch&, const std::string& share, const std::optional<store::BatchRow>& into);
    [[nodiscard]] domain::PlannedPurse daily(const std::string& what, Credits limit, const std::string& prefix) const;
    [[nodiscard]] domain::PlannedPurse monthly(const std::string& what, Credits limit, const std::string& prefix) const;
    [[nodiscard]] Credits left(Credits limit, const std::string& prefix, const std::string& first) const;
    [[nodiscard]] std::chrono::milliseconds takes(domain::Mode mode) const;
    void count_uploads(const Examination&, PlannedManifest&);
    void add_window(const std::string& name, domain::PlannedBatch&);

    const config::Config& config_;
    store::Store* store_;
    Moment now_;
    domain::Zone zone_;
    domain::Tariff tariff_;
    std::optional<std::chrono::milliseconds> usual_720_, usual_1080_;
    domain::PlannedWorld world_;
    std::vector<std::size_t> for_all_;                 ///< purses that every batch pays from
    std::map<std::string, std::size_t> named_purses_;  ///< of shares and windows
    std::vector<domain::PlannedBatch> batches_;
    std::vector<PlannedManifest> manifests_;
    std::set<std::string> uploads_;  ///< contents
};

}  // namespace motionspool::app
