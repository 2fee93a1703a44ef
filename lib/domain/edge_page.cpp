#include "domain/edge_page.hpp"
#include <algorithm>
#include <array>
#include <string>
#include "base/text.hpp"

namespace motionspool::domain {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view alnum = "0123456789abcdefghijklmnopqrstuvwxyz";

/// The statuses servers name in pages; a page may name numbers ("Port 443") that are none.
bool is_error_status(int n) {
    return (n >= 400 && n <= 418) || (n >= 421 && n <= 431) || n == 444 || n == 451 || (n >= 494 && n <= 511) || (n >= 520 && n <= 530) || n == 598 || n == 599;
}

bool is_html(std::string_view lower) {
    if (lower.starts_with("\xEF\xBB\xBF")) lower.remove_prefix(3);
    lower = trim(lower);
    while (lower.starts_with("<!--")) {
        const auto end = lower.find("-->");
        if (end == std::string_view::npos) return false;
        lower = trim(lower.substr(end + 3));
    }
    return std::ranges::any_of(std::array<std::string_view, 4>{"<!doctype html", "<html", "<head", "<body"},
                               [&](std::string_view begin) { return lower.starts_with(begin); });
}

/// What a reader sees of a page: no tags, comments, scripts or styles.
std::string visible(std::string_view lower) {
    std::string text;
    while (!lower.empty()) {
        if (lower.front() != '<') {
            const auto end = std::min(lower.find('<'), lower.size());
            text += lower.substr(0, end);
            lower.remove_prefix(end);
            continue;
        }
        std::string_view until = ">";
        if (lower.starts_with("<!--")) until = "-->";
        if (lower.starts_with("<script")) until = "</script>";
        if (lower.starts_with("<style")) until = "</style>";
        const auto end = lower.find(until);
        if (end == std::string_view::npos) break;
        lower.remove_prefix(end + until.size());
        text += ' ';
    }
    return text;
}

bool names_status_alone(int status, std::string_view text) {
    bool named = false;
    while (!text.empty()) {
        const auto word = text.substr(0, std::min(text.find_first_not_of(alnum), text.size()));
        text.remove_prefix(std::max<std::size_t>(word.size(), 1));
        if (word.size() != 3 || word.find_first_not_of(digits) != std::string_view::npos) continue;
        const int number = std::stoi(std::string{word});
        if (number == status)
            named = true;
        else if (is_error_status(number))
            return false;
    }
    return named;
}

/// "error code: 1015", "Error 1015".
bool names_cloudflare_code(std::string_view text) {
    constexpr std::string_view word = "error";
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        auto rest = trim(text.substr(at + word.size()));
        if (rest.starts_with("code")) rest = trim(rest.substr(4));
        if (rest.starts_with(":")) rest = trim(rest.substr(1));
        const auto number = rest.substr(0, std::min(rest.find_first_not_of(alnum), rest.size()));
        if (number.size() == 4 && number.starts_with("10") && number.find_first_not_of(digits) == std::string_view::npos) return true;
    }
    return false;
}

}  // namespace

bool is_edge_page(int status, std::string_view body) {
    const auto lower = lower_ascii(trim(body));
    constexpr std::string_view plain = "error code: 10xx";
    if (lower.size() == plain.size() && lower.starts_with(plain.substr(0, 14))) return names_cloudflare_code(lower);
    if (!is_html(lower)) return false;
    const auto text = visible(lower);
    return names_status_alone(status, text) || names_cloudflare_code(text);
}

}  // namespace motionspool::domain
