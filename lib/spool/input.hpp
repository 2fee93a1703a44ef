#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include "base/unique_fd.hpp"
#include "spool/listings.hpp"

namespace motionspool::spool {

/// A file a manifest names, opened for reading.
struct OpenedInput {
    UniqueFd fd;
    std::string path;        ///< as found on disk, clean; relative to the folder it was looked for in. Opens the same file again.
    std::uint64_t size = 0;  ///< bytes
    std::string warning;     ///< not empty if it was found without regard to case
};

/// Why it was not opened.
struct Refusal {
    enum class Why {
        missing,    ///< may still come: wait for `patience`
        away,       ///< the media root it should be in is not there or holds nothing: probably not mounted
        outside,    ///< leads out of its place
        ambiguous,  ///< several files match as well
        not_a_file,
        unreadable,
        trouble  ///< the server's own (base/trouble.hpp): nothing is known of the file
    };
    Why why = Why::missing;
    std::string text;  ///< "what is wrong; what was expected", to stand at the `image:` or `motion:` value
};
using InputOutcome = std::variant<OpenedInput, Refusal>;

/// Opens a regular file beneath `root` under a path as people write it: exactly, else by NFC, else without regard to case if that is unique.
/// Whatever anybody renames meanwhile, it is never a file outside.
/// @param listings of the folders beneath this root that were read already, and are not read again
[[nodiscard]] InputOutcome open_input(int root, std::string_view path, Listings& listings);
[[nodiscard]] InputOutcome open_input(int root, std::string_view path);
/// The same without NFC and case.
[[nodiscard]] InputOutcome open_exactly(int root, std::string_view path);

}  // namespace motionspool::spool
