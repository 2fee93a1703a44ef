#pragma once
#include "spool/layout.hpp"
#include "spool/place.hpp"
#include "store/batches.hpp"

// Where the files of an accepted batch lie.
namespace motionspool::app {

/// The place that the paths of a batch's inputs are relative to: its folder, wherever it has been moved to, or the media roots.
[[nodiscard]] Result<spool::Place> place_of(const spool::Layout&, const store::BatchRow&, const std::vector<std::string>& media_roots);

/// The descriptor of one of the spool's folders by its name in the database: ".taking", "accepted", "finished".
[[nodiscard]] int folder_of(const spool::Layout&, const std::string& place);

/// The name an entry got when it was moved into `folder` and the process ended before that was recorded: the first of NAME, NAME.2, … that is there and is no
/// other batch's.
[[nodiscard]] std::string find_moved(int folder, const store::BatchRow&, const std::vector<store::BatchRow>& others);

/// What a note beside a batch's drop is called: by what the entry was when it came, because it may have been moved away since.
[[nodiscard]] std::string note_name(const store::BatchRow&, const std::string& entry, const std::string& suffix);

/// Free bytes of the filesystem a path is on, for those who are not root. @return nothing if that cannot be told
[[nodiscard]] std::optional<std::uint64_t> free_bytes(const std::string& path);

}  // namespace motionspool::app
