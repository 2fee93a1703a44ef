#pragma once
#include <cstddef>
#include "config/fields.hpp"
#include "config/manifest_defaults.hpp"

namespace motionspool::config {

constexpr std::size_t most_prompt_characters = 2'500;  // createTask's limit

/// What `defaults` may say: any field of a job but its id.
[[nodiscard]] JobDefaults read_job_defaults(const Item& map, JobDefaults from, int most_takes, Report&);

/// Reads one entry of `jobs`; errors end up in its `invalid`, too.
[[nodiscard]] domain::JobEntry read_job(const Node&, const JobDefaults&, int most_takes, Report&);

/// An `image` or `motion`: a path that is not empty, or a URL that may be handed to the provider.
[[nodiscard]] std::optional<domain::Written> read_file_or_url(const Item&, Report&);

/// A name by the rules of domain/names.hpp, as NFC.
[[nodiscard]] std::optional<domain::Written> read_name(const Item&, Report&);

/// Has a motion given as a URL its length, and one that goes with the orientation?
/// @param at where to complain about the length, e.g. at `seconds`
void check_length(const domain::Written& motion, std::optional<std::chrono::milliseconds> seconds, domain::Orientation, Offset at,
                  std::string_view where_to_write, Report&);

/// A hint for a key of the whole manifest that stands in one of its parts; empty for others.
[[nodiscard]] std::string belongs_to_manifest(std::string_view key);

}  // namespace motionspool::config
