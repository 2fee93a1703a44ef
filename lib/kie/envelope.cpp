#include "kie/envelope.hpp"
#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include "base/cut.hpp"
#include "base/text.hpp"

namespace motionspool::kie {
namespace json = boost::json;
namespace {

std::optional<int> read_int(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<int> read_code(const json::value* code) {
    if (code == nullptr) return std::nullopt;
    if (code->is_string()) return read_int(code->get_string());
    if (code->is_int64() || code->is_uint64()) return read_int(json::serialize(*code));
    return std::nullopt;
}

/// Seconds; an instant is not read, and more than an hour is taken for one: nobody waits that long without looking again.
std::optional<std::chrono::milliseconds> read_retry_after(const http::Headers& headers) {
    const auto text = http::find(headers, "Retry-After");
    if (!text) return std::nullopt;
    const auto seconds = read_int(*text);
    if (!seconds || *seconds < 0) return std::nullopt;
    return std::min<std::chrono::seconds>(std::chrono::seconds{*seconds}, std::chrono::hours{1});
}

/// Words, and not a path, an id or a date.
bool is_sentence(std::string_view text) {
    const auto words = trim(text);
    const bool letters = std::ranges::any_of(words, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0; });
    return letters && words.find_first_of(" \t\r\n") != std::string_view::npos;
}

void add_said(std::vector<std::string>& all, std::string_view text) {
    const bool known = std::ranges::any_of(all, [&](const std::string& said) { return trim(said) == trim(text); });
    if (!text.empty() && !known) all.emplace_back(text);
}

/// Appends every sentence in the value that was not said yet; a few are enough.
void add_sentences(const json::value& value, std::vector<std::string>& all) {
    if (all.size() >= 5) return;
    if (const auto* text = value.if_string(); text != nullptr && is_sentence(*text)) return add_said(all, cut_to(*text, 500));
    if (const auto* list = value.if_array()) {
        for (const auto& item : *list) add_sentences(item, all);
    }
    if (const auto* object = value.if_object()) {
        for (const auto& member : *object) add_sentences(member.value(), all);
    }
}

/// `msg` and `message`, where they differ; of an answer that is no success every other sentence in it, too: one that proves something does so only if it is all
/// that is said.
std::string all_said(const json::value& value, bool success) {
    std::vector<std::string> all;
    add_said(all, text_at(value, "msg"));
    add_said(all, text_at(value, "message"));
    if (!success && !all.empty()) add_sentences(value, all);
    return join(all, " / ");
}

void read_body(const std::string& body, Answer& answer) {
    json::error_code error;
    auto value = json::parse(body, error);
    if (error || !value.is_object()) {
        answer.envelope.page = body;
        return;
    }
    auto& object = value.get_object();
    auto& envelope = answer.envelope;
    envelope.json = true;
    envelope.code = read_code(object.if_contains("code"));
    envelope.message = one_line(all_said(value, envelope.code == 200));
    if (auto* data = object.if_contains("data")) answer.data = std::move(*data);
    envelope.task = text_at(answer.data, "taskId");
}

}  // namespace

std::string text_at(const json::value& value, std::string_view key) {
    const auto* object = value.if_object();
    const auto* found = object == nullptr ? nullptr : object->if_contains(key);
    if (found == nullptr || !found->is_string()) return {};
    return std::string{found->get_string()};
}

std::optional<Credits> read_credits(const json::value& value) {
    if (value.is_string()) return parse_credits(std::string_view{value.get_string()});
    if (value.is_number()) return parse_credits(json::serialize(value));
    return std::nullopt;
}

Answer read_answer(const http::Exchange& exchange) {
    Answer answer;
    if (const auto* failure = std::get_if<http::Failure>(&exchange)) {
        answer.envelope.http_status = failure->status.value_or(0);
        answer.envelope.bytes_written = failure->bytes_written;
        answer.envelope.trouble = failure->text;
        return answer;
    }
    const auto& response = std::get<http::Response>(exchange);
    answer.envelope.http_status = response.status;
    answer.envelope.complete = true;
    answer.envelope.bytes_written = 1;
    answer.envelope.retry_after = read_retry_after(response.headers);
    read_body(response.body, answer);
    return answer;
}

}  // namespace motionspool::kie
