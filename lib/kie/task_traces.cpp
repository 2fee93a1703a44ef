#include "kie/task_traces.hpp"
#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include "base/cut.hpp"
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
    constexpr std::array names{"id",   "ids",   "uuid",   "task",   "tasks",        "record",       "recordid", "recordids", "job",
                               "jobs", "jobid", "jobids", "workid", "generationid", "predictionid", "videoid",  "orderno"};
    return std::ranges::find(names, plain) != names.end();
}

/// The value as a person reads it; empty: it says nothing.
std::string said(const json::value& value) {
    if (const auto* list = value.if_array(); list != nullptr && std::ranges::all_of(*list, [](const json::value& item) { return said(item).empty(); }))
        return {};
    if (const auto* object = value.if_object();
        object != nullptr && std::ranges::all_of(*object, [](const json::key_value_pair& member) { return said(member.value()).empty(); }))
        return {};
    if (value.is_null() || (value.is_bool() && !value.get_bool())) return {};
    const auto* text = value.if_string();
    const auto trimmed = text != nullptr ? std::string{trim(*text)} : json::serialize(value);
    return equal_ignoring_case(trimmed, "null") ? std::string{} : cut_to(trimmed, 80);
}

class Search {
public:
    explicit Search(std::string_view sent) : sent_{sent} {}

    std::string in(const json::value& value, int nested = 0) const {
        if (const auto* text = value.if_string()) return in_text(*text, nested);
        if (const auto* list = value.if_array()) {
            for (const auto& item : *list)
                if (auto found = in(item, nested); !found.empty()) return found;
        }
        if (const auto* object = value.if_object()) {
            for (const auto& member : *object) {
                auto found = names_task(member.key()) ? said(member.value()) : std::string{};
                if (found.empty()) found = in(member.value(), nested);
                if (!found.empty()) return found;
            }
        }
        return {};
    }

private:
    std::string in_text(std::string_view text, int nested) const {
        if (const auto id = domain::task_id_in(text, sent_); !id.empty()) return std::string{id};
        const auto begin = trim(text);
        if (nested >= 8 || (!begin.starts_with('{') && !begin.starts_with('['))) return {};
        json::error_code error;
        const auto inner = json::parse(begin, error);
        return error ? std::string{} : in(inner, nested + 1);
    }
    std::string_view sent_;
};

/// `data` that is nothing but one word with digits in it, or a large number: an id without its name.
std::string bare_id(const json::value& data) {
    if (!data.is_number() && !data.is_string()) return {};
    const auto word = said(data);
    const bool one = word.size() >= 6 && word.find_first_of(" \t\r\n") == std::string::npos && word.find_first_of("0123456789") != std::string::npos;
    return one ? word : std::string{};
}

/// What a header names as a task's id, by its own name: X-Task-Id.
std::string in_headers(const http::Headers& headers) {
    for (const auto& header : headers) {
        auto plain = lower_ascii(header.name);
        std::erase_if(plain, [](char c) { return c == '_' || c == '-'; });
        if (plain.find("taskid") != std::string::npos && !trim(header.value).empty()) return cut_to(trim(header.value), 80);
    }
    return {};
}

/// Why a search of the text cannot tell that there is no task; empty: it can.
std::string unsearchable(const http::Response& response) {
    for (const auto* name : {"Content-Encoding", "Transfer-Encoding"}) {
        const auto encoding = http::find(response.headers, name);
        const auto word = trim(encoding.value_or(""));
        const bool plain = word.empty() || equal_ignoring_case(word, "identity") || equal_ignoring_case(word, "chunked");
        if (!plain && !response.body.empty()) return "its " + std::string{name} + " was not asked for";
    }
    if (response.body.find('\0') != std::string::npos) return "it is no plain text";
    return trim(response.surplus).empty() ? std::string{} : "more came than its head tells";
}

}  // namespace

std::string task_hinted_at(const http::Response& response, std::string_view sent) {
    const auto text = response.body + response.surplus;
    if (const auto id = domain::task_id_in(text, sent); !id.empty()) return std::string{id};
    if (auto id = in_headers(response.headers); !id.empty()) return id;
    const auto elsewhere = http::find(response.headers, "Location");
    if (const auto id = elsewhere ? domain::task_id_in(*elsewhere, sent) : std::string_view{}; !id.empty()) return std::string{id};
    if (auto why = unsearchable(response); !why.empty()) return why;
    json::error_code error;
    const auto value = json::parse(response.body, error);
    if (error) return {};
    const auto* object = value.if_object();
    const auto* data = object == nullptr ? nullptr : object->if_contains("data");
    auto found = data == nullptr ? std::string{} : bare_id(*data);
    return found.empty() ? Search{sent}.in(value) : found;
}

}  // namespace motionspool::kie
