#include "kie/task_traces.hpp"
#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include "base/text.hpp"
#include "domain/task_traces.hpp"

namespace motionspool::kie {
namespace json = boost::json;
namespace {

/// "task_id", "taskID", "task-ids", "recordId", "id", …
bool names_task(std::string_view key) {
    auto plain = lower_ascii(key);
    std::erase_if(plain, [](char c) { return c == '_' || c == '-' || c == ' ' || c == '.'; });
    if (plain.find("taskid") != std::string::npos) return true;
    constexpr std::array names{"id", "ids", "uuid", "task", "tasks", "record", "recordid", "recordids", "job", "jobs", "jobid", "jobids", "workid"};
    return std::ranges::find(names, plain) != names.end();
}

bool says_something(const json::value& value) {
    if (const auto* text = value.if_string()) return !trim(*text).empty() && !equal_ignoring_case(trim(*text), "null");
    if (const auto* list = value.if_array()) return std::ranges::any_of(*list, says_something);
    if (const auto* object = value.if_object())
        return std::ranges::any_of(*object, [](const json::key_value_pair& member) { return says_something(member.value()); });
    return value.is_number() || (value.is_bool() && value.get_bool());
}

class Search {
public:
    explicit Search(std::string_view sent) : sent_{sent} {}

    bool in(const json::value& value, int nested = 0) const {
        if (const auto* text = value.if_string()) return in_text(*text, nested);
        if (const auto* list = value.if_array()) return std::ranges::any_of(*list, [&](const json::value& item) { return in(item, nested); });
        const auto* object = value.if_object();
        return object != nullptr && std::ranges::any_of(*object, [&](const json::key_value_pair& member) {
                   return (names_task(member.key()) && says_something(member.value())) || in(member.value(), nested);
               });
    }

private:
    bool in_text(std::string_view text, int nested) const {
        if (domain::holds_task_id(text, sent_)) return true;
        const auto begin = trim(text);
        if (nested >= 8 || (!begin.starts_with('{') && !begin.starts_with('['))) return false;
        json::error_code error;
        const auto inner = json::parse(begin, error);
        return !error && in(inner, nested + 1);
    }
    std::string_view sent_;
};

/// `data` that is nothing but one word with digits in it, or a large number: an id without its name.
bool is_bare_id(const json::value& data) {
    if (data.is_number()) return json::serialize(data).size() >= 6;
    const auto* text = data.if_string();
    if (text == nullptr) return false;
    const std::string_view word = trim(*text);
    return word.size() >= 6 && word.find_first_of(" \t\r\n") == std::string_view::npos && word.find_first_of("0123456789") != std::string_view::npos;
}

}  // namespace

bool holds_task(const http::Response& response, std::string_view sent) {
    if (domain::holds_task_id(response.body, sent)) return true;
    if (const auto elsewhere = http::find(response.headers, "Location"); elsewhere && domain::holds_task_id(*elsewhere, sent)) return true;
    json::error_code error;
    const auto value = json::parse(response.body, error);
    if (error) return false;
    const auto* object = value.if_object();
    const auto* data = object == nullptr ? nullptr : object->if_contains("data");
    return (data != nullptr && is_bare_id(*data)) || Search{sent}.in(value);
}

}  // namespace motionspool::kie
