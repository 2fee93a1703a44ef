#include "base/time.hpp"
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace motionspool {
namespace {

using std::chrono::milliseconds;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes exactly `count` digits from the front.
std::optional<int> take_number(std::string_view& text, std::size_t count) {
    if (text.size() < count || !std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(count), is_digit)) return std::nullopt;
    int value = 0;
    for (const char c : text.substr(0, count)) value = value * 10 + (c - '0');
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view& text, std::string_view one_of) {
    if (text.empty() || one_of.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

/// Takes ".25" as 250 ms; digits beyond the third are cut off.
std::optional<milliseconds> take_fraction(std::string_view& text) {
    if (!take(text, ".")) return milliseconds{0};
    if (text.empty() || !is_digit(text.front())) return std::nullopt;
    int value = 0, weight = 100;
    for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), weight /= 10) value += (text.front() - '0') * weight;
    return milliseconds{value};
}

/// Takes "Z", "+01:00" or "-05:30".
std::optional<std::chrono::minutes> take_zone(std::string_view& text) {
    if (take(text, "Zz")) return std::chrono::minutes{0};
    const bool west = text.starts_with('-');
    if (!take(text, "+-")) return std::nullopt;
    const auto hours = take_number(text, 2);
    if (!hours || !take(text, ":")) return std::nullopt;
    const auto minutes = take_number(text, 2);
    if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    const auto offset = std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
    return west ? -offset : offset;
}

std::optional<std::chrono::sys_days> take_date(std::string_view& text) {
    const auto year = take_number(text, 4);
    if (!year || !take(text, "-")) return std::nullopt;
    const auto month = take_number(text, 2);
    if (!month || !take(text, "-")) return std::nullopt;
    const auto day = take_number(text, 2);
    if (!day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date};
}

std::optional<milliseconds> take_time_of_day(std::string_view& text) {
    const auto hours = take_number(text, 2);
    if (!hours || !take(text, ":")) return std::nullopt;
    const auto minutes = take_number(text, 2);
    if (!minutes || !take(text, ":")) return std::nullopt;
    const auto seconds = take_number(text, 2);
    const bool leap_second = hours == 23 && minutes == 59 && seconds == 60;
    if (!seconds || *hours > 23 || *minutes > 59 || (*seconds > 59 && !leap_second)) return std::nullopt;
    const auto fraction = take_fraction(text);
    if (!fraction) return std::nullopt;
    return std::chrono::hours{*hours} + std::chrono::minutes{*minutes} + std::chrono::seconds{*seconds} + *fraction;
}

struct Unit {
    std::string_view name;
    milliseconds length;
};
constexpr std::array units{Unit{"ms", milliseconds{1}}, Unit{"s", std::chrono::seconds{1}}, Unit{"min", std::chrono::minutes{1}},
                           Unit{"h", std::chrono::hours{1}}, Unit{"d", std::chrono::hours{24}}};

/// The length in two units, the smaller one only if it is not zero: "1 h 5 min".
std::string in_two_units(milliseconds length, std::size_t unit) {
    auto text = std::to_string(length / units[unit].length) + ' ' + std::string{units[unit].name};
    const auto rest = (length % units[unit].length) / units[unit - 1].length;
    if (rest != 0) text += ' ' + std::to_string(rest) + ' ' + std::string{units[unit - 1].name};
    return text;
}

/// "6.5 s"; as many decimals as needed.
std::string in_seconds(milliseconds length) {
    auto text = std::to_string(length.count() / 1000);
    if (length.count() % 1000 != 0) {
        const auto decimals = std::to_string(1000 + length.count() % 1000).substr(1);
        text += '.' + decimals.substr(0, decimals.find_last_not_of('0') + 1);
    }
    return text + " s";
}

}  // namespace

std::string to_rfc3339(Instant instant) {
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{instant - day};
    std::array<char, 64> text{};
    const auto length = std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                                      static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
    std::string out{text.data(), static_cast<std::size_t>(length)};
    if (time.subseconds() != milliseconds{0}) out += '.' + std::to_string(1000 + time.subseconds().count()).substr(1);
    return out + 'Z';
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
    const auto date = take_date(text);
    if (!date || !take(text, "Tt ")) return std::nullopt;
    const auto time = take_time_of_day(text);
    if (!time) return std::nullopt;
    const auto zone = take_zone(text);
    if (!zone || !text.empty()) return std::nullopt;
    return Instant{*date} + *time - *zone;
}

std::optional<Instant> parse_http_date(std::string_view text) {
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (text.size() != 29 || text.substr(3, 2) != ", " || !text.ends_with(" GMT")) return std::nullopt;
    text.remove_prefix(5);
    const auto day = take_number(text, 2);
    if (!day || !take(text, " ")) return std::nullopt;
    const auto month = std::ranges::find(months, text.substr(0, 3));
    text.remove_prefix(3);
    if (month == months.end() || !take(text, " ")) return std::nullopt;
    const auto year = take_number(text, 4);
    if (!year || !take(text, " ")) return std::nullopt;
    const auto time = take_time_of_day(text);
    const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(month - months.begin()) + 1},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!time || text != " GMT" || !date.ok()) return std::nullopt;
    return Instant{std::chrono::sys_days{date}} + *time;
}

std::optional<milliseconds> parse_duration(std::string_view text) {
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits == 0 || digits > 12) return std::nullopt;
    std::int64_t number = 0;
    for (const char c : text.substr(0, digits)) number = number * 10 + (c - '0');
    text.remove_prefix(digits);
    const auto unit = std::ranges::find(units, text, &Unit::name);
    constexpr milliseconds longest = std::chrono::hours{24} * 365 * 1000;
    if (unit == units.end() || number > longest / unit->length) return std::nullopt;
    return number * unit->length;
}

std::string to_words(milliseconds length) {
    if (length < milliseconds{0}) return '-' + to_words(-length);
    if (length < std::chrono::seconds{1}) return std::to_string(length.count()) + " ms";
    if (length < std::chrono::minutes{1}) return in_seconds(length);
    if (length < std::chrono::hours{1}) return in_two_units(length, 2);
    if (length < std::chrono::hours{24}) return in_two_units(length, 3);
    return in_two_units(length, 4);
}

}  // namespace motionspool
