#include "config/scalars.hpp"
#include <algorithm>
#include <array>
#include "base/credits.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace motionspool::config {
namespace {

bool all_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

struct SizeUnit {
    std::string_view name;
    std::int64_t bytes;
};
constexpr std::array size_units{SizeUnit{"B", 1},           SizeUnit{"KB", 1'000},         SizeUnit{"kB", 1'000},
                                SizeUnit{"MB", 1'000'000},  SizeUnit{"GB", 1'000'000'000}, SizeUnit{"TB", 1'000'000'000'000},
                                SizeUnit{"KiB", 1LL << 10}, SizeUnit{"MiB", 1LL << 20},    SizeUnit{"GiB", 1LL << 30}};

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    if (!all_digits(text) || text.size() > 15) return std::nullopt;
    std::int64_t value = 0;
    for (const char c : text) value = value * 10 + (c - '0');
    return negative ? -value : value;
}

std::optional<std::chrono::milliseconds> parse_span(std::string_view text) {
    if (text == "0") return std::chrono::milliseconds{0};
    return parse_duration(text);
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
    if (text == "0") return 0;
    const auto end = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto number = text.substr(0, end);
    text.remove_prefix(end);
    if (text.starts_with(' ')) text.remove_prefix(1);
    const auto unit = std::ranges::find(size_units, text, &SizeUnit::name);
    if (unit == size_units.end()) return std::nullopt;
    const auto dot = std::min(number.find('.'), number.size());
    const auto decimals = number.size() - dot;
    const auto thousandths = parse_credits(number);  // exact thousandths are what is needed of a number here, too
    if (!thousandths || decimals > 4) return std::nullopt;
    constexpr std::int64_t most = 1'000'000'000'000'000;
    if (thousandths->milli() > most / unit->bytes * 1000) return std::nullopt;
    const auto whole = thousandths->milli() / 1000 * unit->bytes;
    const auto rest = thousandths->milli() % 1000 * unit->bytes;
    if (rest % 1000 != 0) return std::nullopt;
    return static_cast<std::uint64_t>(whole + rest / 1000);
}

std::optional<domain::Rate> parse_rate(std::string_view text) {
    const auto per = text.find(" per ");
    if (per == std::string_view::npos) return std::nullopt;
    const auto count = parse_integer(trim(text.substr(0, per)));
    const auto window = parse_duration(trim(text.substr(per + 5)));
    if (!count || !window || *count < 0 || *count > 1'000'000'000) return std::nullopt;
    return domain::Rate{.count = static_cast<int>(*count), .window = *window};
}

std::optional<std::chrono::minutes> parse_time_of_day(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || colon > 2 || text.size() - colon != 3) return std::nullopt;
    const auto hour = text.substr(0, colon), minute = text.substr(colon + 1);
    if (!all_digits(hour) || !all_digits(minute)) return std::nullopt;
    const auto minutes = std::chrono::hours{*parse_integer(hour)} + std::chrono::minutes{*parse_integer(minute)};
    if (*parse_integer(minute) > 59 || minutes > std::chrono::hours{24}) return std::nullopt;
    return minutes;
}

}  // namespace motionspool::config
