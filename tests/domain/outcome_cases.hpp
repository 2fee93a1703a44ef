#pragma once
#include <string>
#include "domain/outcome.hpp"

// Answers as they come, in a few words, for the tables of the outcome tests.
namespace motionspool::domain::cases {

/// A whole answer with a JSON body.
inline Envelope body(int http, std::optional<int> code, std::string message = {}, std::string task = {}) {
    return {.http_status = http, .complete = true, .json = true, .code = code, .message = std::move(message), .task = std::move(task), .bytes_written = 700};
}
/// A whole answer whose body is no JSON object: HTML, nothing, half an object.
inline Envelope no_json(int http, std::string page = {}) { return {.http_status = http, .complete = true, .page = std::move(page), .bytes_written = 700}; }
/// What nginx, Cloudflare or a load balancer write for a status: "404 Not Found".
inline std::string page_of(const std::string& title) {
    return "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
           "</h1></center>\r\n<hr><center>nginx</center>\r\n</body></html>\r\n";
}
/// A status line, and then the connection broke.
inline Envelope cut(int http) { return {.http_status = http, .bytes_written = 700, .trouble = "api.kie.ai: reset before the answer was complete"}; }
/// No status line at all.
inline Envelope silence(std::uint64_t written, std::string why) { return {.bytes_written = written, .trouble = std::move(why)}; }

inline std::string word(Refusal why) {
    switch (why) {
        case Refusal::bad_parameter: return "refused: parameter";
        case Refusal::field_required: return "refused: field required";
        case Refusal::no_upper_body: return "refused: upper body";
        case Refusal::no_character: return "refused: character";
        case Refusal::image_fetch: return "refused: image fetch";
        case Refusal::credits: return "refused: credits";
        case Refusal::key_limit: return "refused: key limit";
        case Refusal::key: return "refused: key";
        case Refusal::forbidden: return "refused: forbidden";
        case Refusal::maintenance: return "refused: maintenance";
        case Refusal::disabled: return "refused: disabled";
        case Refusal::edge: return "refused: edge";
    }
    return {};
}

struct Words {
    std::string operator()(const Accepted& a) const { return "accepted: " + a.task; }
    std::string operator()(const Refused& r) const { return word(r.why); }
    std::string operator()(const SlowDown&) const { return "slow down"; }
    std::string operator()(const NotSent&) const { return "not sent"; }
    std::string operator()(const Uncertain&) const { return "uncertain"; }
    std::string operator()(const StillRunning& s) const { return "still running: " + s.state; }
    std::string operator()(const Succeeded& s) const { return "succeeded: " + s.url; }
    std::string operator()(const TaskFailed& f) const { return "failed: " + to_string(f.cause); }
    std::string operator()(const UnknownTask&) const { return "unknown task"; }
    std::string operator()(const PollTooFast&) const { return "too fast"; }
    std::string operator()(const KeyRefused&) const { return "key refused"; }
    std::string operator()(const NoNews&) const { return "no news"; }
};
inline std::string words(const Submission& s) { return std::visit(Words{}, s); }
inline std::string words(const TaskNews& n) { return std::visit(Words{}, n); }

}  // namespace motionspool::domain::cases
