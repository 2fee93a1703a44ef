#pragma once
#include <set>
#include "app/examine.hpp"
#include "async/clock.hpp"
#include "store/store.hpp"

namespace motionspool::app {

/// The name a drop's batch gets.
struct BatchName {
    std::string name;
    std::optional<Complaint> complaint;     ///< its author's own name is taken, or there is no batch to append to
    std::optional<store::BatchRow> append;  ///< `append`: the batch is there, and gets more jobs
};
/// `append:` of the manifest, which must be there; else `batch:`, which must be free.
[[nodiscard]] std::optional<BatchName> written_name(store::Store&, const Examination&);
/// The same, or one derived from the drop's, made free by the local date and a number.
[[nodiscard]] BatchName name_for(store::Store&, const Examination&, const std::string& drop_name, const std::string& date);

/// What is sent of an input: the SHA-256 of a file's bytes, or the URL.
[[nodiscard]] const std::string& content_of(const ExaminedInput&);

/// Records a drop: batch, inputs and jobs, by slices, invisible until the last commit. Durable when it completes.
/// A batch estimated above credits.ask_above waits for `release`; it is asked about now, and not again when prices change.
asio::awaitable<BatchId> record(store::Store&, Clock&, const config::Config&, const Examination&, std::string batch_name, std::string entry, bool folder);

/// A drop on its way in, as both ways of recording it begin.
struct Arrived {
    BatchId drop;
    std::vector<std::optional<JobId>> jobs;  ///< in the order of the examination's; nothing where none was added
};
/// Records the inputs, and the jobs, by slices, in state `arriving`; not durable.
/// @param leave_out indices of jobs that are not added
asio::awaitable<Arrived> arrive(store::Store&, Clock&, const Examination&, const store::NewBatch&, const std::set<std::size_t>& leave_out);
/// The row of a drop, but for what its batch decides.
[[nodiscard]] store::NewBatch new_batch(const Examination&, const std::string& batch_name, const std::string& entry, bool folder, Instant now,
                                        std::optional<BatchId> appends);
/// What the jobs that can be rendered are estimated to cost.
[[nodiscard]] Credits estimate_of(const Examination&, const domain::Tariff&);

}  // namespace motionspool::app
