#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace motionspool {

/// A byte of a text, counted from 0. Made into a Place only for a report: counting characters for every value of a one-line file is quadratic.
struct Offset {
    std::size_t byte = 0;
    friend auto operator<=>(Offset, Offset) = default;
};

/// Where a person looks: 1-based; columns count characters, not bytes.
struct Place {
    int line = 1, column = 1;
    friend bool operator==(Place, Place) = default;
};

/// The place of a byte of the whole text; a BOM is part of it, but takes no column. Beyond the end: the place of the end.
[[nodiscard]] Place place_of(std::string_view bytes, Offset at);

/// One thing wrong (or doubtful) in a text a person wrote.
struct Complaint {
    enum class Severity { error, warning };
    Severity severity = Severity::error;
    Offset at;
    std::string text;  ///< "what is wrong; what was expected"
    friend bool operator==(const Complaint&, const Complaint&) = default;
};
using Complaints = std::vector<Complaint>;

/// Is any of them an error?
[[nodiscard]] bool any_error(const Complaints&);

/// The places of all, in their order; the text is walked once.
[[nodiscard]] std::vector<Place> places_of(const Complaints&, std::string_view bytes);

/// One line each, in the order of the text: "FILE:LINE:COLUMN: error: TEXT".
[[nodiscard]] std::vector<std::string> to_lines(const Complaints&, std::string_view file, std::string_view bytes);

}  // namespace motionspool
