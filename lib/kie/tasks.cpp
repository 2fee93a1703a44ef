#include "kie/tasks.hpp"
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include "base/text.hpp"
#include "domain/waiting.hpp"
#include "kie/envelope.hpp"
#include "kie/requests.hpp"
#include "kie/result_links.hpp"
#include "kie/task_traces.hpp"

namespace motionspool::kie {
namespace json = boost::json;
namespace {

std::optional<Credits> consumed(const json::object& data) {
    for (const auto* key : {"creditsConsumed", "consumeCredits"}) {
        if (const auto* value = data.if_contains(key)) {
            if (const auto credits = read_credits(*value); credits && *credits >= Credits{}) return credits;
        }
    }
    return std::nullopt;
}

std::optional<domain::Record> read_record(const json::value& data) {
    const auto* object = data.if_object();
    if (object == nullptr) return std::nullopt;
    domain::Record record;
    record.state = text_at(data, "state");
    if (record.state.empty()) return std::nullopt;
    record.result_links = result_links(*object);
    if (const auto* result = object->if_contains("resultJson"); result != nullptr && !result->is_null())
        record.result = one_line(result->is_string() ? std::string{result->get_string()} : json::serialize(*result));
    record.fail_code = one_line(text_at(data, "failCode"));
    record.fail_message = one_line(text_at(data, "failMsg"));
    record.consumed = consumed(*object);
    return record;
}

}  // namespace

http::Headers with_key(const std::string& key) { return {{"Authorization", "Bearer " + key}, {"Accept", "application/json"}}; }

std::string task_body(const TaskOrder& order) {
    json::object input;
    if (!order.prompt.empty()) input["prompt"] = order.prompt;
    json::array images, motions;
    images.emplace_back(order.image_url);
    motions.emplace_back(order.motion_url);
    input["input_urls"] = std::move(images);
    input["video_urls"] = std::move(motions);
    input["character_orientation"] = to_string(order.orientation);
    input["mode"] = to_string(order.mode);
    json::object body;
    body["model"] = order.model;
    if (!order.callback.empty()) body["callBackUrl"] = order.callback;
    body["input"] = std::move(input);
    return json::serialize(body);
}

http::Request create_task(const std::string& key, std::string body) {
    auto headers = with_key(key);
    headers.push_back({"Content-Type", "application/json"});
    return {"POST", "/api/v1/jobs/createTask", std::move(headers), std::move(body)};
}

domain::Submission read_submission(const http::Exchange& exchange, std::string_view sent) {
    auto envelope = read_answer(exchange).envelope;
    const auto* failure = std::get_if<http::Failure>(&exchange);
    envelope.hint = task_hinted_at(failure != nullptr ? failure->begun : std::get<http::Response>(exchange), sent);
    return domain::judge_submission(envelope);
}

http::Request ask_task(const std::string& key, const std::string& task) {
    return {"GET", "/api/v1/jobs/recordInfo?taskId=" + boost::urls::encode(task, boost::urls::unreserved_chars), with_key(key), std::string{}};
}

domain::TaskNews read_news(const http::Exchange& exchange, std::string_view task) {
    const auto answer = read_answer(exchange);
    const auto named = text_at(answer.data, "taskId");
    if (!task.empty() && !named.empty() && named != task) return domain::NoNews{"an answer about another task, " + named};
    return domain::judge_poll(answer.envelope, read_record(answer.data));
}

http::Request ask_balance(const std::string& key) { return {"GET", "/api/v1/chat/credit", with_key(key), std::string{}}; }

Balance read_balance(const http::Exchange& exchange) {
    const auto answer = read_answer(exchange);
    if (!answer.envelope.complete) return {std::nullopt, answer.envelope.trouble};
    if (answer.envelope.http_status == 200 && answer.envelope.code == 200) {
        if (const auto credits = read_credits(answer.data)) return {credits, {}};
    }
    const auto code = answer.envelope.code ? std::to_string(*answer.envelope.code) : "HTTP " + std::to_string(answer.envelope.http_status);
    const std::string advice = answer.envelope.http_status == 401 || answer.envelope.code == 401 ? "; " + std::string{domain::remedy_for_refused_key} : "";
    return {std::nullopt, (answer.envelope.message.empty() ? code : code + ": " + answer.envelope.message) + advice};
}

}  // namespace motionspool::kie
