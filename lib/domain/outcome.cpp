#include "domain/outcome.hpp"
#include <algorithm>
#include <array>
#include <initializer_list>
#include "base/seeded.hpp"
#include "base/text.hpp"

namespace motionspool::domain {
namespace {

bool has_any(std::string_view text, std::initializer_list<std::string_view> parts) {
    return std::ranges::any_of(parts, [&](std::string_view part) { return contains_ignoring_case(text, part); });
}

std::string said(const Envelope& answer) {
    const auto code = answer.code ? std::to_string(*answer.code) : "HTTP " + std::to_string(answer.http_status);
    return answer.message.empty() ? code : code + ": " + answer.message;
}

/// Statuses an edge or the API answers before any task can exist, whatever the body.
std::optional<Submission> judge_status(const Envelope& answer) {
    switch (answer.http_status) {
        case 401: return Refused{Refusal::key, said(answer)};
        case 403: return Refused{Refusal::forbidden, said(answer)};
        case 404:
        case 405:
        case 413:
        case 415: return Refused{Refusal::edge, said(answer)};
        case 429: return SlowDown{answer.retry_after, said(answer)};
        default: return std::nullopt;
    }
}

/// A server that broke down in the middle of its work may have made the task before, whatever other words are in its text ("violates unique constraint").
bool broke_down(std::string_view message) { return has_any(message, {"Internal error", "constraint"}); }

/// A refusal a text proves; code 500 and 422 carry very different ones.
std::optional<Submission> judge_text(const Envelope& answer) {
    switch (topic_of(answer.message)) {
        case Topic::credits: return Refused{Refusal::credits, said(answer)};
        case Topic::throttle: return SlowDown{answer.retry_after, said(answer)};
        case Topic::moderation: return Refused{Refusal::moderation, said(answer)};
        case Topic::upper_body: return Refused{Refusal::no_upper_body, said(answer)};
        case Topic::image_fetch: return Refused{Refusal::image_fetch, said(answer)};
        case Topic::parameter: return Refused{Refusal::bad_parameter, said(answer)};
        case Topic::unknown_task:
        case Topic::none: return std::nullopt;
    }
    return std::nullopt;
}

std::optional<Submission> judge_code(const Envelope& answer) {
    if (topic_of(answer.message) == Topic::unknown_task) return std::nullopt;  // it looked for a record: of which task?
    switch (*answer.code) {
        case 401: return Refused{Refusal::key, said(answer)};
        case 402:
        case 433: return Refused{Refusal::credits, said(answer)};
        case 403: return Refused{Refusal::forbidden, said(answer)};
        case 404: return Refused{Refusal::edge, said(answer)};
        case 429: return SlowDown{answer.retry_after, said(answer)};
        case 455: return Refused{Refusal::maintenance, said(answer)};
        case 505: return Refused{Refusal::disabled, said(answer)};
        case 500: return broke_down(answer.message) ? std::nullopt : judge_text(answer);
        case 422: {
            const auto by_text = judge_text(answer);
            return by_text ? *by_text : Refused{Refusal::bad_parameter, said(answer)};
        }
        default: return std::nullopt;
    }
}

/// "Usage exceeded" is about credits only if it is all that is said, or if the words around it are the account's: a server's memory, disk or CPU has a usage,
/// too, and one that ran out of it may have made the task before.
bool credits_used_up(std::string_view message) {
    if (!has_any(message, {"usage exceeded"})) return false;
    const auto said = trim(message);
    const auto bare = said.substr(0, said.find_last_not_of(".! ") + 1);
    if (equal_ignoring_case(bare, "usage exceeded")) return true;
    const bool another = has_any(message, {"memory", "disk", "cpu", "gpu", "storage", "bandwidth", "connection", "thread", "resource", "heap"});
    return !another && has_any(message, {"credit", "sub-key", "API key", "account", "balance"});
}

FailCause cause_of(std::string_view message) {
    switch (topic_of(message)) {
        case Topic::moderation: return FailCause::moderation;
        case Topic::upper_body: return FailCause::no_upper_body;
        case Topic::image_fetch: return FailCause::image_fetch;
        case Topic::parameter: return FailCause::bad_parameter;
        case Topic::credits:
        case Topic::throttle:
        case Topic::unknown_task:
        case Topic::none: return FailCause::provider_failed;
    }
    return FailCause::provider_failed;
}

}  // namespace

Topic topic_of(std::string_view m) {
    if (has_any(m, {"recordInfo is null"})) return Topic::unknown_task;
    if (has_any(m, {"Credits insufficient", "balance isn't enough"}) || credits_used_up(m)) return Topic::credits;
    if (has_any(m, {"call frequency is too high", "rate limit", "too many requests"})) return Topic::throttle;
    if (has_any(m, {"sensitive", "nsfw", "moderat", "content policy", "violat", "prohibit", "inappropriate"})) return Topic::moderation;
    if (has_any(m, {"No complete upper body detected"})) return Topic::upper_body;
    if (has_any(m, {"Image fetch failed"})) return Topic::image_fetch;
    if (has_any(m, {"not within the range of allowed options", "This field is required", "text length cannot exceed", "File type not supported",
                    "model name you specified is not supported", "not published", "server exception"}))
        return Topic::parameter;
    return Topic::none;
}

std::string to_string(FailCause cause) {
    switch (cause) {
        case FailCause::moderation: return "moderation";
        case FailCause::no_upper_body: return "no-upper-body";
        case FailCause::image_fetch: return "image-fetch";
        case FailCause::bad_parameter: return "bad-parameter";
        case FailCause::provider_failed: return "provider-failed";
        case FailCause::result_missing: return "result-missing";
    }
    return {};
}

Submission judge_submission(const Envelope& answer) {
    if (answer.http_status == 0) {
        if (answer.bytes_written == 0) return NotSent{answer.trouble};
        return Uncertain{answer.trouble};
    }
    const bool success_status = answer.http_status >= 200 && answer.http_status < 300;
    if (!answer.task.empty()) {
        if (success_status && answer.complete && answer.code == 200) return Accepted{answer.task};
        return Uncertain{"an answer that names task " + answer.task + " and yet is no success (" + said(answer) + ")"};
    }
    if (answer.hints_at_task) return Uncertain{"an answer that names a task in an unknown way (" + said(answer) + ")"};
    if (const auto by_status = judge_status(answer)) return *by_status;
    if (seeded("uncertain-as-refused") && answer.http_status >= 500) return Refused{Refusal::maintenance, said(answer)};
    if (!answer.complete) return Uncertain{answer.trouble};
    const bool usable = answer.json && answer.code && (success_status || answer.http_status == *answer.code);
    if (usable) {
        if (const auto by_code = judge_code(answer)) return *by_code;
    }
    return Uncertain{"an answer that proves nothing (" + said(answer) + ")"};
}

TaskNews judge_poll(const Envelope& answer, const std::optional<Record>& record) {
    if (answer.http_status == 401 || answer.code == 401) return KeyRefused{said(answer)};
    if (answer.http_status == 429 || answer.code == 429) return PollTooFast{answer.retry_after};
    if (answer.json && (answer.http_status == 404 || answer.code == 404 || topic_of(answer.message) == Topic::unknown_task)) return UnknownTask{};
    if (!answer.complete) return NoNews{answer.trouble};
    const bool good = answer.http_status >= 200 && answer.http_status < 300 && answer.json && answer.code == 200 && record;
    if (!good) return NoNews{"an answer that says nothing about the task (" + said(answer) + ")"};
    if (record->state == "success") {
        if (!record->result_url.empty()) return Succeeded{record->result_url, record->consumed};
        return TaskFailed{FailCause::result_missing, "the provider reports success and gives no result", record->consumed};
    }
    if (record->state == "fail") {
        const auto& message = record->fail_message.empty() ? record->fail_code : record->fail_message;
        return TaskFailed{cause_of(record->fail_message), message.empty() ? "the provider gives no reason" : message, record->consumed};
    }
    return StillRunning{record->state};
}

}  // namespace motionspool::domain
