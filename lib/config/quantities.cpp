#include "config/quantities.hpp"
#include "base/time.hpp"
#include "config/scalars.hpp"

namespace motionspool::config {

using std::chrono::milliseconds;

std::optional<int> read_integer(const Item& item, int least, int most, Report& report) {
    const auto expected = "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
    const auto* const text = plain_text(item, expected, report);
    if (!text) return std::nullopt;
    const auto value = parse_integer(*text);
    if (value && *value >= least && *value <= most) return static_cast<int>(*value);
    complain_wrong(item, expected, report);
    return std::nullopt;
}

std::optional<milliseconds> read_span(const Item& item, SpanRange range, Report& report) {
    const auto* const text = any_text(item, "a duration such as 5s or 10min", report);
    if (!text) return std::nullopt;
    const auto value = parse_span(*text);
    if (value && *value >= range.least && *value <= range.most) return value;
    if (value)
        complain_wrong(item, "a duration from " + to_words(range.least) + " to " + to_words(range.most), report);
    else
        complain_wrong(item, std::string{"a duration such as 500ms, 5s, 10min, 1h or 7d"} + (parse_span(*text + "in") ? "; minutes are written min" : ""),
                       report);
    return std::nullopt;
}

std::optional<std::uint64_t> read_size(const Item& item, std::uint64_t least, std::uint64_t most, Report& report) {
    const auto* const text = any_text(item, "a size such as 10MB or 5GB", report);
    if (!text) return std::nullopt;
    const auto value = parse_size(*text);
    if (value && *value >= least && *value <= most) return value;
    if (value)
        complain_wrong(item, "a size from " + std::to_string(least) + " to " + std::to_string(most) + " bytes", report);
    else
        complain_wrong(item, "a size such as 500KB, 10MB or 5GB", report);
    return std::nullopt;
}

std::optional<std::optional<int>> read_integer_or_none(const Item& item, int least, int most, Report& report) {
    if (is_none(item.node)) return std::make_optional<std::optional<int>>(std::nullopt);
    const auto expected = "a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ", or none";
    const auto* const text = plain_text(item, expected, report);
    if (text == nullptr) return std::nullopt;
    const auto value = parse_integer(*text);
    if (value && *value >= least && *value <= most) return std::optional{static_cast<int>(*value)};
    complain_wrong(item, expected, report);
    return std::nullopt;
}

std::optional<std::optional<domain::Rate>> read_rate_or_none(const Item& item, Report& report) {
    if (is_none(item.node)) return std::optional<domain::Rate>{};
    const auto* const text = any_text(item, "a rate such as 20 per 10s, or none", report);
    if (!text) return std::nullopt;
    const auto value = parse_rate(*text);
    if (!value)
        complain_wrong(item, "a rate such as 20 per 10s, or none", report);
    else if (value->count < 1 || value->count > 100'000)
        complain_wrong(item, "a rate with a count from 1 to 100000", report);
    else if (value->window < milliseconds{100} || value->window > std::chrono::hours{1})
        complain_wrong(item, "a rate with a time from 100ms to 1h", report);
    else
        return value;
    return std::nullopt;
}

std::optional<Credits> read_credits(const Item& item, Report& report) {
    constexpr std::string_view expected = "an amount of credits, 0 or more";
    const auto* const text = plain_text(item, expected, report);
    if (!text) return std::nullopt;
    const auto value = parse_credits(*text);
    if (value && *value >= Credits{}) return value;
    complain_wrong(item, expected, report);
    return std::nullopt;
}

std::optional<std::optional<Credits>> read_credits_or_none(const Item& item, Report& report) {
    if (is_none(item.node)) return std::optional<Credits>{};
    const auto* const text = plain_text(item, "an amount of credits or none", report);
    if (!text) return std::nullopt;
    const auto value = parse_credits(*text);
    if (value && *value >= Credits{}) return value;
    complain_wrong(item, "an amount of credits, 0 or more, or none", report);
    return std::nullopt;
}

std::optional<milliseconds> read_seconds(const Item& item, SpanRange range, Report& report) {
    const auto decimal = [](milliseconds span) { return to_string(Credits::from_milli(span.count())); };
    const auto expected = "seconds from " + decimal(range.least) + " to " + decimal(range.most);
    const auto* const text = plain_text(item, expected, report);
    if (!text) return std::nullopt;
    const auto thousandths = parse_credits(*text);  // exact thousandths, rounded up: milliseconds
    if (thousandths && thousandths->milli() >= range.least.count() && thousandths->milli() <= range.most.count()) return milliseconds{thousandths->milli()};
    complain_wrong(item, expected, report);
    return std::nullopt;
}

std::optional<std::chrono::minutes> read_time_of_day(const Item& item, std::chrono::minutes latest, Report& report) {
    const auto* const text = any_text(item, "a time of day such as \"22:00\"", report);
    if (!text) return std::nullopt;
    const auto value = parse_time_of_day(*text);
    if (value && *value <= latest) return value;
    complain_wrong(item, "a time of day such as \"22:00\"", report);
    return std::nullopt;
}

}  // namespace motionspool::config
