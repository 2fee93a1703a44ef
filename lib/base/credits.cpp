#include "base/credits.hpp"
#include <algorithm>
#include <cstdlib>

namespace motionspool {
namespace {

constexpr std::int64_t most_milli = 9'000'000'000'000'000;

std::string_view take_digits(std::string_view& text) {
    const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto digits = text.substr(0, end);
    text.remove_prefix(end);
    return digits;
}

bool take(std::string_view& text, std::string_view one_of) {
    if (text.empty() || one_of.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

/// Reads "e3", "E-2" or nothing. Exponents are clamped: beyond ± 1000 they all mean zero or too much.
std::optional<int> take_exponent(std::string_view& text) {
    if (!take(text, "eE")) return 0;
    const bool negative = text.starts_with('-');
    take(text, "+-");
    const auto digits = take_digits(text);
    if (digits.empty()) return std::nullopt;
    int value = 0;
    for (const char c : digits) value = std::min(value * 10 + (c - '0'), 1000);
    return negative ? -value : value;
}

/// `digits` x 10^shift, rounded up.
std::optional<std::int64_t> scaled(std::string digits, int shift) {
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
    if (digits.empty()) return 0;
    const auto length = static_cast<std::int64_t>(digits.size()) + shift;
    if (length > 17) return std::nullopt;
    const auto kept = static_cast<std::size_t>(std::max<std::int64_t>(length, 0));
    const bool round_up = kept < digits.size() && digits.find_first_not_of('0', kept) != std::string::npos;
    digits.resize(kept, '0');
    std::int64_t value = round_up ? 1 : 0;
    std::int64_t whole = 0;
    for (const char c : digits) whole = whole * 10 + (c - '0');
    value += whole;
    return value <= most_milli ? std::optional{value} : std::nullopt;
}

}  // namespace

std::optional<Credits> parse_credits(std::string_view text) {
    const bool negative = take(text, "-");
    const auto whole = take_digits(text);
    if (whole.empty()) return std::nullopt;
    std::string_view fraction;
    if (take(text, ".")) {
        fraction = take_digits(text);
        if (fraction.empty()) return std::nullopt;
    }
    const auto exponent = take_exponent(text);
    if (!exponent || !text.empty() || fraction.size() > 1000) return std::nullopt;
    const auto milli = scaled(std::string{whole} + std::string{fraction}, *exponent + 3 - static_cast<int>(fraction.size()));
    if (!milli) return std::nullopt;
    return Credits::from_milli(negative ? -*milli : *milli);
}

std::string to_string(Credits credits) {
    const auto milli = credits.milli();
    const auto magnitude = milli < 0 ? 0 - static_cast<std::uint64_t>(milli) : static_cast<std::uint64_t>(milli);
    auto text = (milli < 0 ? "-" : "") + std::to_string(magnitude / 1000);
    if (magnitude % 1000 == 0) return text;
    const auto decimals = std::to_string(1000 + magnitude % 1000).substr(1);
    return text + "." + decimals.substr(0, decimals.find_last_not_of('0') + 1);
}

std::string in_words(Credits credits) { return to_string(credits) + (credits == Credits::whole(1) ? " credit" : " credits"); }

}  // namespace motionspool
