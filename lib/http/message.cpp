#include "http/message.hpp"
#include <algorithm>
#include "base/text.hpp"

namespace motionspool::http {

std::optional<std::string_view> find(const Headers& headers, std::string_view name) {
    const auto found = std::ranges::find_if(headers, [&](const Header& header) { return equal_ignoring_case(header.name, name); });
    if (found == headers.end()) return std::nullopt;
    return found->value;
}

}  // namespace motionspool::http
