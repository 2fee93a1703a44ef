#include "simulator/faults.hpp"

namespace motionspool::simulator {
namespace {

// clang-format off
constexpr FaultRow table[] = {
    {Fault::lost_request, "lost-request", Stage::refusal, "the connection is reset, nothing was accepted"},
    {Fault::before_500, "500-before", Stage::refusal, "HTTP 500 with HTML, nothing was accepted"},
    {Fault::http_401, "http-401", Stage::refusal, "HTTP 401"},
    {Fault::http_403_html, "http-403-html", Stage::refusal, "HTTP 403 with Cloudflare's HTML"},
    {Fault::http_429, "http-429", Stage::refusal, "HTTP 429 with Retry-After: 2"},
    {Fault::http_503, "http-503", Stage::refusal, "HTTP 503 with HTML, nothing was accepted"},
    {Fault::create_redirect, "create-redirect", Stage::refusal, "HTTP 307 to another path"},
    {Fault::http_400, "http-400", Stage::refusal, "HTTP 400: prompt must be between 1 and 2500"},
    {Fault::http_404, "http-404", Stage::refusal, "HTTP 404 with the edge's page"},
    {Fault::http_405, "http-405", Stage::refusal, "HTTP 405 with the edge's page"},
    {Fault::http_413, "http-413", Stage::refusal, "HTTP 413 with the edge's page"},
    {Fault::http_415, "http-415", Stage::refusal, "HTTP 415 with code 415 in the envelope"},
    {Fault::http_429_edge, "http-429-edge", Stage::refusal, "HTTP 429 with Cloudflare's line: error code: 1015"},
    {Fault::http_404_proxy, "http-404-proxy", Stage::refusal, "HTTP 404 without a body, nothing was accepted"},
    {Fault::http_429_proxy, "http-429-proxy", Stage::refusal, "HTTP 429 with a proxy's own JSON, nothing was accepted"},
    {Fault::http_404_other, "http-404-other", Stage::refusal, "HTTP 404 with a page that says 502 Bad Gateway, nothing was accepted"},
    {Fault::http_302, "http-302", Stage::refusal, "HTTP 302 to a page about maintenance"},
    {Fault::code_400, "code-400", Stage::refusal, "code 400: the text is too long"},
    {Fault::code_401, "code-401", Stage::refusal, "code 401: no access permissions"},
    {Fault::code_402, "code-402", Stage::refusal, "code 402: credits insufficient, whatever the balance is"},
    {Fault::code_429, "code-429", Stage::refusal, "code 429: call frequency too high, whatever the window holds"},
    {Fault::code_433, "code-433", Stage::refusal, "code 433: the sub-key's cap is reached"},
    {Fault::maintenance, "maintenance", Stage::refusal, "code 455: maintenance"},
    {Fault::disabled, "disabled", Stage::refusal, "code 505: the feature is disabled"},
    {Fault::code_500, "code-500", Stage::refusal, "code 500 with a text nobody knows, nothing was accepted"},
    {Fault::field_required, "field-required", Stage::refusal, "code 500: this field is required, whatever was sent"},
    {Fault::bad_format, "bad-format", Stage::refusal, "code 500: input_urls format is incorrect"},
    {Fault::out_of_range, "out-of-range", Stage::refusal, "code 422: mode must be within the specified range"},
    {Fault::code_422_unknown, "code-422-unknown", Stage::refusal, "code 422 with a text nobody knows, nothing was accepted"},
    {Fault::lost_answer, "lost-answer", Stage::answer, "accepted; then the connection is reset without an answer"},
    {Fault::after_500, "500-after", Stage::answer, "accepted; then HTTP 502 with HTML"},
    {Fault::gateway_504, "504", Stage::answer, "accepted; then HTTP 504 with HTML"},
    {Fault::code_500_after, "code-500-after", Stage::answer, "accepted; then code 500 with a text nobody knows"},
    {Fault::word_rate_limit, "word-rate-limit", Stage::answer, "accepted; then code 500: upstream rate limit hit while saving record"},
    {Fault::word_moderate, "word-moderate", Stage::answer, "accepted; then code 500: moderate load"},
    {Fault::word_violation, "word-violation", Stage::answer, "accepted; then code 500: Segmentation violation"},
    {Fault::word_usage, "word-usage", Stage::answer, "accepted; then code 500: memory usage exceeded on a worker's account"},
    {Fault::sentence_within, "sentence-within", Stage::answer, "accepted; then code 500: a known sentence within a longer one"},
    {Fault::empty_404_after, "empty-404-after", Stage::answer, "accepted; then HTTP 404 without a body"},
    {Fault::empty_429_after, "empty-429-after", Stage::answer, "accepted; then HTTP 429 without a body"},
    {Fault::page_502_as_404, "page-502-as-404", Stage::answer, "accepted; then HTTP 404 with a page that says 502 Bad Gateway"},
    {Fault::code_402_with_task, "code-402-with-task", Stage::answer, "accepted; then code 402, the task's id at data.record.task_id"},
    {Fault::code_429_with_task, "code-429-with-task", Stage::answer, "accepted; then code 429, the task's id within the text"},
    {Fault::page_403_with_task, "page-403-with-task", Stage::answer, "accepted; then HTTP 403 with a page that names the task"},
    {Fault::redirect_to_task, "redirect-to-task", Stage::answer, "accepted; then HTTP 302 to the task's record"},
    {Fault::garbage_json, "garbage-json", Stage::answer, "accepted; then HTTP 200 with a body that is no JSON"},
    {Fault::truncated_json, "truncated-json", Stage::answer, "accepted; then HTTP 200 with half of the answer"},
    {Fault::empty_taskid, "empty-taskid", Stage::answer, "accepted; then code 200 with an empty taskId"},
    {Fault::no_data, "no-data", Stage::answer, "accepted; then code 200 with data null"},
    {Fault::slow_answer, "slow-answer", Stage::answer, "accepted; the answer comes late (--slow-answer)"},
    {Fault::held_answer, "held-answer", Stage::answer, "accepted; the answer comes when POST /sim/release says so"},
    {Fault::hang, "hang", Stage::answer, "accepted; the answer comes after ten minutes"},
    {Fault::fail_moderation, "fail-moderation", Stage::task, "the task fails: content policy"},
    {Fault::fail_no_upper_body, "fail-no-upper-body", Stage::task, "the task fails: no complete upper body detected"},
    {Fault::fail_no_character, "fail-no-character", Stage::task, "the task fails: no valid characters detected in the video"},
    {Fault::fail_recognition, "fail-recognition", Stage::task, "the task fails: image recognition failed"},
    {Fault::fail_first_frame, "fail-first-frame", Stage::task, "the task fails: the character or the first frame is invalid"},
    {Fault::fail_image_fetch, "fail-image-fetch", Stage::task, "the task fails: image fetch failed"},
    {Fault::fail_flagged, "fail-flagged", Stage::task, "the task fails: flagged"},
    {Fault::fail_safety, "fail-safety", Stage::task, "the task fails: safety system"},
    {Fault::fail_rejected, "fail-rejected", Stage::task, "the task fails: the input was rejected, try again with a different input"},
    {Fault::fail_copyright, "fail-copyright", Stage::task, "the task fails: copyright"},
    {Fault::fail_range, "fail-range", Stage::task, "the task fails: must be between"},
    {Fault::fail_internal, "fail-internal", Stage::task, "the task fails: internal error, try again later"},
    {Fault::fail_busy, "fail-busy", Stage::task, "the task fails: the server is busy"},
    {Fault::fail_system_busy, "fail-system-busy", Stage::task, "the task fails: system busy"},
    {Fault::fail_unknown, "fail-unknown", Stage::task, "the task fails in words nobody knows"},
    {Fault::fail_timeout, "fail-timeout", Stage::task, "the task fails with 408"},
    {Fault::fail_charged, "fail-charged", Stage::task, "the task fails with an internal error and costs its price all the same"},
    {Fault::stuck, "stuck", Stage::task, "the task stays waiting for ever"},
    {Fault::held, "held", Stage::task, "the task is generating until POST /sim/release ends it, however long that takes"},
    {Fault::slow_task, "slow-task", Stage::task, "the task takes ten times as long"},
    {Fault::odd_state, "odd-state", Stage::task, "the task shows a state nobody knows instead of generating"},
    {Fault::overcharge, "overcharge", Stage::task, "the task costs half as much again"},
    {Fault::empty_result, "empty-result", Stage::task, "success without a URL"},
    {Fault::null_result, "null-result", Stage::task, "success with resultJson null"},
    {Fault::absent_result, "absent-result", Stage::task, "success without resultJson"},
    {Fault::foreign_result, "foreign-result", Stage::task, "the result's URL is http://169.254.169.254/"},
    {Fault::expired_link, "expired-link", Stage::task, "the result's URL has expired; download-url gives a good one"},
    {Fault::always_cut_download, "always-cut-download", Stage::task, "every download of the result is cut, at half of what it would send"},
    {Fault::corrupt_download, "corrupt-download", Stage::task, "the result has its length, but its first 64 bytes are overwritten"},
    {Fault::create_422_not_found, "create-422-not-found", Stage::task, "recordInfo is null at the first two polls"},
    {Fault::poll_500, "poll-500", Stage::poll, "recordInfo: HTTP 500 with HTML"},
    {Fault::poll_garbage, "poll-garbage", Stage::poll, "recordInfo: HTTP 200 with a body that is no JSON"},
    {Fault::poll_truncated, "poll-truncated", Stage::poll, "recordInfo: half of the answer"},
    {Fault::poll_drop, "poll-drop", Stage::poll, "recordInfo: the connection is reset without an answer"},
    {Fault::poll_429, "poll-429", Stage::poll, "recordInfo: code 429"},
    {Fault::poll_rate_limit, "poll-rate-limit", Stage::poll, "recordInfo: code 500, rate limit exceeded"},
    {Fault::poll_404, "poll-404", Stage::poll, "recordInfo: HTTP 404"},
    {Fault::upload_cut, "upload-cut", Stage::upload_head, "the connection is reset while the upload is sent"},
    {Fault::upload_drop, "upload-drop", Stage::upload, "the connection is reset after the whole upload, without an answer"},
    {Fault::upload_500, "upload-500", Stage::upload, "HTTP 500 with HTML"},
    {Fault::upload_code_500, "upload-code-500", Stage::upload, "HTTP 200 with success false and code 500"},
    {Fault::upload_garbage, "upload-garbage", Stage::upload, "kept; then HTTP 200 with a body that is no JSON"},
    {Fault::cut_download, "cut-download", Stage::download, "the body is cut half-way; the next request of that task is served"},
    {Fault::short_download, "short-download", Stage::download, "the right Content-Length, but the last byte never comes"},
    {Fault::html_download, "html-download", Stage::download, "HTTP 200 with an HTML page"},
    {Fault::empty_download, "empty-download", Stage::download, "HTTP 200 with no byte"},
    {Fault::download_500, "download-500", Stage::download, "HTTP 500 with HTML"},
    {Fault::ignore_range, "ignore-range", Stage::download, "Range is ignored: the whole result with 200"},
    {Fault::redirect_download, "redirect-download", Stage::download, "302 to another path on this host"},
    {Fault::redirect_foreign, "redirect-foreign", Stage::download, "302 to http://169.254.169.254/"},
    {Fault::redirect_loop, "redirect-loop", Stage::download, "302 to itself"},
    {Fault::early_callback, "early-callback", Stage::callback, "the task ends at once, its callback comes before createTask's answer"},
    {Fault::duplicate_callback, "duplicate-callback", Stage::callback, "the callback comes three times"},
    {Fault::lost_callback, "lost-callback", Stage::callback, "the callback never comes"},
    {Fault::forged_callback, "forged-callback", Stage::callback, "the callback's signature is wrong"},
    {Fault::odd_callback, "odd-callback", Stage::callback, "the task's id stands at data.task_id instead of data.taskId"},
    {Fault::credit_500, "credit-500", Stage::credit, "chat/credit: HTTP 500 with HTML"},
    {Fault::credit_garbage, "credit-garbage", Stage::credit, "chat/credit: HTTP 200 with a body that is no JSON"},
};
// clang-format on
static_assert(std::size(table) == fault_count);
constexpr bool in_order() {
    for (std::size_t i = 0; i < fault_count; ++i) {
        if (static_cast<std::size_t>(table[i].fault) != i) return false;
    }
    return true;
}
static_assert(in_order(), "row_of() counts on it");

}  // namespace

std::span<const FaultRow> fault_table() { return table; }
const FaultRow& row_of(Fault fault) { return table[static_cast<std::size_t>(fault)]; }

std::optional<Fault> fault_named(std::string_view name) {
    for (const auto& row : table) {
        if (row.name == name) return row.fault;
    }
    return std::nullopt;
}

std::string_view to_string(Stage stage) {
    switch (stage) {
        case Stage::refusal: return "createTask, refused";
        case Stage::answer: return "createTask, accepted";
        case Stage::task: return "task";
        case Stage::poll: return "recordInfo";
        case Stage::upload_head: return "upload";
        case Stage::upload: return "upload";
        case Stage::download: return "download";
        case Stage::callback: return "callback";
        case Stage::credit: return "chat/credit";
    }
    return "";
}

}  // namespace motionspool::simulator
