#include "kie/evidence.hpp"
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include "kie/envelope.hpp"
#include "kie/tasks.hpp"

namespace motionspool::kie {
namespace json = boost::json;
namespace {

std::optional<std::string> told(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (value == nullptr || value->is_null()) return std::nullopt;
    if (value->is_string()) return std::string{value->get_string()};
    return "(not a text)";
}

std::optional<std::string> told_url(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (value == nullptr || value->is_null()) return std::nullopt;
    const auto* list = value->if_array();
    if (list == nullptr || list->size() != 1 || !list->front().is_string()) return "(not one URL)";
    return std::string{list->front().get_string()};
}

std::optional<domain::TaskParam> read_param(const json::value& value) {
    const auto* object = value.if_object();
    if (object == nullptr) return std::nullopt;
    domain::TaskParam param;
    param.model = told(*object, "model");
    param.callback = told(*object, "callBackUrl");
    const auto* input = object->if_contains("input");
    if (input == nullptr || !input->is_object()) return param;
    const auto& fields = input->get_object();
    param.prompt = told(fields, "prompt");
    param.image = told_url(fields, "input_urls");
    param.motion = told_url(fields, "video_urls");
    param.orientation = told(fields, "character_orientation");
    param.mode = told(fields, "mode");
    return param;
}

std::optional<Instant> read_instant(const json::value* value) {
    if (value == nullptr) return std::nullopt;
    if (value->is_int64()) return Instant{std::chrono::milliseconds{value->get_int64()}};
    if (value->is_double() && value->get_double() > 0 && value->get_double() < 1e15)
        return Instant{std::chrono::milliseconds{static_cast<std::int64_t>(value->get_double())}};
    return std::nullopt;
}

}  // namespace

std::optional<domain::TaskParam> read_param(std::string_view text) {
    json::error_code error;
    const auto value = json::parse(text, error);
    if (error) return std::nullopt;
    return read_param(value);
}

TaskRecord read_record(const http::Exchange& exchange, std::string_view task) {
    TaskRecord record{read_news(exchange, task), {}, {}};
    const auto answer = read_answer(exchange);
    const auto* data = answer.data.if_object();
    if (data == nullptr) return record;
    record.created = read_instant(data->if_contains("createTime"));
    const auto* param = data->if_contains("param");
    if (param == nullptr) return record;
    record.param = (param->is_string() ? read_param(std::string_view{param->get_string()}) : read_param(*param)).value_or(domain::TaskParam{});
    return record;
}

std::optional<std::string> read_callback(std::string_view body) {
    json::error_code error;
    const auto value = json::parse(body, error);
    const auto* object = error ? nullptr : value.if_object();
    const auto* data = object == nullptr ? nullptr : object->if_contains("data");
    if (data == nullptr || !data->is_object()) return std::nullopt;
    const auto documented = told(data->get_object(), "taskId"), older = told(data->get_object(), "task_id");
    if (documented && older && *documented != *older) return std::nullopt;
    auto task = documented ? documented : older;
    if (!task || !domain::is_task_id(*task)) return std::nullopt;
    return task;
}

}  // namespace motionspool::kie
