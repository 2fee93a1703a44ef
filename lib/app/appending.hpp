#pragma once
#include "app/arrival.hpp"

namespace motionspool::app {

/// A job of an appended drop whose id the batch has already.
struct MetJob {
    std::size_t job;  ///< among the examination's
    store::Appends::Meeting meeting;
};

/// The jobs for which nothing is paid, as what was paid for under their ids is taken up.
[[nodiscard]] std::set<std::size_t> taken_up_of(const std::vector<MetJob>&);

/// Looks up which ids the batch has already, by slices, and judges each; what cannot be is complained about at the id, of many at the first ten.
/// @pre the examination's inputs are hashed
asio::awaitable<std::vector<MetJob>> meet(store::Store&, Clock&, BatchId, Examination&);

/// Records an appended drop: its inputs and jobs by slices, invisible, then in one change all that it does to its batch.
/// @return the drop's row, durable; nothing if the batch changed meanwhile, and nothing is recorded then
asio::awaitable<std::optional<BatchId>> append(store::Store&, Clock&, const config::Config&, const Examination&, const store::BatchRow& batch,
                                               std::vector<MetJob>, std::string entry, bool folder);

}  // namespace motionspool::app
