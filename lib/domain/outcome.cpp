#include "domain/outcome.hpp"
#include <algorithm>
#include "base/cut.hpp"
#include "base/seeded.hpp"
#include "base/text.hpp"
#include "domain/edge_page.hpp"
#include "domain/sentences.hpp"

namespace motionspool::domain {
namespace {

std::string said(const Envelope& answer) {
    const auto code = answer.code ? std::to_string(*answer.code) : "HTTP " + std::to_string(answer.http_status);
    return answer.message.empty() ? code : code + ": " + answer.message;
}

bool is_success(int status) { return status >= 200 && status < 300; }

constexpr std::size_t longest_task = 300;  // of a side-file's place

/// A visible word that a side-file can keep, and that means something.
bool is_task_id(std::string_view id) {
    for (const std::string_view nothing : {"null", "none", "undefined"}) {
        if (equal_ignoring_case(id, nothing)) return false;
    }
    return id.size() <= longest_task && std::ranges::all_of(id, [](char c) { return c > ' ' && c < '\x7f'; });
}

/// "recordInfo is null": it looked for a task.
bool looked_for_record(const Envelope& answer) { return contains_ignoring_case(answer.message, "recordInfo is null"); }

/// Statuses that prove it whatever the body is: whoever answers so has let nothing through.
std::optional<Submission> judge_status(const Envelope& answer) {
    switch (answer.http_status) {
        case 401: return Refused{Refusal::key, said(answer)};
        case 403: return Refused{Refusal::forbidden, said(answer)};
        case 301:
        case 302:
        case 307:
        case 308: return Refused{Refusal::edge, said(answer)};
        default: return std::nullopt;
    }
}

/// Statuses that prove it from the provider and its edge, not from a proxy that may have lost the answer.
std::optional<Submission> judge_edge(const Envelope& answer) {
    switch (answer.http_status) {
        case 404:
        case 405:
        case 413:
        case 415: return Refused{Refusal::edge, said(answer)};
        case 429: return SlowDown{answer.retry_after, said(answer)};
        default: return std::nullopt;
    }
}

std::optional<Submission> judge_sentence(const Envelope& answer, bool parameters_only) {
    if (seeded("word-as-proof") && contains_ignoring_case(answer.message, "rate limit")) return SlowDown{answer.retry_after, said(answer)};
    const auto proof = proof_in(answer.message);
    if (!proof || (parameters_only && !about_parameter(*proof))) return std::nullopt;
    switch (*proof) {
        case Says::bad_parameter: return Refused{Refusal::bad_parameter, said(answer)};
        case Says::field_required: return Refused{Refusal::field_required, said(answer)};
        case Says::credits: return Refused{Refusal::credits, said(answer)};
        case Says::key_limit: return Refused{Refusal::key_limit, said(answer)};
        case Says::throttle: return SlowDown{answer.retry_after, said(answer)};
        case Says::no_upper_body: return Refused{Refusal::no_upper_body, said(answer)};
        case Says::no_character: return Refused{Refusal::no_character, said(answer)};
        case Says::image_fetch: return Refused{Refusal::image_fetch, said(answer)};
    }
    return std::nullopt;
}

std::optional<Submission> judge_code(const Envelope& answer) {
    switch (*answer.code) {
        case 401: return Refused{Refusal::key, said(answer)};
        case 402: return Refused{Refusal::credits, said(answer)};
        case 433: return Refused{Refusal::key_limit, said(answer)};
        case 403: return Refused{Refusal::forbidden, said(answer)};
        case 429: return SlowDown{answer.retry_after, said(answer)};
        case 455: return Refused{Refusal::maintenance, said(answer)};
        case 505: return Refused{Refusal::disabled, said(answer)};
        case 400: return judge_sentence(answer, true);
        case 422:
        case 500: return judge_sentence(answer, false);
        default: return judge_edge(answer);
    }
}

std::optional<Submission> judge_body(const Envelope& answer) {
    if (!answer.json) return is_edge_page(answer.http_status, answer.page) ? judge_edge(answer) : std::nullopt;
    if (looked_for_record(answer)) return std::nullopt;  // of which task?
    if (answer.code && (is_success(answer.http_status) || answer.http_status == *answer.code)) return judge_code(answer);
    const bool bad_request = answer.http_status == 400 && (!answer.code || *answer.code == 422 || *answer.code == 500);
    return bad_request ? judge_sentence(answer, true) : std::nullopt;
}

}  // namespace

Submission judge_submission(const Envelope& answer) {
    if (answer.http_status == 0) {
        if (answer.bytes_written == 0) return NotSent{answer.trouble};
        return Uncertain{answer.trouble};
    }
    if (!answer.task.empty()) {
        const bool success = is_success(answer.http_status) && answer.complete && answer.code == 200;
        const auto task = one_line(cut_to(answer.task, longest_task));
        if (success && is_task_id(answer.task)) return Accepted{answer.task};
        if (success) return Uncertain{"an answer that accepts, and names a task by what is no id: \"" + task + "\""};
        return Uncertain{"an answer that names task " + task + " and yet is no success (" + said(answer) + ")"};
    }
    if (!answer.hint.empty()) return Uncertain{"an answer that may name a task: " + answer.hint + " (" + said(answer) + ")"};
    if (const auto by_status = judge_status(answer)) return *by_status;
    if (seeded("uncertain-as-refused") && answer.http_status >= 500) return Refused{Refusal::maintenance, said(answer)};
    if (!answer.complete) return Uncertain{answer.trouble};
    if (const auto by_body = judge_body(answer)) return *by_body;
    return Uncertain{"an answer that proves nothing (" + said(answer) + ")"};
}

namespace {

bool too_fast(const Envelope& answer) {
    if (answer.http_status == 429 || answer.code == 429) return true;
    return answer.json && answer.code && *answer.code != 200 && contains_ignoring_case(answer.message, "rate limit exceeded");
}

/// Only the provider itself can say so: a proxy's 404 tells of the proxy.
bool unknown_task(const Envelope& answer) {
    if (!answer.complete || !answer.json || !answer.code || *answer.code == 200) return false;
    return *answer.code == 404 || looked_for_record(answer);
}

TaskFailed failure_of(const Record& record) {
    const auto cause = cause_of_failure(record.fail_message);
    const auto& text = record.fail_message.empty() ? record.fail_code : record.fail_message;
    return {cause, text.empty() ? "the provider gives no reason" : failure_told(cause, text), record.consumed};
}

}  // namespace

TaskNews judge_poll(const Envelope& answer, const std::optional<Record>& record) {
    if (answer.http_status == 401 || answer.code == 401) return KeyRefused{said(answer)};
    if (too_fast(answer)) return PollTooFast{answer.retry_after};
    if (unknown_task(answer)) return UnknownTask{};
    if (!answer.complete) return NoNews{answer.trouble};
    const bool good = is_success(answer.http_status) && answer.json && answer.code == 200 && record;
    if (!good) return NoNews{"an answer that says nothing about the task (" + said(answer) + ")"};
    if (record->state == "success") {
        if (!record->result_links.empty()) return Succeeded{join(record->result_links, "\n"), record->consumed};
        constexpr std::size_t longest = 500;
        const auto given = record->result.empty() ? std::string{} : "; what it gives: " + cut_to(record->result, longest);
        return TaskFailed{FailCause::result_missing, "the provider reports success and gives no link to a video" + given, record->consumed};
    }
    if (record->state == "fail") return failure_of(*record);
    return StillRunning{record->state};
}

}  // namespace motionspool::domain
