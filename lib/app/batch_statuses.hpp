#pragma once
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include "app/accepted_drops.hpp"
#include "app/settings.hpp"
#include "app/standing.hpp"
#include "async/clock.hpp"
#include "domain/batch_status.hpp"
#include "store/store.hpp"

namespace motionspool::app {

namespace asio = boost::asio;

/// Gathers what NAME.status.txt tells of a batch. What is the same for all batches is looked up at most every few seconds.
class BatchStatuses {
public:
    BatchStatuses(const Settings&, Clock&, store::Store&, const spool::Layout&);
    /// Looks up what is the same for all batches, in slices, if that was done too long ago.
    asio::awaitable<void> look_around();
    /// @pre look_around() was awaited
    [[nodiscard]] domain::BatchStatus of(const store::BatchRow&);
    /// What is wrong with a drop in accepted/, a sentence each.
    [[nodiscard]] std::vector<std::string> remarks_on(const store::BatchRow& drop) { return drops_.look_at(drop); }
    /// Before it leaves accepted/.
    void keep_in_mind(const store::BatchRow& drop) { drops_.keep_in_mind(drop); }
    /// Its drop is no longer in accepted/.
    void forget(BatchId batch) { drops_.forget(batch); }

private:
    struct Common {
        BootTime at;
        Standing standing;
        std::vector<Instant> ends;
        std::map<BatchId, std::size_t> through;  ///< jobs that are to end until the batch has: its own, and those of batches before it
    };
    /// @param person set if only a person can make it go on
    [[nodiscard]] std::vector<std::string> waits_of(const store::BatchRow&, bool& person);

    const Settings& settings_;
    Clock& clock_;
    store::Store& store_;
    AcceptedDrops drops_;
    domain::Zone zone_;
    std::unique_ptr<Common> common_;
};

}  // namespace motionspool::app
