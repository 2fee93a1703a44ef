#pragma once
#include "app/examine.hpp"
#include "async/clock.hpp"
#include "store/store.hpp"

namespace motionspool::app {

/// The name a drop's batch gets.
struct BatchName {
    std::string name;
    std::optional<Complaint> complaint;  ///< its author's own name is taken
};
/// `batch:` of the manifest, which must be free; else one derived from the drop's, made free by the date and a number.
[[nodiscard]] BatchName name_for(store::Store&, const Examination&, const std::string& drop_name, Instant now);

/// SHA-256 over the manifest and its inputs: the same twice is likely an accident.
[[nodiscard]] std::string fingerprint_of(const Examination&);

/// What is said of a drop that was accepted before, as batch `earlier`: how to mean it. @param name_taken its `batch:` is that batch's, or another's
[[nodiscard]] Complaint twin_complaint(const Examination&, const std::string& earlier, bool name_taken);

/// Records a drop: batch, inputs and jobs, by slices, invisible until the last commit. Durable when it completes.
/// @param ask_above a batch estimated above it waits for `release`; nothing: none does
asio::awaitable<BatchId> record(store::Store&, Clock&, const Examination&, std::string batch_name, std::string entry, bool folder,
                                std::optional<Credits> ask_above = {});

}  // namespace motionspool::app
