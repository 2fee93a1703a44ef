#pragma once
#include <string>
#include <string_view>
#include <vector>
#include "base/result.hpp"

namespace motionspool::simulator {

/// One part of a multipart/form-data body. `content` points into the body.
struct Part {
    std::string name, file_name, content_type;
    std::string_view content;
};

/// Reads RFC 7578: the boundary, quoted or not, from the Content-Type; names quoted with backslashes, or bare. A body without its closing
/// boundary, a part without a name or without the empty line behind its header are problems.
[[nodiscard]] Result<std::vector<Part>> parse_multipart(std::string_view content_type, std::string_view body);

/// The part of that name, or null.
[[nodiscard]] const Part* find_part(const std::vector<Part>&, std::string_view name);

}  // namespace motionspool::simulator
