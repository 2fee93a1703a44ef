#pragma once
#include <map>
#include <tuple>
#include "app/settings.hpp"
#include "async/clock.hpp"
#include "spool/layout.hpp"
#include "store/store.hpp"

namespace motionspool::app {

/// Notices what people do to drops that were accepted: a manifest that is edited, a drop that is moved or deleted. Nothing follows from either, and that is
/// what they are told.
class AcceptedDrops {
public:
    AcceptedDrops(const Settings&, Clock&, store::Store&, const spool::Layout&);
    /// What is wrong with the drop now, and what was doubtful when it was accepted, a sentence each, for its status. The first time the former is found it is
    /// also logged and noted in the batch's events.
    [[nodiscard]] std::vector<std::string> look_at(const store::BatchRow&);
    /// Before the drop leaves accepted/: that its manifest was changed stays with the batch, so that its report says why that had no effect.
    void keep_in_mind(const store::BatchRow&);
    void forget(BatchId batch) { known_.erase(batch); }

private:
    using Print = std::tuple<std::uint64_t, std::uint64_t, std::int64_t, std::int64_t>;  ///< device, inode, size, modification time in ns
    struct Known {
        Print print;
        bool edited = false;
        std::string said;
    };
    [[nodiscard]] std::string trouble_with(const store::BatchRow&, Known&);
    const Settings& settings_;
    Clock& clock_;
    store::Store& store_;
    const spool::Layout& layout_;
    std::map<BatchId, Known> known_;
};

}  // namespace motionspool::app
