#pragma once
#include <yaml-cpp/mark.h>
#include <cstddef>
#include <string_view>
#include <vector>
#include "config/report.hpp"

namespace motionspool::config {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// How many code points valid UTF-8 has.
[[nodiscard]] std::size_t count_characters(std::string_view);

/// Is the text fit for the parser: UTF-8, no control characters, ordinary line ends, no directives, not too long? Complains about the first thing that is not.
[[nodiscard]] bool is_readable(std::size_t most_bytes, Report&);

/// Turns the parser's marks into offsets. Its `pos` counts a CRLF as one byte and leaves out a BOM; its line and column do not lie.
class Lines {
public:
    explicit Lines(std::string_view bytes);
    [[nodiscard]] Offset of(const YAML::Mark&) const;

private:
    std::size_t size_;
    std::vector<std::size_t> starts_;
};

}  // namespace motionspool::config
