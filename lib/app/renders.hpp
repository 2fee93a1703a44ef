#pragma once
#include <boost/asio/awaitable.hpp>
#include <set>
#include "app/examine.hpp"
#include "async/clock.hpp"
#include "store/store.hpp"

// Drops are known by what they would render, not by how they are written. The rules are domain/render.hpp.
namespace motionspool::app {

/// The digest of what a job renders. @param stage its first one @pre its files are hashed
[[nodiscard]] std::string render_of(std::string_view model, const ExaminedInput& image, const ExaminedInput& motion, const domain::JobSpec&,
                                    domain::Stage stage);
/// The same of a job about to be submitted. @param image, motion contents: SHA-256, or the URL
[[nodiscard]] std::string render_of(std::string_view model, const std::string& image, const std::string& motion, const store::Job&);
/// Of a drop: what is recorded with it, and compared. @param appends the batch it is appended to @pre it is hashed
[[nodiscard]] std::string fingerprint_of(const Examination&, std::optional<BatchId> appends);
/// Warns of jobs of the manifest that render the same as another of them.
void warn_of_equal_jobs(Examination&, const domain::Tariff&);

/// What is wrong with a drop whose jobs are those of an earlier one, which counts: how to mean it. Nothing if there is none.
/// @param appends nothing for what appends to no batch that is there: it equals nothing @param name_taken its `batch:` is that batch's, or another's
[[nodiscard]] std::optional<Complaint> twin_complaint(store::Store&, const Examination&, std::optional<BatchId> appends, bool name_taken);
/// Warns of jobs that earlier batches render already, by slices; not if its author has said so by `run`.
/// @param taken_up jobs for which nothing is paid
asio::awaitable<void> warn_of_known_jobs(store::Store&, Clock&, domain::Tariff, Examination&, std::optional<BatchId> appends, std::set<std::size_t> taken_up);

/// Before any drop is taken: fingerprints anew, from their rows, the drops that were fingerprinted otherwise (by version 2; those still open, if the
/// configuration names another model now; those of which a job was queued again to be rendered by another model than before), by slices. A job is of the model
/// of its last attempt, or of today's if it has none or waits. Done in part, it goes on with the rest the next time. (Of an appended drop of version 2, the
/// jobs that were taken up are not known: their ids protect them.)
asio::awaitable<void> fingerprint_earlier_drops(store::Store&, Clock&, std::string model);

}  // namespace motionspool::app
