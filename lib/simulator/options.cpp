#include "simulator/options.hpp"
#include <charconv>
#include "base/text.hpp"

namespace motionspool::simulator {

Result<Span> parse_span(std::string_view text) {
    const auto dots = text.find("..");
    const auto least = parse_duration(trim(text.substr(0, dots)));
    const auto most = dots == std::string_view::npos ? least : parse_duration(trim(text.substr(dots + 2)));
    if (!least || !most) return Problem{"'" + std::string{text} + "' is no duration; expected e.g. 100ms or 2s..6s"};
    if (*most < *least) return Problem{"'" + std::string{text} + "' ends before it begins; expected the shorter duration first"};
    return Span{*least, *most};
}

Result<std::optional<Rate>> parse_rate(std::string_view text) {
    if (text == "none") return std::optional<Rate>{};
    const Problem problem{"'" + std::string{text} + "' is no rate; expected e.g. 20 per 10s, or none"};
    const auto per = text.find(" per ");
    if (per == std::string_view::npos) return problem;
    const auto number = trim(text.substr(0, per));
    std::size_t count = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), count);
    const auto window = parse_duration(trim(text.substr(per + 5)));
    if (error != std::errc{} || end != number.data() + number.size() || !window || *window <= milliseconds{0}) return problem;
    return std::optional<Rate>{Rate{count, *window}};
}

}  // namespace motionspool::simulator
