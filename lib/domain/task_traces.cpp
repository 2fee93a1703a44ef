#include "domain/task_traces.hpp"
#include <algorithm>
#include "base/text.hpp"

namespace motionspool::domain {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view hex = "0123456789abcdefABCDEF";
constexpr std::string_view alnum = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view of_id = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-.";

bool is_alnum(char c) { return alnum.find(c) != std::string_view::npos; }
std::string_view run_of(std::string_view set, std::string_view text) { return text.substr(0, std::min(text.find_first_not_of(set), text.size())); }

/// Short ones may stand in the request by chance.
bool was_sent(std::string_view id, std::string_view sent) { return id.size() >= 12 && sent.find(id) != std::string_view::npos; }

bool is_hex_id(std::string_view word) { return word.size() == 32 && word.find_first_not_of(hex) == std::string_view::npos; }

/// @param text begins with "task" @return what is named as one's id right there: task_id=x, "taskId": "x", \"taskId\":\"x\", task id: x
std::string_view named_at(std::string_view text) {
    text.remove_prefix(4);
    if (!text.empty() && std::string_view{"_- "}.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
    if (!equal_ignoring_case(text.substr(0, 2), "id")) return {};
    constexpr std::string_view quotes = " \t\r\n\\\"'";
    text.remove_prefix(2);
    text.remove_prefix(run_of(quotes, text).size());
    if (text.empty() || (text.front() != ':' && text.front() != '=')) return {};
    text.remove_prefix(1);
    text.remove_prefix(run_of(quotes, text).size());
    const auto value = run_of(of_id, text);
    for (const std::string_view nothing : {"null", "none", "undefined", "nil"}) {
        if (equal_ignoring_case(value, nothing)) return {};
    }
    return value;
}

/// @param text begins with "task" @return "task_kling-2.6_1767693973938", if that is what stands there
std::string_view id_at(std::string_view text) {
    const auto id = run_of(of_id, text);
    const bool like_one = id.size() > 5 && (id[4] == '_' || id[4] == '-') && id.find_first_of(digits) != std::string_view::npos;
    return like_one ? id : std::string_view{};
}

}  // namespace

std::string_view task_id_in(std::string_view text, std::string_view sent) {
    for (std::size_t at = 0; at < text.size(); at++) {
        const auto rest = text.substr(at);
        const bool begins_word = at == 0 || !is_alnum(text[at - 1]);
        if (equal_ignoring_case(rest.substr(0, 4), "task")) {
            if (const auto named = named_at(rest); !named.empty()) return named;
            const auto id = begins_word ? id_at(rest) : std::string_view{};
            if (!id.empty() && !was_sent(id, sent)) return id;
        }
        if (!begins_word || !is_alnum(rest.front())) continue;
        const auto word = run_of(alnum, rest);
        if (is_hex_id(word) && !was_sent(word, sent)) return word;
    }
    return {};
}

}  // namespace motionspool::domain
