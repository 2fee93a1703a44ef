#pragma once
#include "store/attempts.hpp"

namespace motionspool::store {

/// A video that is complete on disk under a temporary name, and the name it is about to get.
struct Placing {
    JobId job;
    domain::Stage stage = domain::Stage::single;
    AttemptId attempt;
    std::string path;  ///< absolute, final
    std::uint64_t bytes = 0;
    std::string sha256;
};

class Deliveries {
public:
    Deliveries(SQLite::Database&, GroupCommit&, Jobs&);
    /// Records the intent; a later one for the same job and stage replaces it.
    void placing(const Placing&);
    [[nodiscard]] std::optional<Placing> find(JobId, domain::Stage);
    /// Of jobs that were discarded while their video got its name, and are not delivered.
    [[nodiscard]] std::vector<Placing> given_up();
    /// Is the path another delivery's?
    [[nodiscard]] bool taken(const std::string& path, JobId but);
    /// downloading → done. @return false if the job was not downloading
    bool done(const Placing&, Instant now);
    /// downloading → failed; another attempt's result goes before this one's from now on.
    bool failed(JobId, AttemptId, const JobError&, Instant now);
    /// The video could not be fetched or placed (`why`) and is tried again at `until`; readers are told until done() or failed().
    void put_off(JobId, const std::string& why, Instant until, Instant now);
    /// At start: the troubles of the last process are over.
    void recover();

private:
    SQLite::Database& db_;
    GroupCommit& group_;
    Jobs& jobs_;
    SQLite::Statement placing_, find_, given_up_, taken_, output_, unusable_, put_off_, no_trouble_, recover_;
};

}  // namespace motionspool::store
