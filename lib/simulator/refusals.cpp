#include "simulator/refusals.hpp"

namespace motionspool::simulator {
namespace {

Planned redirect_to(std::string where, int status = 307) {
    auto planned = html_answer(status, status == 307 ? "Temporary Redirect" : "302 Found");
    planned.reply.headers.push_back({"Location", std::move(where)});
    return planned;
}

Planned with_retry_after(Planned planned, std::string seconds) {
    planned.reply.headers.push_back({"Retry-After", std::move(seconds)});
    return planned;
}

Planned real_http(const World& world, Visit& visit, int code, std::string_view text) {
    visit.note.code = code;
    return json_answer(code, envelope(world.options, code, text, "null"));
}

Planned plain(int status, std::string body = {}) {
    Planned planned;
    planned.reply.status = status;
    planned.reply.body = std::move(body);
    return planned;
}

/// Answers of code and text alone.
struct Said {
    Fault fault;
    int code;
    std::string_view text;
};
constexpr Said refusals[] = {
    {Fault::code_400, 400, "prompt text length cannot exceed 2500."},
    {Fault::code_401, 401, no_permission},
    {Fault::code_402, 402, insufficient},
    {Fault::code_429, 429, too_frequent},
    {Fault::code_433, 433, "Sub-key usage exceeded its limit."},
    {Fault::maintenance, 455, "Service unavailable: the system is under maintenance."},
    {Fault::disabled, 505, "Feature disabled."},
    {Fault::field_required, 500, "This field is required"},
    {Fault::bad_format, 500, "input_urls format is incorrect"},
    {Fault::out_of_range, 422, "mode must be within the specified range"},
    {Fault::code_422_unknown, 422, "The order could not be processed (E-7731)."},
    {Fault::code_500, 500, "Something went wrong (E-7731)."},
};
constexpr Said after_acceptance[] = {
    {Fault::code_500_after, 500, "Something went wrong (E-7731)."},
    {Fault::word_rate_limit, 500, "upstream rate limit hit while saving record"},
    {Fault::word_moderate, 500, "moderate load"},
    {Fault::word_violation, 500, "Segmentation violation"},
    {Fault::word_usage, 500, "memory usage exceeded on account worker-3"},
    {Fault::sentence_within, 500, "worker 3: This field is required, retrying"},
};

std::optional<Planned> said(std::span<const Said> answers, Fault fault, const World& world, Visit& visit) {
    for (const auto& answer : answers) {
        if (answer.fault == fault) return coded_answer(world, visit, answer.code, answer.text);
    }
    return std::nullopt;
}

/// What an edge or a proxy answers instead of the provider.
std::optional<Planned> refused_by_edge(Fault fault, const World& world, Visit& visit) {
    if (fault == Fault::http_400) return real_http(world, visit, 400, "prompt must be between 1 and 2500");
    if (fault == Fault::http_401) return real_http(world, visit, 401, no_permission);
    if (fault == Fault::http_403_html) return html_answer(403, "Attention Required! | Cloudflare");
    if (fault == Fault::http_404) return html_answer(404, "404 Not Found");
    if (fault == Fault::http_405) return html_answer(405, "405 Not Allowed");
    if (fault == Fault::http_413) return html_answer(413, "413 Request Entity Too Large");
    if (fault == Fault::http_415) return real_http(world, visit, 415, "Unsupported Media Type");
    if (fault == Fault::http_429) return with_retry_after(real_http(world, visit, 429, too_frequent), "2");
    if (fault == Fault::http_429_edge) return plain(429, "error code: 1015");
    if (fault == Fault::http_404_proxy) return plain(404);
    if (fault == Fault::http_429_proxy) return json_answer(429, R"({"message":"API rate limit exceeded"})");
    if (fault == Fault::http_404_other) return html_answer(404, "502 Bad Gateway");
    if (fault == Fault::http_503) return html_answer(503, "503 Service Temporarily Unavailable");
    if (fault == Fault::http_302) return redirect_to(world.base + "/maintenance", 302);
    if (fault == Fault::create_redirect) return redirect_to(world.base + "/elsewhere");
    return std::nullopt;
}

/// An error that names the task it made all the same.
std::optional<Planned> with_task(Fault fault, const std::string& task, const World& world, Visit& visit) {
    if (fault == Fault::code_402_with_task) return coded_answer(world, visit, 402, insufficient, R"({"record":{"task_id":)" + json_quoted(task) + "}}");
    if (fault == Fault::code_429_with_task) return coded_answer(world, visit, 429, std::string{too_frequent} + " (" + task + ")");
    if (fault == Fault::page_403_with_task) return html_answer(403, "403 Forbidden, taskId: " + task);
    if (fault == Fault::redirect_to_task) return redirect_to("/api/v1/jobs/recordInfo?taskId=" + task, 302);
    return std::nullopt;
}

}  // namespace

Planned refused_by(Fault fault, const World& world, Visit& visit) {
    if (fault == Fault::lost_request) return no_answer();
    if (fault == Fault::before_500) return html_answer(500, "500 Internal Server Error");
    if (auto by_edge = refused_by_edge(fault, world, visit)) return std::move(*by_edge);
    return said(refusals, fault, world, visit).value();
}

Planned spoiled_by(Fault fault, Planned good, const std::string& task, const World& world, Visit& visit) {
    const bool late_only = fault == Fault::slow_answer || fault == Fault::held_answer || fault == Fault::hang;
    if (!late_only) visit.note.code.reset();
    const auto in_place_of_good = [&](Planned planned) {
        planned.callbacks = std::move(good.callbacks);
        return planned;
    };
    if (auto words = said(after_acceptance, fault, world, visit)) return in_place_of_good(std::move(*words));
    if (auto named = with_task(fault, task, world, visit)) return in_place_of_good(std::move(*named));
    if (fault == Fault::lost_answer) return in_place_of_good(no_answer());
    if (fault == Fault::after_500) return in_place_of_good(html_answer(502, "502 Bad Gateway"));
    if (fault == Fault::gateway_504) return in_place_of_good(html_answer(504, "504 Gateway Time-out"));
    if (fault == Fault::empty_404_after) return in_place_of_good(plain(404));
    if (fault == Fault::empty_429_after) return in_place_of_good(plain(429));
    if (fault == Fault::page_502_as_404) return in_place_of_good(html_answer(404, "502 Bad Gateway"));
    if (fault == Fault::garbage_json) return in_place_of_good(garbage_answer());
    if (fault == Fault::truncated_json) return half_of(std::move(good));
    if (fault == Fault::empty_taskid) return in_place_of_good(success_answer(world, visit, R"({"taskId":""})"));
    if (fault == Fault::no_data) return in_place_of_good(success_answer(world, visit, "null"));
    if (fault == Fault::held_answer) {
        good.held = true;
        return good;
    }
    good.delay += fault == Fault::hang ? milliseconds{std::chrono::minutes{10}} : world.options.slow_answer;
    return good;
}

}  // namespace motionspool::simulator
