#include "kie/envelope.hpp"
#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
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

/// Both, where both are there and differ: a sentence that proves something does so only if it is all that is said.
std::string all_said(const std::string& msg, const std::string& message) {
    if (msg.empty() || msg == message) return message;
    return message.empty() ? msg : msg + " / " + message;
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
    envelope.message = one_line(all_said(text_at(value, "msg"), text_at(value, "message")));
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
